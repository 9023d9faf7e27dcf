// What goes wrong on the way to a share, or on it, and how it is said.
#include <signal.h>
#include <sys/mount.h>

#include "adapters/smb/smb_visit.h"
#include "adapters/temporary_file.h"
#include "tests/smb/smb_world.h"
#include "tests/support/program.h"

namespace sitewide {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class SmbTroubleTest : public test::SmbWorld {
 protected:
  Error error_of(const SmbPlace& where, const SmbLogin& who) const {
    const auto there = SmbFiles(where, who, sessions_).exists("file");
    return there ? Error{ErrorKind::internal, "no error"} : there.error();
  }
  /// As somebody else would.
  bool set_attributes(const std::string& name, const std::string& letters) const {
    const SmbPlace share = place("SMS_C");
    const SmbLogin who = login();
    SmbVisit visit(share, who, *sessions_);
    return visit.open() && visit.tell("setmode " + smb_quoted("\\" + name) + " " + letters, name);
  }
  bool is_read_only(const std::string& name) const {
    const SmbPlace share = place("SMS_C");
    const SmbLogin who = login();
    SmbVisit visit(share, who, *sessions_);
    if (!visit.open()) return false;
    const auto entry = visit.look_up("", name);
    return entry && *entry && (*entry)->read_only;
  }
  std::string server() const { return "//127.0.0.1:" + std::to_string(server_->port()); }
};

TEST_F(SmbTroubleTest, WrongPassword_IsRefusedAndNotTriedAgainAtOnce) {
  ::setenv("SMB_TEST_WRONG", "wrong", 1);
  const Error error = error_of(place("SMS_C"), login("SMB_TEST_WRONG"));
  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_EQ(error.message, server() + "/SMS_C: wrong user or password (NT_STATUS_LOGON_FAILURE)");
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(error_of(place("SMS_C/SMS"), login("SMB_TEST_WRONG")).message, error.message);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(20));
  ::setenv("SMB_TEST_WRONG", test::SmbServer::kPassword, 1);  // mended: another login
  EXPECT_EQ(error_of(place("SMS_C"), login("SMB_TEST_WRONG")).message, "no error");
}

TEST_F(SmbTroubleTest, WrongPassword_IsTriedOnNoOtherShareOfTheServerEither) {
  ::setenv("SMB_TEST_WRONG", "wrong everywhere", 1);
  EXPECT_THAT(error_of(place("SMS_C"), login("SMB_TEST_WRONG")).message,
              HasSubstr("wrong user or password"));
  const Error other = error_of(place("ReadOnly"), login("SMB_TEST_WRONG"));
  EXPECT_EQ(other.kind, ErrorKind::denied);
  EXPECT_THAT(other.message, StartsWith(server() + "/ReadOnly: it refused this password before"));
  EXPECT_EQ(error_of(place("ReadOnly"), login()).message, "no error");
}

TEST_F(SmbTroubleTest, MissingSecret_IsNamed) {
  const Error error = error_of(place("SMS_C"), login("SMB_TEST_UNSET"));
  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_THAT(error.message, HasSubstr("variable SMB_TEST_UNSET is missing"));
}

TEST_F(SmbTroubleTest, PasswordThatSmbclientCannotBeGiven_IsRefusedWithTheReason) {
  ::setenv("SMB_TEST_ODD", " blank", 1);
  EXPECT_THAT(error_of(place("SMS_C"), login("SMB_TEST_ODD")).message,
              HasSubstr("the password begins with a blank, which smbclient leaves out"));
  ::setenv("SMB_TEST_ODD", "two\nlines", 1);
  EXPECT_THAT(error_of(place("SMS_C"), login("SMB_TEST_ODD")).message,
              AllOf(HasSubstr("the password holds a line end"), Not(HasSubstr("two"))));
}

TEST_F(SmbTroubleTest, NoSuchShare_IsRefused) {
  const Error error = error_of(place("nope"), login());
  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_EQ(error.message,
            server() + "/nope: the server has no such share (NT_STATUS_BAD_NETWORK_NAME)");
}

