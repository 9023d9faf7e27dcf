#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>

#include "adapters/descendants.h"
#include "adapters/sms/steps.h"
#include "tests/adapters/sms_world.h"

namespace sitewide::sms {
namespace {

using Kind = Answer::Kind;

/// A transport whose programs are played by a function.
class PlayedTransport : public ClientTransport {
 public:
  boost::asio::awaitable<RunResult> run(const Operation&, RunRequest request) override {
    requests.push_back(request);
    co_return play(request);
  }
  std::shared_ptr<Files> files(const Operation& operation) override {
    return reaches_files ? std::make_shared<FolderFiles>(operation.client.root) : nullptr;
  }
  bool keeps_records() const override { return false; }

  std::function<RunResult(const RunRequest&)> play = [](const RunRequest&) { return RunResult(); };
  std::vector<RunRequest> requests;
  bool reaches_files = true;
};

class SmsRun : public SmsWorld {
 protected:
  Operation trigger_operation(Purpose purpose = Purpose::execute) const {
    Operation result = operation(Step::trigger, purpose);
    result.transport.batch = {"batch-runner", "{client.root}", "{logon_server.share}", "{batch}"};
    return result;
  }

  Answer perform(Operation operation) {
    boost::asio::io_context loop;
    Pool pool(loop.get_executor(), PoolLimits{2, 4, std::chrono::seconds(30)});
    StepContext context{loop.get_executor(), &pool, transport, &originals, {}, {}, {}, {}};
    context.payload = [this](const Digest&) -> Result<std::string> { return hotfix; };
    context.folder = [](const std::string& folder) {
      return std::make_shared<FolderFiles>(folder);
    };
    context.now = [this] { return now; };
    std::optional<Answer> result;
    auto finished = [&result](std::exception_ptr error, Answer answer) {
      if (!error) result = std::move(answer);
    };
    auto step = run_sms_step(context, std::move(operation));
    boost::asio::co_spawn(loop, std::move(step), std::move(finished));
    loop.run();
    return result.value();
  }

  /// Upgrade.bat as it should be: it writes SetupPhase and says something.
  void play_upgrade(int exit_code = 0) {
    transport->play = [this, exit_code](const RunRequest&) {
      write_ini("UPGRADE");
      RunResult run;
      run.exit_code = exit_code;
      run.output.head = "Running cli_nt /u\r\n";
      return run;
    };
  }

