// The real program, killed by SIGKILL before and after every journal commit, every rename, every
// start of a program and every other call that leaves a mark, each in a lab of its own; then
// resumed.
#include <gtest/gtest.h>

#include "tests/crash/campaign.h"

namespace sitewide::test {
namespace {

bool leaves_a_mark(const Call& call) { return call.call != "write" && call.call != "truncate"; }
bool is_journal_write(const Call& call) { return call.call == "write" && is_journal(call); }

Verdict kill(Trial& trial, const Point& point) { return trial.kill(point); }

void kill_everywhere(const CrashScenario& scenario, std::size_t fewest) {
  const bool looks_seldom = !scenario.clients.empty();  // at a command that goes on: once a minute
  Campaign campaign(scenario, looks_seldom ? Campaign::Pace::waiting : Campaign::Pace::busy);
  campaign.try_all(points_at(campaign.calm().calls, leaves_a_mark, {"before", "after"}), kill);
  campaign.report("killed", fewest);
}

TEST(Crash, OfAGoodRolloutAnywhere_TheResumeEndsWell) { kill_everywhere(good_rollout(), 250); }
TEST(Crash, OfABadCanaryAnywhere_TheResumePutsEverythingBack) {
  kill_everywhere(bad_canary(), 250);
}
TEST(Crash, OfASiteTakenBackAnywhere_TheResumeTakesItBack) { kill_everywhere(taken_back(), 250); }
TEST(CommandCrash, Anywhere_NoneRunsTwice) { kill_everywhere(commands(), 100); }
TEST(CommandCrash, AnywhereWhileTheyAreUndone_NoneRunsTwice) {
  kill_everywhere(commands_undone(), 100);
}

// A kill is between two calls; the power may go in the middle of one.
TEST(Crash, InTheMiddleOfAJournalWrite_TheResumeEndsWell) {
  Campaign campaign(good_rollout());
  campaign.try_all(points_at(campaign.calm().calls, is_journal_write, {"half"}), kill);
  campaign.report("cut off", 50);
}

}  // namespace
}  // namespace sitewide::test
