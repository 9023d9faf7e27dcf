// Clients whose server's shell is cmd: Wine's, behind a real sshd.
#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/adapters/ssh_world.h"

namespace sitewide::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Kind = RunResult::Kind;

class SshCmdTest : public SshTest {
 protected:
  void SetUp() override {
    if (!SshServer::can_play_windows())
      GTEST_SKIP() << "Windows-like clients need wine, gcc-mingw-w64-x86-64-win32, and root";
    server_ = std::make_unique<SshServer>(folder_.path() / "sshd");
    client_ = server_->add("pc1", SshServer::Shell::cmd);
    server_->share("S768AA0", "SMS_SHR", folder_.path() / "share");
    server_->start();
    operation_ = ssh_operation(*server_, client_, "/C:", "cmd");
  }
};

TEST_F(SshCmdTest, Program_RunsOnTheDriveAndGivesItsExitCode) {
  const RunResult result = run({"cmd", "/c", "cd & exit 7"}, 60s);
  EXPECT_EQ(result.kind, Kind::exited);
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_THAT(result.output.head, HasSubstr("C:\\"));
}

// A program of Windows' own kind prints its arguments, each as the C library took it.
TEST_F(SshCmdTest, Arguments_ArriveVerbatim) {
  folder_.put("args.c",
              "#include <stdio.h>\nint main(int n, char** a) { for (int i = 1; i < n; ++i) "
              "printf(\"%s|\", a[i]); return 0; }\n");
  const std::string program = (client_.drive / "my args.exe").string();
  const std::string compile =
      "x86_64-w64-mingw32-gcc -o '" + program + "' '" + (folder_.path() / "args.c").string() + "'";
  ASSERT_EQ(std::system(compile.c_str()), 0);
  const RunResult result = run({"C:\\my args.exe", "a b", "%PATH%", "x&y|z", "\"q\"", "^", "<>",
                                "C:\\dir\\", "a b\\", "", "(1)", "50%", "!x!"},
                               60s);
  EXPECT_EQ(result.output.head, "a b|%PATH%|x&y|z|\"q\"|^|<>|C:\\dir\\|a b\\||(1)|50%|!x!|");
}

TEST_F(SshCmdTest, BatchFile_RunsFromTheLogonServersShare) {
  folder_.put("share/Upgrade.bat", "@echo off\r\necho in %CD%\r\ntype beside.txt\r\nexit /b 3\r\n");
  folder_.put("share/beside.txt", "beside it\r\n");
  RunRequest request;
  request.argv = {"Upgrade.bat"};
  request.logon_server = "S768AA0";
  request.timeout = 60s;
  const RunResult result = run(std::move(request));
  EXPECT_EQ(result.kind, Kind::exited);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.output.head, HasSubstr("beside it"));
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
