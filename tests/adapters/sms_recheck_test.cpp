// A client that was proven is looked at once more.
#include <gmock/gmock.h>

#include "adapters/sms/client/steps.h"
#include "tests/adapters/sms_world.h"

namespace sitewide::sms {
namespace {

using Kind = Answer::Kind;

class SmsRecheck : public SmsWorld {
 protected:
  SmsRecheck() { write(file(), hotfix); }
  std::filesystem::path file() const { return client_root / "MS/SMS/BIN/pcmwin32.exe"; }
  Answer look() { return run(recheck, work(Step::recheck, Purpose::poll)); }
};

TEST_F(SmsRecheck, FilesAreThoseOfTheHotfix_Holds) {
  EXPECT_TRUE(is_done(look(), OutcomeKind::ok));
}

TEST_F(SmsRecheck, OtherBytesOrNone_IsWithdrawn) {
  write(file(), old);
  const Answer other = look();
  EXPECT_TRUE(is_done(other, OutcomeKind::failed));
  EXPECT_EQ(other.outcome.reason, "file Pcmwin32.exe has other bytes");
  std::filesystem::remove(file());
  const Answer gone = look();
  EXPECT_TRUE(is_done(gone, OutcomeKind::failed));
  EXPECT_EQ(gone.outcome.reason, "file Pcmwin32.exe is gone");
}

TEST_F(SmsRecheck, LeftSms_IsWithdrawn) {
  write_ini("DEINSTALL");
  EXPECT_TRUE(is_done(look(), OutcomeKind::failed));
}

// Client Setup may be about to bring the file again; at the deadline what stands there counts.
TEST_F(SmsRecheck, ClientSetupIsAtWork_WaitsUntilTheDeadline) {
  write(file(), old);
  write_ini("verify_files");
  EXPECT_TRUE(is(look(), Kind::pending));
  now += std::chrono::minutes(10);
  Work late = work(Step::recheck, Purpose::poll);
  late.operation.action.deadline = now;
  EXPECT_TRUE(is_done(run(recheck, late), OutcomeKind::failed));
}

TEST_F(SmsRecheck, FileIsRightAndClientSetupIsNotAtRest_IsNoFailure) {
  write_ini("verify_files");
  EXPECT_TRUE(is(look(), Kind::pending));
}

// Another force may have come since.
TEST_F(SmsRecheck, NewerCopyListOnTheServer_Holds) {
  write(root / "s768aa1" / "Cl_nt.txt", "[SMS]\r\nCopyListVersion=200\r\n");
  Work forced = work(Step::recheck, Purpose::poll);
  forced.operation.forced = true;
  EXPECT_TRUE(is_done(run(recheck, forced), OutcomeKind::ok));
}

TEST_F(SmsRecheck, ClientIsOff_CannotBeSeen) {
  std::filesystem::remove_all(client_root);
  const Answer answer = look();
  ASSERT_TRUE(is(answer, Kind::in_doubt));
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::unreachable);
}

}  // namespace
}  // namespace sitewide::sms
