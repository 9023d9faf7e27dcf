// The ssh transport against a real sshd.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdlib>

#include "adapters/attempt_record.h"
#include "adapters/descendants.h"
#include "tests/adapters/ssh_world.h"

namespace sitewide::test {
namespace {

using namespace std::chrono_literals;
using Kind = RunResult::Kind;
using testing::HasSubstr;
using testing::Not;

TEST_F(SshTest, PortWithoutServer_IsUnreachableAndRefusesConnections) {
  operation_.transport.ssh.port = 1;
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::unreachable);
  EXPECT_EQ(result.reason, client_.address + " refuses connections at port 1");
}

TEST_F(SshTest, NameThatIsNotKnown_IsUnreachableAndSaysSo) {
  operation_.transport.ssh.host = "no-such-host.invalid";
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::unreachable);
  EXPECT_THAT(result.reason, HasSubstr("no such host no-such-host.invalid: "));
}

TEST_F(SshTest, ServerThatAcceptsAndSaysNothing_TimesOut) {
  ::kill(server_->pid(), SIGSTOP);
  operation_.transport.ssh.connect_within = 300ms;
  const RunResult result = run({"true"});
  ::kill(server_->pid(), SIGCONT);
  EXPECT_EQ(result.kind, Kind::unreachable);
  EXPECT_THAT(result.reason, HasSubstr("within 300ms"));
}

TEST_F(SshTest, HostThatIsNoName_IsDenied) {
  for (const char* host : {"-oProxyCommand=id", "a@b", "a b", ""}) {
    operation_.transport.ssh.host = host;
    EXPECT_EQ(run({"true"}).kind, Kind::denied) << host;
  }
}

TEST_F(SshTest, UnknownHostKey_IsDeniedWithTheWayToAcceptIt) {
  folder_.put("none", "");
  operation_.transport.ssh.known_hosts = (folder_.path() / "none").string();
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::denied);
  EXPECT_THAT(result.reason, HasSubstr("ssh-ed25519 SHA256:"));
  EXPECT_THAT(result.reason, HasSubstr("`ssh-keyscan -p " + std::to_string(server_->port()) +
                                       " -t ed25519 " + client_.address + " >> "));
  EXPECT_EQ(folder_.get("none"), "");
}

TEST_F(SshTest, AcceptNew_WritesTheKeyAndHoldsTheServerToIt) {
  operation_.transport.ssh.known_hosts = (folder_.path() / "known").string();
  operation_.transport.ssh.accept_new = true;
  EXPECT_EQ(run({"true"}).kind, Kind::exited);
  EXPECT_THAT(folder_.get("known"), HasSubstr("ssh-ed25519 "));
  server_->change_host_key();
  forget();
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::denied);
  EXPECT_THAT(result.reason, HasSubstr("another host key than the one known"));
}

TEST_F(SshTest, ChangedHostKey_IsDeniedWithTheWayToReplaceIt) {
  server_->change_known_key("pc1");
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::denied);
  EXPECT_THAT(result.reason, HasSubstr("another host key than the one known: ssh-ed25519 SHA256:"));
  EXPECT_THAT(result.reason, HasSubstr("`ssh-keygen -R '[" + client_.address + "]:"));
}

TEST_F(SshTest, KeyThatIsNotLetIn_IsDeniedWithWhatTheServerTakes) {
  operation_.transport.ssh.identity = server_->stranger().string();
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::denied);
  EXPECT_THAT(result.reason, HasSubstr("authentication failed: "));
  EXPECT_THAT(result.reason, HasSubstr(" takes publickey"));
  EXPECT_THAT(result.reason, HasSubstr("; tried the key "));
}

TEST_F(SshTest, KeyFileThatIsMissing_IsDenied) {
  operation_.transport.ssh.identity = "/no/such/key";
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::denied);
  EXPECT_THAT(result.reason, HasSubstr("the key /no/such/key cannot be read: No such file"));
}

