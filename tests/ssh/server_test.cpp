// What the tests rely on: the server that plays clients, asked by ssh and sftp themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "tests/support/lab.h"
#include "tests/support/program.h"
#include "tests/support/ssh_server.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using Shell = SshServer::Shell;

class SshServerTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!SshServer::is_there()) GTEST_SKIP() << "sshd is not installed";
    std::string pattern = (std::filesystem::temp_directory_path() / "sitewide-ssh.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    server_ = std::make_unique<SshServer>(folder_ / "server");
  }
  void TearDown() override {
    server_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  SshServer& server() { return *server_; }
  Finished ssh(const std::string& name, const std::string& command) {
    return Program({"ssh", "-F", server().config().string(), "-o", "BatchMode=yes",
                    server().client(name).address, command})
        .finish();
  }
  Finished sftp(const std::string& name, const std::string& orders) {
    write_file(folder_ / "orders", orders);
    return Program({"sftp", "-F", server().config().string(), "-b", (folder_ / "orders").string(),
                    server().client(name).address})
        .finish();
  }
  std::filesystem::path folder_;

 private:
  std::unique_ptr<SshServer> server_;
};

TEST_F(SshServerTest, PosixClients_EachHasAFolderOfItsOwn) {
  server().add("a");
  write_file(server().add("b").drive / "word", "of b");
  server().start();
  const Finished a = ssh("a", "pwd; exit 3");
  EXPECT_EQ(a.exit_code, 3) << a.err;
  EXPECT_THAT(a.out, HasSubstr("127.1.0.1"));
  EXPECT_EQ(ssh("b", "cat word").out, "of b");
  EXPECT_EQ(sftp("b", "rename word other").exit_code, 0);
  EXPECT_EQ(ssh("b", "cat other").out, "of b");
}

TEST_F(SshServerTest, WindowsClient_CmdTakesTheStringAndSftpShowsTheDrive) {
  if (!SshServer::can_play_windows()) GTEST_SKIP() << "no Wine, no mingw, or not root";
  const auto& client = server().add("w", Shell::cmd);
  write_file(client.drive / "Sms.ini", "[Local]\r\n");
  std::filesystem::create_directory(folder_ / "share");
  write_file(folder_ / "share" / "Upgrade.bat",
             "@echo off\r\necho %CD% %~dp0\r\ncopy C:\\Sms.ini C:\\Copy.ini\r\nexit /b 5\r\n");
  server().share("S768AA0", "SMS_SHR", folder_ / "share");
  server().start();
  EXPECT_EQ(ssh("w", "echo \"a b\" %NONE% & cd").out, "\"a b\" %NONE% \r\nC:\\\r\n");
  const Finished batch = ssh("w", "pushd \\\\s768aa0\\SMS_SHR && Upgrade.bat");
  EXPECT_EQ(batch.exit_code, 5) << batch.out << batch.err;
  EXPECT_EQ(read_file(client.drive / "Copy.ini"), "[Local]\r\n");
  const Finished listed = sftp("w", "ls -1 /\nls -1 /C:\nrename /C:/Copy.ini /C:/Third.ini\n");
  EXPECT_THAT(listed.out, HasSubstr("/C:/Sms.ini")) << listed.err;
  EXPECT_TRUE(std::filesystem::exists(client.drive / "Third.ini"));
  EXPECT_NE(ssh("w", "pushd \\\\S1\\NONE && Upgrade.bat").exit_code, 0);
}

TEST_F(SshServerTest, Faults_AreSeenByTheClientTheyAreOf) {
  for (const char* name : {"good", "hangs", "drops", "other-key"}) server().add(name);
  server().set("hangs", SshServer::Fault::hang);
  server().set("drops", SshServer::Fault::drop);
  server().change_known_key("other-key");
  server().start();
  EXPECT_EQ(ssh("drops", "true").exit_code, 255);
  EXPECT_THAT(ssh("other-key", "true").err, HasSubstr("IDENTIFICATION HAS CHANGED"));
  EXPECT_EQ(ssh("good", "true").exit_code, 0);
  server().take_keys(false);
  EXPECT_THAT(ssh("good", "true").err, HasSubstr("Permission denied"));
  server().take_keys(true);
  server().change_host_key();
  EXPECT_THAT(ssh("good", "true").err, HasSubstr("IDENTIFICATION HAS CHANGED"));
  Program hanging({"ssh", "-F", server().config().string(), "-o", "StrictHostKeyChecking=no",
                   server().client("hangs").address, "echo"});
  while (server().sessions().size() < 2) usleep(20000);
  EXPECT_EQ(waitpid(hanging.pid(), nullptr, WNOHANG), 0) << "it hangs";
}

TEST_F(SshServerTest, Stopped_ConnectionsAreRefusedAndNothingIsLeft) {
  server().add("a");
  server().start();
  const int port = server().port();
  Program session({"ssh", "-F", server().config().string(), server().client("a").address,
                   "echo there; sleep 600"});
  ASSERT_TRUE(session.wait_for("there"));
  EXPECT_GE(server().sessions().size(), 2U);
  server().stop();
  EXPECT_EQ(session.finish().exit_code, 255);
  EXPECT_THAT(server().processes(), IsEmpty());
  EXPECT_THAT(ssh("a", "true").err, HasSubstr("Connection refused"));
  server().start();
  EXPECT_EQ(server().port(), port);
  EXPECT_EQ(ssh("a", "true").exit_code, 0);
}

}  // namespace
}  // namespace sitewide::test
