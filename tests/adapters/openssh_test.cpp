// The user's own ssh against a real sshd: what becomes of its exit code 255 and its words, what is
// ended on the client, and what only it can do.
#include "adapters/openssh/openssh.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fstream>

#include "adapters/descendants.h"
#include "adapters/openssh/command.h"
#include "tests/adapters/ssh_world.h"

namespace sitewide::test {
namespace {

using namespace std::chrono_literals;
using Kind = RunResult::Kind;
using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

class Openssh : public SshTest {
 protected:
  std::shared_ptr<ClientTransport> make_transport() override {
    return std::make_shared<OpensshTransport>(operation_.transport, loop_.get_executor(), pool_);
  }
  static void SetUpTestSuite() { prepare_for_children(); }
  void SetUp() override {
    SshTest::SetUp();
    operation_.transport.ssh.connect_within = 3s;
  }
  Error files_fail() {
    const auto state = with_files([](Files& files) { return files.state("Sms.ini"); });
    EXPECT_FALSE(state);
    return state ? Error{} : state.error();
  }
  void append_to_config(const std::string& lines) const {
    std::ofstream(server_->config(), std::ios::app) << lines;
  }
  void share_connections() {
    control_ = (folder_.path() / "control").string();
    append_to_config("  ControlMaster auto\n  ControlPath " + control_ +
                     "\n  ControlPersist 20s\n");
  }
  /// What ssh says to its master; its words are in the file "control.log" then.
  int ask_master(const std::string& what) const {
    const std::string ssh = "ssh -F " + server_->config().string() + " -O " + what + " ";
    const std::string log = (folder_.path() / "control.log").string();
    return std::system((ssh + client_.address + " >" + log + " 2>&1").c_str());
  }
  /// The process that holds the connection which others share; 0 when there is none.
  pid_t master_of_connections() const {
    if (ask_master("check") != 0) return 0;
    std::ifstream log(folder_.path() / "control.log");
    std::string text;
    std::getline(log, text);
    const std::size_t at = text.find("pid=");
    return at == std::string::npos ? 0 : std::stoi(text.substr(at + 4));
  }
  void TearDown() override {
    if (!control_.empty()) ask_master("exit");
    SshTest::TearDown();
  }

  std::string control_;
};

TEST_F(Openssh, ProgramThatEndsWith255_IsNotTakenForALostConnection) {
  const RunResult result = run({"sh", "-c", "echo words; exit 255"});
  EXPECT_EQ(result.kind, Kind::exited) << result.reason;
  EXPECT_EQ(result.exit_code, 255);
  EXPECT_EQ(result.output.head, "words\n");
}

TEST_F(Openssh, WordsOfAProgramThatLookLikeSshs_AreOutput) {
  const RunResult result = run({"sh", "-c", "echo 'Permission denied (publickey).' >&2; exit 255"});
  EXPECT_EQ(result.kind, Kind::exited) << result.reason;
  EXPECT_EQ(result.output.head, "Permission denied (publickey).\n");
}

TEST_F(Openssh, NameThatIsNotFound) {
  operation_.values["client.address"] = "no-such-host.invalid";
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::unreachable);
  EXPECT_EQ(result.reason, "no-such-host.invalid: its name is not found");
  const Error error = files_fail();
  EXPECT_EQ(error.kind, ErrorKind::unreachable);
  EXPECT_EQ(error.message, "no-such-host.invalid: its name is not found");
}

TEST_F(Openssh, PortThatNobodyListensOn) {
  operation_.transport.ssh.port = 1;
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::unreachable);
  EXPECT_EQ(result.reason, client_.address + ": no connection: Connection refused");
}

TEST_F(Openssh, ServerThatSaysNothing_TimesOut) {
  ::kill(server_->pid(), SIGSTOP);
  operation_.transport.ssh.connect_within = 1s;
  const RunResult result = run({"true"});
  ::kill(server_->pid(), SIGCONT);
  EXPECT_EQ(result.kind, Kind::unreachable);
  EXPECT_EQ(result.reason, client_.address + ": it takes connections and says nothing");
}