TEST_F(SshTest, FilesOfAClientThatDoesNotLetUsIn_AreDenied) {
  server_->take_keys(false);
  const auto state = with_files([](Files& files) { return files.state("x"); });
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().kind, ErrorKind::denied);
}

TEST_F(SshTest, IdentityOfThePlan_LogsIn) {
  operation_.transport.ssh.identity = server_->identity().string();
  EXPECT_EQ(run({"true"}).exit_code, 0);
}

// An account of the test's own, made once: sshd asks the system for passwords.
TEST_F(SshTest, PasswordOfAFile_LogsInAndAWrongOneIsDenied) {
  const char* make =
      "id sitewide-ssh-test >/dev/null 2>&1 || useradd -M -s /bin/sh sitewide-ssh-test && "
      "echo 'sitewide-ssh-test:right one' | chpasswd";
  if (::geteuid() != 0 || std::system(make) != 0)
    GTEST_SKIP() << "an account for passwords can only be made by root";
  server_->stop();
  std::string config = folder_.get("sshd/sshd_config");
  const std::string no = "PasswordAuthentication no";
  config.replace(config.find(no), no.size(), "PasswordAuthentication yes");
  folder_.put("sshd/sshd_config", config);
  server_->start();
  folder_.put("secret", "right one\n");
  folder_.put("wrong", "wrong one\n");
  for (const char* file : {"secret", "wrong"}) ::chmod((folder_.path() / file).c_str(), 0600);
  SshAccess& access = operation_.transport.ssh;
  access.user = "sitewide-ssh-test";
  access.password.file = (folder_.path() / "secret").string();
  EXPECT_NE(run({"true"}).kind, Kind::denied);  // what it may run there is another matter
  access.password.file = (folder_.path() / "wrong").string();
  forget();
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::denied);
  EXPECT_THAT(result.reason, HasSubstr("; tried the password"));
  EXPECT_THAT(result.reason, Not(HasSubstr("wrong one")));
  const auto tries = [this] {
    const std::string log = folder_.get("sshd/log");
    std::size_t count = 0;
    for (std::size_t at = 0; (at = log.find("Failed password", at)) != log.npos; ++at) ++count;
    return count;
  };
  EXPECT_TRUE(comes_to([&] { return tries() == 1; }));
  for (int i = 0; i < 3; ++i) {
    const RunResult again = run({"true"});
    EXPECT_EQ(again.kind, Kind::denied);
    EXPECT_THAT(again.reason, HasSubstr("it refused this password before"));
  }
  EXPECT_EQ(tries(), 1U);
  access.password.file = (folder_.path() / "none").string();
  EXPECT_THAT(run({"true"}).reason, HasSubstr("the secret in file "));
}

TEST_F(SshTest, ProxyJumpOfTheConfig_IsDeniedAndNamesTheOtherWay) {
  folder_.put("config", "Host *\n  ProxyJump gate\n");
  operation_.transport.ssh.config = (folder_.path() / "config").string();
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::denied);
  EXPECT_THAT(result.reason, HasSubstr("via: openssh"));
}

TEST_F(SshTest, MatchExecOfTheConfig_IsDeniedAndRunsNothing) {
  const std::string ran = (folder_.path() / "ran").string();
  folder_.put("config", "Include " + server_->config().string() + "\nMatch host * exec \"touch " +
                            ran + "\"\n  User sms\n");
  operation_.transport.ssh.config = (folder_.path() / "config").string();
  const RunResult result = run({"true"});
  EXPECT_EQ(result.kind, Kind::denied);
  EXPECT_THAT(result.reason, HasSubstr("/config line 2"));
  EXPECT_THAT(result.reason, HasSubstr("say `via: openssh`"));
  EXPECT_FALSE(std::filesystem::exists(ran));
}

