// Clients whose server's shell is cmd: Wine's, behind a real sshd.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <utility>

#include "tests/adapters/ssh_world.h"

namespace sitewide::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Kind = RunResult::Kind;

// One server and one client for all, for it takes Wine a while to make a client's drive.
class SshCmdTest : public SshTest {
 protected:
  struct World {
    TemporaryFolder folder;
    SshServer server{folder.path() / "sshd"};
    SshServer::Client client;
  };
  static void SetUpTestSuite() {
    if (!SshServer::can_play_windows()) return;
    world_ = new World;
    world_->client = world_->server.add("pc1", SshServer::Shell::cmd);
    world_->server.share("S768AA0", "SMS_SHR", world_->folder.path() / "share");
    world_->server.start();
  }
  static void TearDownTestSuite() { delete std::exchange(world_, nullptr); }
  void SetUp() override {
    if (world_ == nullptr)
      GTEST_SKIP() << "Windows-like clients need wine, gcc-mingw-w64-x86-64-win32, and root";
    client_ = world_->client;
    operation_ = ssh_operation(world_->server, client_, "/C:", "cmd");
  }
  static void put(const std::string& name, std::string_view bytes) {
    world_->folder.put(name, bytes);
  }

  static inline World* world_ = nullptr;
};

TEST_F(SshCmdTest, Program_RunsOnTheDriveAndGivesItsExitCode) {
  const RunResult result = run({"cmd", "/c", "cd & exit 7"}, 60s);
  EXPECT_EQ(result.kind, Kind::exited);
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_THAT(result.output.head, HasSubstr("C:\\"));
}

// A program of Windows' own kind prints its arguments, each as the C library took it. A `%NAME%` is
// left out: Wine's cmd puts the variable in a second time, after its `^` are gone, as no other
// does.
TEST_F(SshCmdTest, Arguments_ArriveVerbatim) {
  put("args.c",
      "#include <stdio.h>\nint main(int n, char** a) { for (int i = 1; i < n; ++i) "
      "printf(\"%s|\", a[i]); return 0; }\n");
  const std::string program = (client_.drive / "my args.exe").string();
  const std::string compile = "x86_64-w64-mingw32-gcc -o '" + program + "' '" +
                              (world_->folder.path() / "args.c").string() + "'";
  ASSERT_EQ(std::system(compile.c_str()), 0);
  const RunResult result = run({"C:\\my args.exe", "a b", "x&y|z", "\"q\"", "^", "<>", "C:\\dir\\",
                                "a b\\", "", "(1)", "50%", "!x!"},
                               60s);
  EXPECT_EQ(result.output.head, "a b|x&y|z|\"q\"|^|<>|C:\\dir\\|a b\\||(1)|50%|!x!|");
}

TEST_F(SshCmdTest, BatchFile_RunsFromTheLogonServersShare) {
  put("share/Upgrade.bat", "@echo off\r\necho in %CD%\r\ntype beside.txt\r\nexit /b 3\r\n");
  put("share/beside.txt", "beside it\r\n");
  RunRequest request;
  request.argv = {"Upgrade.bat"};
  request.logon_server = "S768AA0";
  request.timeout = 60s;
  const RunResult result = run(std::move(request));
  EXPECT_EQ(result.kind, Kind::exited);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.output.head, HasSubstr("beside it"));
}

TEST_F(SshCmdTest, ValueThatABatchFileWouldRun_IsRefused_AndAHarmlessOneArrives) {
  std::ofstream(client_.drive / "deploy.cmd") << "@echo off\r\necho got %1\r\n";
  const RunResult hostile = run({"deploy.cmd", "x\" & echo ran >ran & rem \""}, 60s);
  EXPECT_EQ(hostile.kind, Kind::denied);
  EXPECT_THAT(hostile.reason, HasSubstr("cannot be given to deploy.cmd"));
  EXPECT_FALSE(std::filesystem::exists(client_.drive / "ran"));
  EXPECT_THAT(run({"deploy.cmd", "HQ east"}, 60s).output.head, HasSubstr("got \"HQ east\""));
}

TEST_F(SshCmdTest, ShareThatIsMissing_RunsNothing) {
  RunRequest request;
  request.argv = {"Upgrade.bat"};
  request.logon_server = "S768AA9";
  request.timeout = 60s;
  const RunResult result = run(std::move(request));
  EXPECT_EQ(result.kind, Kind::exited);
  EXPECT_NE(result.exit_code, 0);
}

TEST_F(SshCmdTest, Files_LieOnTheDrive) {
  const auto written = with_files(
      [](Files& files) { return files.write("C:\\MS\\SMS\\a.txt", {}, "text\r\n", {}); });
  ASSERT_TRUE(written) << written.error().message;
  const RunResult result = run({"cmd", "/c", "type", "MS\\SMS\\a.txt"}, 60s);
  EXPECT_THAT(result.output.head, HasSubstr("text"));
}

TEST_F(SshCmdTest, Timeout_ClosesTheConnectionAndSaysWhatIsNotKnown) {
  const RunResult result = run({"ping", "-n", "60", "127.0.0.1"}, 1500ms);
  EXPECT_EQ(result.kind, Kind::timed_out);
  EXPECT_THAT(result.reason, HasSubstr("no end within"));
}

}  // namespace
}  // namespace sitewide::test
