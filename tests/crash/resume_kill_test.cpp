// Not the run is killed but its resume, at each of its commits; and the resume of a resume.
#include <gtest/gtest.h>

#include "tests/crash/campaign.h"

namespace sitewide::test {
namespace {

constexpr const char* kJournal = "state/crash-1/journal.db-wal";

/// Killed `first`, then at each commit of the resume until it comes to no further one.
void kill_the_resume(const CrashScenario& scenario, const Point& first, std::size_t fewest) {
  Campaign campaign(scenario);
  campaign.try_until_none(
      [](int number) {
        return Point{{"sync", kJournal, number}, "after"};
      },
      [&](Trial& trial, const Point& point) { return trial.kill_twice(first, point); });
  campaign.report("resume killed", fewest);
}

TEST(CrashOfResume, AtEachCommitAfterAKillWhileUpgradeBatRuns_TheThirdEndsWell) {
  kill_the_resume(good_rollout(), {{"spawn", "*quick-batch", 1}, "after"}, 15);
}

TEST(CrashOfResume, AtEachCommitAfterAKillBetweenTheForceAndItsOutcome_TheThirdEndsWell) {
  kill_the_resume(good_rollout(), {{"time", "lab/hq/SMS/System.map", 1}, "after"}, 5);
}

TEST(CrashOfResume, AtEachCommitWhileClientsGoBack_TheThirdEndsWell) {
  kill_the_resume(bad_canary(), {{"spawn", "*quick-batch", 2}, "after"}, 8);
}

}  // namespace
}  // namespace sitewide::test