TEST_F(SmbTroubleTest, NoSuchFolder_IsUnreachable) {
  const Error error = error_of(place("SMS_C/nope"), login());
  EXPECT_EQ(error.kind, ErrorKind::unreachable);
  EXPECT_EQ(error.message, "folder nope of " + server() + "/SMS_C is not there");
}

TEST_F(SmbTroubleTest, NoSuchHost_IsUnreachable) {
  const auto where = parse_smb_place("smb://no-such-host.invalid/SMS_C").value();
  const Error error = error_of(where, login());
  EXPECT_EQ(error.kind, ErrorKind::unreachable);
  EXPECT_THAT(error.message, StartsWith("//no-such-host.invalid/SMS_C: no such host"));
}

TEST_F(SmbTroubleTest, ServerThatIsOff_RefusesTheConnectionAndIsFoundAgainLater) {
  const SmbPlace where = place("SMS_C");
  server_->stop();
  const Error error = error_of(where, login());
  EXPECT_EQ(error.kind, ErrorKind::unreachable);
  EXPECT_EQ(error.message, server() + "/SMS_C: connection refused (NT_STATUS_CONNECTION_REFUSED)");
  server_->start();
  const auto sessions = SmbSessions::make();  // it remembers for a moment
  EXPECT_TRUE(SmbFiles(where, login(), sessions).exists("file"));
}

TEST_F(SmbTroubleTest, ServerThatStandsStill_TimesOutAndItsProcessIsEnded) {
  SmbLimits limits;
  limits.log_in = std::chrono::milliseconds(700);
  const auto sessions = SmbSessions::make(limits);
  server_->freeze();
  const auto there = SmbFiles(place("SMS_C"), login(), sessions).exists("file");
  server_->thaw();
  ASSERT_FALSE(there);
  EXPECT_EQ(there.error().kind, ErrorKind::unreachable);
  EXPECT_EQ(there.error().message, server() + "/SMS_C: no answer within 700ms");
  EXPECT_EQ(sessions->count(), 0U);
  EXPECT_EQ(test::smbclients_of(::getpid()), 0U);
}

TEST_F(SmbTroubleTest, ServerThatWasRestarted_IsAskedAgainOverANewConnection) {
  put("hq/file", "bytes");
  auto hq = files("SMS_C");
  EXPECT_EQ(hq.read("file", 9).value(), "bytes");
  server_->stop();
  server_->start();
  const auto read = hq.read("file", 9);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, "bytes");
}

TEST_F(SmbTroubleTest, DeadConnection_GivesItsPlaceToTheNewOne) {
  SmbLimits limits;
  limits.of_a_share = 1;
  limits.queue = std::chrono::seconds(2);
  const auto sessions = SmbSessions::make(limits);
  SmbFiles hq(place("SMS_C"), login(), sessions);
  EXPECT_TRUE(hq.exists("file"));
  server_->stop();
  server_->start();
  const auto there = hq.exists("file");
  EXPECT_TRUE(there) << there.error().message;
}

TEST_F(SmbTroubleTest, Guest_ReachesWhatIsOpenToAllAndNothingElse) {
  put("guests/file", "bytes");
  SmbFiles guests(place("Guests"), SmbLogin{}, sessions_);
  const auto read = guests.read("file", 9);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, "bytes");
  const Error error = error_of(place("SMS_C"), SmbLogin{});
  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_EQ(error.message, server() +
                               "/SMS_C: the server denies access to this user "
                               "(NT_STATUS_ACCESS_DENIED)");
}

TEST_F(SmbTroubleTest, KerberosWithoutATicket_IsRefusedWithAHint) {
  SmbLogin login;
  login.kerberos = true;
  ::setenv("KRB5CCNAME", (folder_.path() / "no-tickets").c_str(), 1);
  const Error error = error_of(place("SMS_C"), login);
  ::unsetenv("KRB5CCNAME");
  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_THAT(error.message, HasSubstr("no Kerberos ticket that the server takes; see klist"));
}

TEST_F(SmbTroubleTest, Encrypted_WorksAlike) {
  put("hq/file", "bytes");
  SmbLogin secret = login();
  secret.encrypt = true;
  EXPECT_EQ(SmbFiles(place("SMS_C"), secret, sessions_).read("file", 9).value(), "bytes");
}

