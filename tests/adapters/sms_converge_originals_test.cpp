// A client whose site went back: which of its files are waited for, and what stays.
#include "adapters/sms/client/steps.h"
#include "adapters/sms/site/steps.h"
#include "tests/adapters/sms_world.h"

namespace sitewide::sms {
namespace {

using Kind = Answer::Kind;

class SmsConvergeOnOriginals : public SmsWorld {
 protected:
  std::filesystem::path file() const { return client_root / "MS/SMS/BIN/pcmwin32.exe"; }
  Answer look() { return run(converge_originals, work(Step::converge_originals, Purpose::poll)); }
};

TEST_F(SmsConvergeOnOriginals, TakesTheOwnFileOrTheSites) {
  write(file(), program("older than the site's"));
  ASSERT_TRUE(is_done(run(stage, work(Step::stage)), OutcomeKind::ok));
  ASSERT_TRUE(is_done(run(back_up, work(Step::back_up)), OutcomeKind::ok));
  EXPECT_TRUE(is_done(look(), OutcomeKind::ok));
  write(file(), hotfix);
  EXPECT_EQ(look().outcome.reason, "file Pcmwin32.exe is still new");
  write(file(), old);
  EXPECT_TRUE(is_done(look(), OutcomeKind::ok));
}

TEST_F(SmsConvergeOnOriginals, WithoutABackUp_TakesTheSites) {
  ASSERT_TRUE(is_done(run(stage, work(Step::stage)), OutcomeKind::ok));
  EXPECT_TRUE(is_done(look(), OutcomeKind::ok));
  write(file(), hotfix);
  EXPECT_TRUE(is(look(), Kind::pending));
}

TEST_F(SmsConvergeOnOriginals, WithoutABackUp_NamesNewFilesThatStay) {
  std::filesystem::remove(site_root / kOnSite);
  ASSERT_TRUE(is_done(run(stage, work(Step::stage)), OutcomeKind::ok));
  write(file(), hotfix);
  const Answer answer = look();
  constexpr auto kStays = "stays, for nothing was kept of this client: Pcmwin32.exe";
  EXPECT_EQ(answer.outcome.facts.at("warning"), kStays);
  EXPECT_EQ(answer.outcome.reason, kStays);
}

TEST_F(SmsConvergeOnOriginals, WithoutABackUp_FileThatItsSiteHadBefore_DoesNotStay) {
  write(site_root / kOnSite, hotfix);
  ASSERT_TRUE(is_done(run(stage, work(Step::stage)), OutcomeKind::ok));
  write(file(), hotfix);
  const Answer answer = look();
  EXPECT_TRUE(is_done(answer, OutcomeKind::ok));
  EXPECT_EQ(answer.outcome.reason, "");
}

TEST_F(SmsConvergeOnOriginals, OfANewFile_DoesNotWaitForIt) {
  std::filesystem::remove(site_root / kOnSite);
  std::filesystem::remove(file());
  ASSERT_TRUE(is_done(run(stage, work(Step::stage)), OutcomeKind::ok));
  ASSERT_TRUE(is_done(run(back_up, work(Step::back_up)), OutcomeKind::ok));
  write(file(), hotfix);
  EXPECT_TRUE(is_done(look(), OutcomeKind::ok));
}

}  // namespace
}  // namespace sitewide::sms