TEST_F(Openssh, HostKeyThatChanged_IsDenied_AndSaysWhatToDo) {
  server_->change_known_key("pc1");
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::denied);
  EXPECT_THAT(result.reason,
              AllOf(StartsWith(client_.address + ": it has another host key than the one that is "
                                                 "known: SHA256:"),
                    HasSubstr("`ssh-keygen -f "), HasSubstr("-R ")));
  EXPECT_EQ(files_fail().kind, ErrorKind::denied);
}

TEST_F(Openssh, HostKeyThatIsNotKnown_IsDenied_UnlessNewOnesAreAccepted) {
  operation_.transport.ssh.known_hosts = (folder_.path() / "new known hosts").string();
  const RunResult strict = run({"true"});
  EXPECT_EQ(strict.kind, Kind::denied);
  EXPECT_THAT(strict.reason,
              AllOf(HasSubstr("its host key is not known"), HasSubstr("`host_keys: accept_new`")));
  operation_.transport.ssh.accept_new = true;
  EXPECT_EQ(run({"true"}).kind, Kind::exited);
  operation_.transport.ssh.accept_new = false;
  EXPECT_EQ(run({"true"}).kind, Kind::exited) << "it was not written down";
}

TEST_F(Openssh, LoginThatIsRefused_IsDenied) {
  server_->take_keys(false);
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::denied);
  EXPECT_THAT(result.reason, HasSubstr("the login is refused: Permission denied (publickey"));
  EXPECT_EQ(files_fail().kind, ErrorKind::denied);
}

TEST_F(Openssh, OtherKey_ByThePlan_IsTheOnlyOneTried) {
  operation_.transport.ssh.identity = server_->stranger().string();
  // ssh tries those of ssh_config as well; what the plan says must still come through whole.
  const auto settings = [this] {
    ssh::Settings named;
    named.host = client_.address;
    named.identity = "/keys/100% of us/id";
    return named;
  }();
  const auto argv = openssh::ssh_argv(settings, openssh::Use::command);
  ASSERT_TRUE(argv);
  EXPECT_THAT(*argv, Contains("-oIdentityFile=\"/keys/100%% of us/id\""));
}

TEST_F(Openssh, ConfigurationThatIsWrong_IsDenied) {
  append_to_config("NoSuchWord yes\n");
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::denied);
  EXPECT_THAT(result.reason, HasSubstr("Bad configuration option: nosuchword"));
}

TEST_F(Openssh, ConnectionThatIsCutBeforeAWord_IsLost_NotFailed) {
  server_->set("pc1", SshServer::Fault::drop);
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::lost);
  // It may be cut while ssh is saying something, or while it waits.
  EXPECT_THAT(result.reason,
              AnyOf(HasSubstr("it closed the connection"), HasSubstr("the connection was lost")));
}

TEST_F(Openssh, ServerThatDiesInTheMiddle_IsLost) {
  const std::string begun = (client_.drive / "begun").string();
  std::thread killer([this, begun] {
    comes_to([&] { return std::filesystem::exists(begun); });
    server_->stop();
  });
  const RunResult result = run({"sh", "-c", "touch begun; sleep 63"});
  killer.join();
  EXPECT_EQ(result.kind, Kind::lost);
}

TEST_F(Openssh, SharedConnectionThatDies_IsLost_ThoughItsClientSaysNothing) {
  share_connections();
  EXPECT_EQ(run({"true"}).kind, Kind::exited);
  const pid_t master = master_of_connections();
  ASSERT_GT(master, 0);
  const std::string begun = (client_.drive / "begun").string();
  std::thread killer([master, begun] {
    comes_to([&] { return std::filesystem::exists(begun); });
    ::kill(master, SIGKILL);
  });
  const RunResult result = run({"sh", "-c", "touch begun; sleep 62"});
  killer.join();
  EXPECT_EQ(result.kind, Kind::lost) << "exit " << result.exit_code;
  EXPECT_THAT(result.reason, HasSubstr("the connection was lost"));
}