TEST_F(SshTest, HostOfTheConfig_IsFollowed) {
  folder_.put("config", "Host shop\n  HostName " + client_.address + "\nInclude " +
                            server_->config().string() + "\n");
  operation_.transport.ssh.config = (folder_.path() / "config").string();
  operation_.transport.ssh.host = "shop";
  EXPECT_EQ(run({"true"}).exit_code, 0);
}

TEST_F(SshTest, ConnectionLostInTheMiddle_IsLost) {
  const RunResult result = run({"/bin/sh", "-c", "kill -9 $(ps -o ppid= -p $PPID) $PPID; sleep 5"});
  EXPECT_EQ(result.kind, Kind::lost);
  EXPECT_THAT(result.reason, HasSubstr(client_.address));
}

TEST_F(SshTest, Signal_IsToldByItsNumber) {
  const RunResult result = run({"/bin/sh", "-c", "kill -TERM $$"});
  EXPECT_EQ(result.kind, Kind::signalled);
  EXPECT_EQ(result.signal, SIGTERM);
}

TEST_F(SshTest, StepsOfAClient_ShareAConnection) {
  run({"true"});
  const std::string first = run({"/bin/sh", "-c", "echo $SSH_CONNECTION"}).output.head;
  EXPECT_TRUE(with_files([](Files& files) { return files.list(""); }));
  EXPECT_EQ(run({"/bin/sh", "-c", "echo $SSH_CONNECTION"}).output.head, first);
}

TEST_F(SshTest, ConnectionThatWasClosedMeanwhile_IsReplaced) {
  run({"true"});
  server_->stop();
  server_->start();
  EXPECT_EQ(run({"true"}).exit_code, 0);
  server_->stop();
  server_->start();
  const auto names = with_files([](Files& files) { return files.list(""); });
  EXPECT_TRUE(names) << names.error().message;
}

// As behind a firewall that forgot it: nothing is refused, nothing comes back.
TEST_F(SshTest, ConnectionThatWentSilentMeanwhile_IsReplaced) {
  operation_.transport.ssh.connect_within = 8s;  // less than is waited for the silent one
  EXPECT_TRUE(with_files([](Files& files) { return files.list(""); }));
  for (const pid_t pid : server_->sessions()) ::kill(pid, SIGSTOP);
  const auto names = with_files([](Files& files) { return files.list(""); });
  EXPECT_TRUE(names) << names.error().message;
  for (const pid_t pid : server_->sessions()) ::kill(pid, SIGSTOP);
  EXPECT_EQ(run({"true"}).exit_code, 0);
}

TEST_F(SshTest, Timeout_EndsWhatRunsOnTheClient) {
  const RunResult result =
      run({"/bin/sh", "-c", "setsid sleep 61 & nohup sleep 62 >/dev/null 2>&1 & wait"}, 4s);
  EXPECT_EQ(result.kind, Kind::timed_out);
  EXPECT_EQ(result.reason, "no end within 4s; it was ended on the client");
  EXPECT_TRUE(comes_to([&] { return server_->sessions().empty(); }));
}

class SshStopTest : public SshTest,
                    public testing::WithParamInterface<std::chrono::milliseconds> {};

// As `sudo` does: it takes what it was started with out of the environment, or out of our sight.
TEST_F(SshTest, ProgramThatIsNotFound_IsNotSaidToHaveEnded) {
  const char* hidden = "echo $$ >pid.new; mv pid.new pid; exec /bin/sleep 68";
  const RunResult result = run({"env", "-i", "/bin/sh", "-c", hidden}, 2s);
  EXPECT_EQ(result.kind, Kind::timed_out);
  EXPECT_THAT(result.reason, HasSubstr("; it was told to end, and may run on"));
  const pid_t pid = std::stoi(folder_.get("drive/pid"));
  EXPECT_EQ(::kill(pid, SIGKILL), 0) << "it had ended";
}