  std::filesystem::path file() const { return client_root / "MS/SMS/BIN/pcmwin32.exe"; }
  std::shared_ptr<PlayedTransport> transport = std::make_shared<PlayedTransport>();
};

TEST_F(SmsRun, Trigger_RunsUpgradeBatInTheShareOfTheClientsLogonServer) {
  play_upgrade();
  const Answer answer = perform(trigger_operation());
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_EQ(answer.outcome.facts.at("setup_phase"), "UPGRADE");
  EXPECT_EQ(answer.outcome.facts.at("logon_server"), "S768AA1");
  EXPECT_EQ(answer.output.head, "Running cli_nt /u\r\n");
  ASSERT_EQ(transport->requests.size(), 1u);
  const std::string share = (root / "s768aa1").string();
  EXPECT_EQ(transport->requests[0].folder, share);
  EXPECT_EQ(transport->requests[0].argv,
            (Argv{"batch-runner", client_root.string(), share, "UPGRADE.BAT"}));
  EXPECT_EQ(transport->requests[0].timeout, std::chrono::minutes(10));
}

TEST_F(SmsRun, TriggerThatEndsWithAnError_IsStillJudgedBySmsIni) {
  play_upgrade(3);
  const Answer answer = perform(trigger_operation());
  ASSERT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_EQ(answer.outcome.exit_code, 3);
}

TEST_F(SmsRun, TriggerThatEndsWellWithoutAnEffect_HasFailed) {
  transport->play = [](const RunRequest&) {
    RunResult run;
    run.exit_code = 0;
    run.output.head = "first\r\nPhase 1 complete \x1b[31m\r\n\r\n";
    return run;
  };
  const Answer answer = perform(trigger_operation());
  ASSERT_TRUE(is_done(answer, OutcomeKind::failed));
  EXPECT_TRUE(says(
      answer,
      "SetupPhase is INSTALLED after Upgrade.bat, not UPGRADE (exit code 0, last line: Phase 1"));
  EXPECT_EQ(answer.outcome.reason.find('\x1b'), std::string::npos);
}

TEST_F(SmsRun, TriggerThatPrintsAKnownFailure_TellsNumberAndCure) {
  const std::pair<const char*, const char*> known[] = {
      {"A different OS was detected than that under which\r\nSMS was set up", "(F17, Q171329)"},
      {"SMSRUN16 cannot find the file smsrun16.exe or", "(F18, Q174952)"},
      {"Problem opening or creating SMS.INI", "(F20, Q161216)"},
      {"ERROR: 529\r\nVeuillez attendre", "(F25, Q158020)"}};
  for (const auto& [printed, words] : known) {
    transport->play = [printed = printed](const RunRequest&) {
      RunResult run;
      run.output.head = printed;
      return run;
    };
    const Answer answer = perform(trigger_operation());
    ASSERT_TRUE(is_done(answer, OutcomeKind::failed));
    EXPECT_TRUE(says(answer, words));
  }
}

TEST_F(SmsRun, TriggerWithoutAnEffect_TellsWhatClientAndLogonServerShow) {
  write(root / "s768aa1" / "Smsid" / "HQ000041.UID", "");
  write(root / "s768aa1" / "Smsid" / "HQ000050.UID", "");
  const Answer answer = perform(trigger_operation());
  ASSERT_TRUE(is_done(answer, OutcomeKind::failed));
  EXPECT_TRUE(says(answer, "Smsid on S768AA1 holds 2 UID files (F25, Q269774)"));
}

TEST_F(SmsRun, TriggerThatWorked_IsOkWhateverItPrinted) {
  transport->play = [this](const RunRequest&) {
    write_ini("UPGRADE");
    RunResult run;
    run.output.head = "A different OS was detected";
    return run;
  };
  EXPECT_TRUE(is_done(perform(trigger_operation()), OutcomeKind::ok));
}

TEST_F(SmsRun, TriggerThatDidEverythingAtOnce_IsOk) {
  transport->play = [this](const RunRequest&) {
    write(file(), hotfix);
    return RunResult();
  };
  EXPECT_TRUE(is_done(perform(trigger_operation()), OutcomeKind::ok));
}

TEST_F(SmsRun, TriggerThatTimedOut_IsInDoubt) {
  transport->play = [](const RunRequest&) {
    RunResult run;
    run.kind = RunResult::Kind::timed_out;
    return run;
  };
  const Answer answer = perform(trigger_operation());
  ASSERT_TRUE(is(answer, Kind::in_doubt));
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::timed_out);
}

// What was ended is the carrier on this machine; Upgrade.bat may run on over there.
TEST_F(SmsRun, TriggerWhoseCarrierWasKilled_IsInDoubt) {
  transport->play = [](const RunRequest&) {
    RunResult run;
    run.kind = RunResult::Kind::signalled;
    run.signal = SIGKILL;
    return run;
  };
  Operation elsewhere = trigger_operation();
  elsewhere.transport.type = "exec";
  EXPECT_EQ(perform(elsewhere).kind, Kind::in_doubt);
  Operation here = trigger_operation();
  here.transport.type = "local";
  const Answer answer = perform(here);
  EXPECT_EQ(answer.kind, Kind::done);
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::failed);
}

TEST_F(SmsRun, TriggerThatBricksTheClient_IsInDoubt) {
  transport->play = [this](const RunRequest&) {
    std::filesystem::remove_all(client_root);
    return RunResult();
  };
  const Answer answer = perform(trigger_operation());
  ASSERT_TRUE(is(answer, Kind::in_doubt));
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::unreachable);
}

TEST_F(SmsRun, TriggerOfAClientThatIsOff_StartsNothing) {
  std::filesystem::remove_all(client_root);
  EXPECT_TRUE(is_done(perform(trigger_operation()), OutcomeKind::unreachable));
  EXPECT_TRUE(transport->requests.empty());
}