TEST_F(Openssh, ProgramThatEndsWith255OverASharedConnection_IsNotTakenForALostOne) {
  share_connections();
  EXPECT_EQ(run({"true"}).kind, Kind::exited);
  ASSERT_GT(master_of_connections(), 0);
  const RunResult result = run({"sh", "-c", "exit 255"});
  EXPECT_EQ(result.kind, Kind::exited) << result.reason;
  EXPECT_EQ(result.exit_code, 255);
  EXPECT_EQ(result.output.total_bytes, 0U) << result.output.head;
}

TEST_F(Openssh, ProgramThatASignalEnds_IsNotTakenForALostConnection) {
  const RunResult result = run({"sh", "-c", "kill -KILL $$"});
  EXPECT_EQ(result.kind, Kind::exited) << result.reason;
  EXPECT_EQ(result.exit_code, 128 + SIGKILL);
}

TEST_F(Openssh, NameOfAShellsOwnCommand_IsAProgramsName) {
  EXPECT_EQ(run({"exit", "0"}).exit_code, 127);
}

TEST_F(Openssh, ServerThatStopsAnswering_IsLostByKeepalive) {
  operation_.transport.ssh.keepalive = 1s;
  const std::string begun = (client_.drive / "begun").string();
  std::thread stopper([this, begun] {
    comes_to([&] { return std::filesystem::exists(begun); });
    for (const pid_t pid : server_->sessions()) ::kill(pid, SIGSTOP);
  });
  const RunResult result = run({"sh", "-c", "touch begun; sleep 64"});
  stopper.join();
  EXPECT_EQ(result.kind, Kind::lost);
  EXPECT_THAT(result.reason, HasSubstr("it no longer answers"));
}

TEST_F(Openssh, Timeout_EndsWhatRunsOnTheClient) {
  const RunResult result = run({"sh", "-c", "sleep 65 & sleep 66"}, 2s);
  EXPECT_EQ(result.kind, Kind::timed_out);
  EXPECT_THAT(result.reason, AllOf(HasSubstr("no end within 2s"),
                                   HasSubstr("what was found of it on the client was ended")));
  EXPECT_TRUE(comes_to([this] { return server_->sessions().empty(); }));
}

TEST_F(Openssh, RunThatIsStopped_EndsWhatRunsOnTheClient) {
  RunRequest request{.argv = {"sh", "-c", "touch begun; sleep 67"}, .timeout = 60s};
  boost::asio::cancellation_signal stop;
  std::exception_ptr thrown;
  bool over = false;
  auto task = transport().run(operation_, std::move(request));
  auto done = [&](const std::exception_ptr& error, const RunResult&) {
    thrown = error;
    over = true;
  };
  auto handler = boost::asio::bind_cancellation_slot(stop.slot(), done);
  boost::asio::co_spawn(loop_, std::move(task), handler);
  const auto run_until = [this](const std::function<bool()>& seen) {
    for (int i = 0; i < 1000 && !seen(); ++i) {
      loop_.restart();
      loop_.run_for(20ms);
    }
    return seen();
  };
  ASSERT_TRUE(run_until([this] { return std::filesystem::exists(client_.drive / "begun"); }));
  stop.emit(boost::asio::cancellation_type::terminal);
  ASSERT_TRUE(run_until([&over] { return over; }));
  EXPECT_TRUE(thrown);
  EXPECT_TRUE(comes_to([this] { return server_->sessions().empty(); }));
}

