// The power goes at each commit, rename and start of a program: of the state directory only what
// was synced is left, and the resume ends well all the same. And whether that is noticed when a
// sync is missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/crash/campaign.h"

namespace sitewide::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;

Verdict lose_power(Trial& trial, const Point& point) { return trial.lose_power(point); }

bool is_put_in_place(const Call& call) {
  return call.path.starts_with("state/") && (call.call == "rename" || call.call == "link");
}
bool is_start(const Call& call) { return call.call == "spawn"; }

void lose_power_everywhere(const CrashScenario& scenario, std::size_t fewest) {
  Campaign campaign(scenario);
  campaign.try_all(points_at(campaign.calm().calls, is_commit, {"before", "after"}), lose_power);
  campaign.try_all(points_at(campaign.calm().calls, is_put_in_place, {"before", "after"}),
                   lose_power);
  campaign.try_all(points_at(campaign.calm().calls, is_start, {"after"}), lose_power);
  campaign.report("power lost", fewest);
}

TEST(CrashOfPower, InAGoodRollout_LosesNothingConfirmed) {
  lose_power_everywhere(good_rollout(), 60);
}
TEST(CrashOfPower, WhileClientsGoBack_LosesNothingConfirmed) {
  lose_power_everywhere(bad_canary(), 60);
}
TEST(CrashOfPower, WhileCommandsRun_NoneRunsTwice) { lose_power_everywhere(commands(), 20); }

/// What one trial complains of when syncs of files that match `ignored` count for nothing.
std::string complaints(const CrashScenario& scenario, const Point& point,
                       const std::string& ignored) {
  Campaign campaign(scenario);
  std::string text = "not reached";
  const auto attempt = [&](Trial& trial, const Point& at) {
    const Verdict verdict = trial.lose_power(at, ignored);
    if (verdict.reached) text.clear();
    for (const std::string& problem : verdict.problems) text += problem + "\n";
    return Verdict{verdict.reached, {}};
  };
  campaign.try_all({point}, attempt);
  return text;
}

const Point kFifthCommit{{"sync", "state/crash-1/journal.db-wal", 5}, "after"};
const Point kSecondBatch{{"spawn", "*quick-batch", 2}, "after"};

TEST(PowerTrial, WithEverySync_HasNothingToComplainOf) {
  EXPECT_THAT(complaints(good_rollout(), kFifthCommit, ""), IsEmpty());
}

// As with SQLite's synchronous=OFF.
TEST(PowerTrial, WithoutSyncsOfTheJournal_MissesEvents) {
  EXPECT_THAT(complaints(good_rollout(), kFifthCommit, "*/journal.db-wal"),
              HasSubstr("confirmed events are lost"));
}

TEST(PowerTrial, WithoutSyncsOfKeptOriginals_MissesThem) {
  EXPECT_THAT(complaints(bad_canary(), kSecondBatch, "*/backups/*"),
              AnyOf(HasSubstr("another end"), HasSubstr("files differ")));
}

TEST(PowerTrial, WithoutSyncsOfTheFolder_MissesTheRollout) {
  EXPECT_THAT(complaints(good_rollout(), kSecondBatch, "*/state"), HasSubstr("touched, and yet"));
}

}  // namespace
}  // namespace sitewide::test