TEST_F(SmsRun, TriggerThatWasCertainlyNotStarted_IsUnreachable) {
  transport->play = [](const RunRequest&) {
    RunResult run;
    run.kind = RunResult::Kind::unreachable;
    run.reason = "no such program";
    return run;
  };
  const Answer answer = perform(trigger_operation());
  ASSERT_TRUE(is_done(answer, OutcomeKind::unreachable));
  EXPECT_TRUE(says(answer, "no such program"));
}

TEST_F(SmsRun, TriggerWithItsLogonServerAway_UsesAnother) {
  std::filesystem::remove_all(root / "s768aa1");
  play_upgrade();
  EXPECT_EQ(perform(trigger_operation()).outcome.facts.at("logon_server"), "S768AA0");
  std::filesystem::remove_all(root / "s768aa0");
  write_ini("INSTALLED");
  EXPECT_TRUE(is_done(perform(trigger_operation()), OutcomeKind::unreachable));
}

TEST_F(SmsRun, TriggerWithoutUpgradeBat_Fails) {
  for (const char* server : {"s768aa0", "s768aa1"})
    std::filesystem::remove(root / server / "UPGRADE.BAT");
  const Answer answer = perform(trigger_operation());
  ASSERT_TRUE(is_done(answer, OutcomeKind::failed));
  EXPECT_TRUE(says(answer, "Upgrade.bat is not in SMS_SHR of S768AA1"));
}

TEST_F(SmsRun, TriggerWithAHostileFolderInSmsIni_StartsNothing) {
  std::string text = ini_text("INSTALLED");
  text.replace(text.find("SMSBinPath=C:"), 13, "SMSBinPath=C:\x1b");
  write(client_root / "Sms.ini", text);
  Operation hostile = trigger_operation();
  hostile.transport.batch.push_back("{sms_bin}");
  EXPECT_TRUE(is_done(perform(hostile), OutcomeKind::refused));
  EXPECT_TRUE(transport->requests.empty());
}

TEST_F(SmsRun, TriggerWithAnUnknownPlaceholder_IsRefused) {
  Operation wrong = trigger_operation();
  wrong.transport.batch.push_back("{nobody.knows}");
  EXPECT_TRUE(is_done(perform(wrong), OutcomeKind::refused));
}

TEST_F(SmsRun, TriggerOverATransportWithoutFiles_IsRefused) {
  transport->reaches_files = false;
  EXPECT_TRUE(is_done(perform(trigger_operation()), OutcomeKind::refused));
}

TEST_F(SmsRun, TriggerInDoubt_IsReadFromSmsIniAndTheFiles) {
  EXPECT_TRUE(is(perform(trigger_operation(Purpose::recover)), Kind::no_effect));
  for (const char* phase : {"UPGRADE", "verify_files"}) {
    write_ini(phase);
    EXPECT_TRUE(perform(trigger_operation(Purpose::recover)).outcome.recovered) << phase;
  }
  write_ini("INSTALLED");
  write(file(), hotfix);
  EXPECT_TRUE(perform(trigger_operation(Purpose::abandon)).outcome.recovered);
  std::filesystem::remove_all(client_root);
  EXPECT_TRUE(is(perform(trigger_operation(Purpose::recover)), Kind::in_doubt));
  EXPECT_TRUE(transport->requests.empty());
}

// Left behind by an earlier controller: a second Upgrade.bat beside it would help nobody.
TEST_F(SmsRun, TriggerInDoubtWhoseProgramStillRuns_IsWaitedFor) {
  Operation operation = trigger_operation(Purpose::recover);
  // Programs are looked for on the whole machine, where other tests may run at the same time.
  operation.key += "~" + std::to_string(::getpid());
  const std::string variable = std::string(kAttemptVariable) + "=" + operation.key;
  char program[] = "sleep", seconds[] = "60";
  char* const argv[] = {program, seconds, nullptr};
  char* const environment[] = {const_cast<char*>(variable.c_str()), nullptr};
  pid_t pid = -1;
  ASSERT_EQ(::posix_spawnp(&pid, program, nullptr, nullptr, argv, environment), 0);
  EXPECT_TRUE(is(perform(operation), Kind::pending));
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  EXPECT_TRUE(is(perform(operation), Kind::no_effect));
}