TEST_F(Openssh, ControlMaster_OfTheUsersConfiguration_IsUsed) {
  share_connections();
  EXPECT_EQ(run({"true"}).kind, Kind::exited);
  EXPECT_TRUE(std::filesystem::exists(control_)) << "no connection was kept";
  server_->take_keys(false);  // who is let in now came over the connection that is kept
  EXPECT_EQ(run({"true"}).kind, Kind::exited);
  std::ofstream(client_.drive / "Sms.ini") << "[SMS]\n";
  const auto there = with_files([](Files& files) { return files.exists("sms.INI"); });
  EXPECT_TRUE(there && *there);
  EXPECT_TRUE(std::filesystem::exists(control_)) << "files ended the connection of others";
}

TEST_F(Openssh, FilesOfOneObject_ShareOneConnection) {
  std::ofstream(client_.drive / "Sms.ini") << "[SMS]\n";
  const auto connections = [this] {
    std::ifstream log(server_->log());
    std::size_t count = 0;
    for (std::string line; std::getline(log, line);)
      count += line.find("Accepted publickey") != std::string::npos ? 1U : 0U;
    return count;
  };
  const bool all = with_files([](Files& files) {
    return files.exists("Sms.ini") && files.state("Sms.ini") && files.list("") &&
           files.read("Sms.ini", 100);
  });
  EXPECT_TRUE(all);
  EXPECT_EQ(connections(), 1U);
}

TEST_F(Openssh, ConnectionThatWentMeanwhile_IsMadeAnew) {
  std::ofstream(client_.drive / "Sms.ini") << "[SMS]\n";
  const auto again = with_files([this](Files& files) {
    EXPECT_TRUE(files.exists("Sms.ini"));
    for (const pid_t pid : server_->sessions()) ::kill(pid, SIGKILL);
    std::this_thread::sleep_for(100ms);
    return files.exists("Sms.ini");
  });
  EXPECT_TRUE(again && *again) << (again ? "" : again.error().message);
}

TEST_F(Openssh, ConnectionThatWentSilentMeanwhile_IsMadeAnew) {
  const auto again = with_files([this](Files& files) {
    EXPECT_TRUE(files.list(""));
    for (const pid_t pid : server_->sessions()) ::kill(pid, SIGSTOP);
    return files.list("");
  });
  EXPECT_TRUE(again) << again.error().message;
}

TEST_F(Openssh, MissingRoot_IsToldOverTheSameConnection) {
  operation_.client.root = (folder_.path() / "none").string();
  const auto again = with_files([this](Files& files) {
    EXPECT_EQ(files.list("").error().kind, ErrorKind::unreachable);
    server_->take_keys(false);
    return files.list("");
  });
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message, HasSubstr("is not there"));
}

TEST(OpensshCommand, HostThatIsNoName_IsRefused) {
  for (const char* host : {"-oProxyCommand=x", "a b", "$(id)", "a;b", "", "host'"}) {
    ssh::Settings settings;
    settings.host = host;
    const auto argv = openssh::ssh_argv(settings, openssh::Use::command);
    ASSERT_FALSE(argv) << host;
    EXPECT_EQ(argv.error().kind, ErrorKind::refused);
  }
}

TEST(OpensshCommand, PathThatCannotBeAnOption_IsRefused) {
  ssh::Settings settings;
  settings.host = "pc1";
  settings.known_hosts = "/tmp/${HOME}";
  EXPECT_FALSE(openssh::ssh_argv(settings, openssh::Use::command));
}

TEST(OpensshCommand, NeverAsks_NorForwards) {
  ssh::Settings settings;
  settings.host = "fe80::1%eth0";
  const auto argv = openssh::ssh_argv(settings, openssh::Use::files);
  ASSERT_TRUE(argv);
  EXPECT_THAT(*argv, AllOf(Contains("-oBatchMode=yes"), Contains("-oForwardAgent=no"),
                           Contains("-oStrictHostKeyChecking=yes"), Contains("-s")));
  EXPECT_EQ(argv->back(), "sftp");
}

}  // namespace
}  // namespace sitewide::test