TEST_F(SmbTroubleTest, ReadOnlyShare_IsReadAndSaysSoWhenItIsWritten) {
  put("ro/file", "old");
  auto share = files("ReadOnly");
  EXPECT_EQ(share.read("file", 9).value(), "old");
  const auto written = share.write("file", sha256("old"), "new", std::nullopt);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::io);
  EXPECT_THAT(written.error().message, StartsWith("cannot write file: access denied: read-only"));
  EXPECT_FALSE(share.touch("file", Timestamp{}));
  EXPECT_FALSE(share.remove("file", sha256("old")));
  EXPECT_FALSE(share.write("new/file", std::nullopt, "x", std::nullopt));
  EXPECT_THAT(everything("ro"), testing::ElementsAre("file"));
  EXPECT_EQ(get("ro/file"), "old");
}

TEST_F(SmbTroubleTest, FullDisk_IsSaidAndLeavesTheOldFileAndNoOther) {
  if (!disk_->is_mounted()) GTEST_SKIP() << "needs the right to mount a small tmpfs";
  put("full/file", "old");
  auto share = files("Full");
  const auto written = share.write("file", sha256("old"), std::string(1 << 20, 'x'), std::nullopt);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::io);
  EXPECT_EQ(written.error().message, "cannot write file: the disk is full (NT_STATUS_DISK_FULL)");
  EXPECT_EQ(get("full/file"), "old");
  EXPECT_THAT(everything("full"), testing::ElementsAre("file"));
}

// A file that something is mounted on can be read and written, and not replaced.
TEST_F(SmbTroubleTest, ReadOnlyFileThatCannotBeReplaced_StaysReadOnly_AndNoTemporaryIsLeft) {
  put("hq/file", "old");
  auto hq = files("SMS_C");
  ASSERT_TRUE(set_attributes("file", "+r"));
  const std::string target = (folder_.path() / "hq/file").string();
  if (::mount(target.c_str(), target.c_str(), nullptr, MS_BIND, nullptr) != 0)
    GTEST_SKIP() << "needs the right to mount";
  const auto written = hq.write("file", sha256("old"), "new", std::nullopt);
  ::umount2(target.c_str(), MNT_DETACH);
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("held by a program"));
  EXPECT_THAT(everything("hq"), testing::ElementsAre("SMS", "file"));
  EXPECT_TRUE(is_read_only("file"));
  // Now it is free.
  const auto again = hq.write("file", sha256("old"), "new", std::nullopt);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(get("hq/file"), "new");
  EXPECT_TRUE(is_read_only("file"));
}

TEST_F(SmbTroubleTest, ReadOnlyTemporaryOfAKilledRun_IsRemovedByTheNextWrite) {
  put("hq/file", "old");
  const std::string left = std::string(kTemporary) + sha256("file").brief() + "-77";
  put("hq/" + left, "half");
  ASSERT_TRUE(set_attributes(left, "+r"));
  ASSERT_TRUE(files("SMS_C").write("file", sha256("old"), "new", std::nullopt));
  EXPECT_THAT(everything("hq"), testing::ElementsAre("SMS", "file"));
}

TEST_F(SmbTroubleTest, FileThatAnotherProgramHolds_IsInUseAndCanBeTriedAgain) {
  put("hq/file", "old");
  test::Program holder({"python3", SITEWIDE_SOURCE_DIR "/tests/smb/hold_open.py",
                        server_->url("SMS_C/file"), test::SmbServer::kUser});
  ASSERT_TRUE(holder.wait_for("held")) << holder.finish().err;
  auto hq = files("SMS_C");
  const auto written = hq.write("file", sha256("old"), "new", std::nullopt);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::io);
  EXPECT_EQ(written.error().message,
            "cannot read file: in use by another program (NT_STATUS_SHARING_VIOLATION)");
  holder.signal(SIGTERM);
  holder.finish();
  // The server may take a moment to see that the other one is gone.
  std::optional<std::string> now;
  for (int turn = 0; turn < 100 && now != "new"; ++turn) {
    ::usleep(50'000);
    if (hq.write("file", sha256("old"), "new", std::nullopt)) now = get("hq/file");
  }
  EXPECT_EQ(now, "new");
}

}  // namespace
}  // namespace sitewide