TEST_F(SmsRun, RestartByTheUser_IsNothingToDo) {
  EXPECT_TRUE(is_done(perform(operation(Step::restart, Purpose::execute)), OutcomeKind::ok));
  EXPECT_TRUE(transport->requests.empty());
}

TEST_F(SmsRun, Restart_RunsItsArgv) {
  Operation restart = operation(Step::restart, Purpose::execute);
  restart.argv = {"shutdown", "/r", "{client.name}", "{logon_server.name}", "{sms_bin}"};
  EXPECT_TRUE(is_done(perform(restart), OutcomeKind::failed));  // played with exit code -1
  transport->play = [](const RunRequest&) {
    RunResult run;
    run.exit_code = 0;
    return run;
  };
  ASSERT_TRUE(is_done(perform(restart), OutcomeKind::ok));
  EXPECT_EQ(transport->requests.back().argv,
            (Argv{"shutdown", "/r", "pc001", "S768AA1", "C:\\MS\\SMS\\BIN"}));
}

TEST_F(SmsRun, RestartInDoubt_IsReadFromSetupPhase) {
  Operation restart = operation(Step::restart, Purpose::recover);
  restart.argv = {"shutdown", "/r"};
  EXPECT_TRUE(perform(restart).outcome.recovered);
  write_ini("UPGRADE");
  EXPECT_TRUE(is(perform(restart), Kind::no_effect));
}

TEST_F(SmsRun, PollOfAClientThatIsOff_SaysOff) {
  std::filesystem::remove_all(client_root);
  const Answer answer = perform(operation(Step::converge, Purpose::poll));
  ASSERT_TRUE(is(answer, Kind::in_doubt));
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::unreachable);
  EXPECT_EQ(answer.outcome.reason, "off");
}

TEST_F(SmsRun, StepOfAnotherMethod_IsRefused) {
  EXPECT_TRUE(is_done(perform(operation(Step::upgrade, Purpose::execute)), OutcomeKind::refused));
  EXPECT_TRUE(is_done(perform(operation(Step::verify, Purpose::execute)), OutcomeKind::refused));
  EXPECT_TRUE(is_done(perform(operation(Step::health, Purpose::poll)), OutcomeKind::refused));
}

TEST_F(SmsRun, WholeUpgradeAndUndoOfASiteAndAClient_EndsWithTheBytesBefore) {
  const std::string ini_before = read(client_root / "Sms.ini");
  for (const Step step : {Step::stage, Step::inspect, Step::back_up}) {
    ASSERT_TRUE(is_done(perform(operation(step, Purpose::execute)), OutcomeKind::ok))
        << name_of(step);
  }
  for (const char* server : {"s768aa0", "s768aa1"})
    write(root / server / "x86.bin" / "PCMWIN32.EXE", hotfix);
  ASSERT_TRUE(is_done(perform(operation(Step::replicate, Purpose::poll)), OutcomeKind::ok));
  play_upgrade();
  ASSERT_TRUE(is_done(perform(trigger_operation()), OutcomeKind::ok));
  EXPECT_TRUE(says(perform(operation(Step::converge, Purpose::poll)), "waits for log-on"));
  write(file(), hotfix);
  write_ini("INSTALLED");
  ASSERT_TRUE(is_done(perform(operation(Step::converge, Purpose::poll)), OutcomeKind::ok));
  ASSERT_TRUE(is_done(perform(operation(Step::restore, Purpose::execute)), OutcomeKind::ok));
  ASSERT_TRUE(is_done(perform(operation(Step::unstage, Purpose::execute)), OutcomeKind::ok));
  EXPECT_EQ(read(file()), old);
  EXPECT_EQ(read(client_root / "Sms.ini"), ini_before);
  EXPECT_EQ(read(site_root / kOnSite), old);
}

}  // namespace
}  // namespace sitewide::sms
