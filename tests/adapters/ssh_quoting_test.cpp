#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/ssh/host_key_words.h"
#include "adapters/ssh/quoting.h"
#include "adapters/ssh/remote_command.h"

namespace sitewide::ssh {
namespace {

using testing::HasSubstr;

TEST(PosixWord, PlainWord_StaysAsItIs) { EXPECT_EQ(posix_word("/usr/bin/id"), "/usr/bin/id"); }

TEST(PosixWord, EverythingElse_IsQuoted) {
  EXPECT_EQ(posix_word(""), "''");
  EXPECT_EQ(posix_word("a b"), "'a b'");
  EXPECT_EQ(posix_word("$(id)`id`;&|~*"), "'$(id)`id`;&|~*'");
  EXPECT_EQ(posix_word("it's"), "'it'\\''s'");
  EXPECT_EQ(posix_word("a\nb"), "'a\nb'");
}

TEST(PosixLine, Nul_IsRefused) {
  EXPECT_EQ(posix_line({std::string("a\0b", 3)}).error().kind, ErrorKind::refused);
}

TEST(CmdArgument, PlainArgument_StaysAsItIs) {
  EXPECT_EQ(cmd_argument("C:\\a\\b.txt").value(), "C:\\a\\b.txt");
}

TEST(CmdArgument, WhatCmdActsOn_IsEscapedOutsideOfQuotations) {
  EXPECT_EQ(cmd_argument("a b").value(), "^\"a b^\"");
  EXPECT_EQ(cmd_argument("%PATH%&del|x").value(), "^\"^%PATH^%^&del^|x^\"");
  EXPECT_EQ(cmd_argument("").value(), "^\"^\"");
}

TEST(CmdArgument, BackslashesBeforeQuotes_AreDoubled) {
  EXPECT_EQ(cmd_argument("a \"b\"").value(), "^\"a \\^\"b\\^\"^\"");
  EXPECT_EQ(cmd_argument("C:\\a b\\").value(), "^\"C:\\a b\\\\^\"");
}

TEST(CmdArgument, LineEnds_AreRefused) {
  EXPECT_FALSE(cmd_argument("a\r\nb"));
  EXPECT_FALSE(cmd_argument(std::string_view("a\0", 2)));
}

TEST(CmdLine, ProgramWithBlanks_IsQuotedForCmd) {
  EXPECT_EQ(cmd_line({"C:\\Program Files\\x.exe", "a&b"}).value(),
            "\"C:\\Program Files\\x.exe\" ^\"a^&b^\"");
}

TEST(CmdLine, ProgramThatCannotBeNamed_IsRefused) {
  EXPECT_FALSE(cmd_line({"a%b%"}));
  EXPECT_FALSE(cmd_line({"\"x\""}));
  EXPECT_FALSE(cmd_line({}));
}

// A batch file takes its command line apart by cmd's rules, which know no `\"`: after it a
// quotation is over, and what follows is a command.
TEST(CmdLine, BatchFile_TakesOnlyWhatCannotEndAQuotation) {
  const std::string hostile = R"(x" & net user sitewide pw /add & rem ")";
  for (const char* program : {"deploy.cmd", "C:\\a b\\Deploy.BAT", "deploy", "deploy.cmd.",
                              "a.b/deploy", "deploy.exe ", "deploy.1", "deploy.exe\\deploy"}) {
    EXPECT_FALSE(cmd_line({program, hostile})) << program;
    for (const char* letter : {"\"", "%", "!", "^", "&", "|", "<", ">", "(", ")"})
      EXPECT_FALSE(cmd_line({program, std::string("a ") + letter})) << program << letter;
    EXPECT_TRUE(cmd_line({program, "a b", "C:\\a,b;c=d\\", ""})) << program;
  }
  EXPECT_THAT(cmd_line({"deploy", "(1)"}).error().message, HasSubstr(".exe or .com"));
  EXPECT_TRUE(cmd_line({"setup.exe", hostile}));
  EXPECT_TRUE(cmd_line({"C:\\a b\\More.Com", hostile}));
}

// What is said after it is cmd's own language, as with `sh -c`; what follows that are arguments.
TEST(CmdLine, Cmd_TakesACommandOfThePlans_AndOnlySafeArgumentsOfIt) {
  const std::string hostile = R"(x" & net user sitewide pw /add & rem ")";
  EXPECT_TRUE(cmd_line({"cmd", "/d", "/c", "cd & exit 7"}));
  EXPECT_TRUE(cmd_line({"C:\\Windows\\System32\\CMD.exe", "/c", "copy a b && exit 3"}));
  EXPECT_FALSE(cmd_line({"cmd", "/c", "deploy.cmd", hostile}));
  EXPECT_FALSE(cmd_line({"cmd.exe", "/s", "/c", "deploy.cmd", "x", hostile}));
}

TEST(WindowsFolder, SftpNamesOfDrives_AreUnderstood) {
  EXPECT_EQ(windows_folder("/C:"), "C:\\");
  EXPECT_EQ(windows_folder("/d:/a/b c"), "d:\\a\\b c");
  EXPECT_EQ(windows_folder("/home/x"), std::nullopt);
  EXPECT_EQ(windows_folder("/C:x"), std::nullopt);
}

RunRequest request_of(Argv argv) {
  RunRequest request;
  request.argv = std::move(argv);
  return request;
}

TEST(RemoteCommand, Posix_IsInTheRootWithItsVariables) {
  RunRequest request = request_of({"printf", "a b"});
  request.environment["X"] = "1 2";
  EXPECT_EQ(remote_command(Shell::posix, request, "/srv/c one").value(),
            "cd -- '/srv/c one' && exec env 'X=1 2' printf 'a b'");
  EXPECT_EQ(remote_command(Shell::posix, request_of({"id"}), "/").value(), "exec id");
}

TEST(RemoteCommand, PosixProgramThatEnvWouldMisread_IsRefused) {
  EXPECT_FALSE(remote_command(Shell::posix, request_of({"A=b"}), "/"));
  EXPECT_FALSE(remote_command(Shell::posix, request_of({"-i"}), "/"));
}

TEST(RemoteCommand, Cmd_IsOnTheDriveWithItsVariables) {
  RunRequest request = request_of({"setup.exe", "/q"});
  request.environment["KEY"] = "q-1";
  EXPECT_EQ(remote_command(Shell::cmd, request, "/C:").value(),
            "set \"KEY=q-1\"&& cd /d \"C:\\\"&& setup.exe /q");
}

TEST(RemoteCommand, CmdVariableThatCannotBeQuoted_IsRefused) {
  RunRequest request = request_of({"x"});
  request.environment["KEY"] = "%PATH%";
  EXPECT_FALSE(remote_command(Shell::cmd, request, "/C:"));
}

TEST(RemoteCommand, LongCmdLine_IsRefused) {
  const auto line = remote_command(Shell::cmd, request_of({"x", std::string(9000, 'a')}), "/C:");
  EXPECT_THAT(line.error().message, HasSubstr("8,191"));
}

TEST(RemoteCommand, Batch_HasTheShareAsDriveAndNothingElseOnItsLine) {
  RunRequest request = request_of({"Upgrade.bat"});
  request.logon_server = "S768AA0";
  EXPECT_EQ(remote_command(Shell::cmd, request, "/C:").value(),
            "cd /d \"C:\\\"&& pushd \\\\S768AA0\\SMS_SHR && Upgrade.bat");
  EXPECT_FALSE(remote_command(Shell::posix, request, "/"));
}

TEST(RemoteCommand, NamesThatAreNoNames_AreRefusedOnABatchLine) {
  for (const char* server : {"a b", "a&del", "a\\b", "%x%", "-a", "..", "a\"b", "é"}) {
    RunRequest request = request_of({"Upgrade.bat"});
    request.logon_server = server;
    EXPECT_FALSE(remote_command(Shell::cmd, request, "/C:")) << server;
  }
  RunRequest request = request_of({"Upgrade.bat&x"});
  request.logon_server = "S1";
  EXPECT_FALSE(remote_command(Shell::cmd, request, "/C:"));
  request.argv = {"Upgrade.bat", "x"};
  EXPECT_FALSE(remote_command(Shell::cmd, request, "/C:"));
}

TEST(HostKeyWords, UnknownKey_TellsHowToAcceptIt) {
  const HostKey key{"pc1", 2222, "ssh-ed25519", "SHA256:abc", "/home/a b/known_hosts"};
  EXPECT_EQ(unknown_key_words(key),
            "the host key of [pc1]:2222 is not known: ssh-ed25519 SHA256:abc; compare it with the "
            "one on the machine, then accept it by `ssh-keyscan -p 2222 -t ed25519 pc1 >> "
            "'/home/a b/known_hosts'`, or say `host_keys: accept_new`");
}

TEST(HostKeyWords, ChangedKey_TellsHowToReplaceIt) {
  const HostKey key{"pc1", 22, "ssh-rsa", "SHA256:abc", "/k"};
  EXPECT_THAT(changed_key_words(key, false), HasSubstr("`ssh-keygen -R pc1 -f /k`"));
  EXPECT_THAT(changed_key_words(key, true), HasSubstr("of a type that is not known"));
}

}  // namespace
}  // namespace sitewide::ssh