TEST_P(SshStopTest, Stop_EndsTheWaitingAndTheProgram) {
  boost::asio::cancellation_signal stop;
  std::exception_ptr thrown;
  RunRequest request{.argv = {"sleep", "60"}, .timeout = 60s};
  auto done = [&](std::exception_ptr error, const RunResult&) { thrown = std::move(error); };
  auto handler = boost::asio::bind_cancellation_slot(stop.slot(), std::move(done));
  auto task = transport().run(operation_, std::move(request));
  boost::asio::co_spawn(loop_, std::move(task), std::move(handler));
  boost::asio::steady_timer timer(loop_, GetParam());
  timer.async_wait([&](auto) { stop.emit(boost::asio::cancellation_type::terminal); });
  const auto began = std::chrono::steady_clock::now();
  loop_.run();
  EXPECT_LT(std::chrono::steady_clock::now() - began, GetParam() + 6s);
  EXPECT_TRUE(thrown);
  EXPECT_TRUE(comes_to([&] { return server_->sessions().empty(); }));
}

// While it connects, while a thread waits for the program, and while the loop does.
INSTANTIATE_TEST_SUITE_P(Ssh, SshStopTest, testing::Values(5ms, 700ms, 2500ms));

TEST_F(SshTest, ProgramThatRunsForLong_HoldsNoThread) {
  RunRequest request{.argv = {"/bin/sh", "-c", "sleep 3; echo done"}, .timeout = 60s};
  std::string printed;
  auto done = [&](const std::exception_ptr&, const RunResult& result) {
    printed = result.output.head;
  };
  auto task = transport().run(operation_, std::move(request));
  boost::asio::co_spawn(loop_, std::move(task), done);
  loop_.restart();
  loop_.run_for(2500ms);
  EXPECT_EQ(pool_.load().running, 0U);
  loop_.run();
  EXPECT_EQ(printed, "done\n");
}

TEST_F(SshTest, LargeInput_ArrivesWhole) {
  RunRequest request{.argv = {"sha256sum"}, .input = std::string(5'000'000, 'x'), .timeout = 20s};
  const RunResult result = run(std::move(request));
  EXPECT_THAT(result.output.head, HasSubstr(sha256(std::string(5'000'000, 'x')).hex()));
}

TEST_F(SshTest, Descriptors_AreAllClosed) {
  run({"true"});
  forget();
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 5; ++i) {
    run({"true"});
    EXPECT_TRUE(with_files([](Files& files) { return files.list(""); }));
    run({"sleep", "30"}, 100ms);
    forget();
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(SshTest, TransportThatGoes_LeavesNoSession) {
  run({"true"});
  EXPECT_FALSE(server_->sessions().empty());
  forget();
  EXPECT_TRUE(comes_to([&] { return server_->sessions().empty(); }));
}

TEST_F(SshTest, AttemptRecord_IsKeptOnTheClient) {
  operation_.transport.records = (folder_.path() / "records").string();
  operation_.key = "q-1.upgrade.1";
  const auto launch = [&](const char* code) {
    return run(recorded(operation_.transport.records, operation_.key, {"/bin/sh", "-c", code}));
  };
  EXPECT_EQ(launch("echo ran; exit 3").exit_code, 3);
  EXPECT_EQ(launch("echo twice").exit_code, kNotStarted);
  const AttemptRecord record = run_on(loop_, read_or_bury(transport(), operation_, 20s));
  EXPECT_EQ(record.kind, AttemptRecord::Kind::finished);
  EXPECT_EQ(record.exit_code, 3);
}

TEST_F(SshTest, RecordedProgramThatTimedOut_IsEndedAndItsRecordSaysSo) {
  operation_.transport.records = (folder_.path() / "records").string();
  operation_.key = "q-1.upgrade.1";
  const RunResult result =
      run(recorded(operation_.transport.records, operation_.key, {"sleep", "61"}), 1s);
  EXPECT_EQ(result.kind, Kind::timed_out);
  const AttemptRecord record = run_on(loop_, read_or_bury(transport(), operation_, 20s));
  EXPECT_EQ(record.kind, AttemptRecord::Kind::interrupted);
}

}  // namespace
}  // namespace sitewide::test
