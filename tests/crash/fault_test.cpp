// The real program on a disk that fails: every write, sync, rename and so on of a rollout, in the
// state directory, on the site, on clients, fails once by EIO, once by a full disk.
#include <gtest/gtest.h>

#include "tests/crash/campaign.h"

namespace sitewide::test {
namespace {

bool is_journal_write(const Call& call) {
  const bool grows = call.call == "write" || call.call == "mkdir" || call.call == "link";
  return is_journal(call) && (grows || call.call == "rename");
}
bool is_journal_change(const Call& call) {
  return is_journal_write(call) || (is_journal(call) && call.call == "mode");
}
bool is_journal_sync(const Call& call) {
  return is_journal(call) && (call.call == "sync" || call.call == "truncate");
}
bool is_of_step(const Call& call) { return !is_journal(call) && call.call != "spawn"; }
bool is_write_of_step(const Call& call) { return is_of_step(call) && call.call == "write"; }

Verdict fail_journal(Trial& trial, const Point& point) { return trial.fail_journal(point); }
Verdict fail_step(Trial& trial, const Point& point) { return trial.fail_step(point); }
Verdict fail_for_good(Trial& trial, const Point& point) { return trial.fail_step_for_good(point); }

void fail_steps(const CrashScenario& scenario, std::size_t fewest) {
  Campaign campaign(scenario, Campaign::Pace::waiting);
  campaign.try_all(points_at(campaign.calm().calls, is_of_step, {"EIO"}), fail_step);
  campaign.try_all(points_at(campaign.calm().calls, is_write_of_step, {"ENOSPC"}), fail_step);
  campaign.report("site and clients fail once", fewest);
}

void fail_journal_syncs(const CrashScenario& scenario, std::size_t fewest) {
  Campaign campaign(scenario);
  campaign.try_all(points_at(campaign.calm().calls, is_journal_sync, {"EIO"}), fail_journal);
  campaign.report("journal syncs fail", fewest);
}

TEST(JournalFault, OfAWriteThatGoesNowhere_StopsAndTheResumeEndsWell) {
  Campaign campaign(good_rollout());
  campaign.try_all(points_at(campaign.calm().calls, is_journal_change, {"EIO"}), fail_journal);
  campaign.report("journal writes fail", 80);
}

TEST(JournalFault, OfAFullDisk_StopsAndTheResumeEndsWell) {
  Campaign campaign(good_rollout());
  campaign.try_all(points_at(campaign.calm().calls, is_journal_write, {"ENOSPC+"}), fail_journal);
  campaign.report("full disk under the journal", 80);
}

TEST(JournalFault, OfASync_StopsAndTheResumeEndsWell) { fail_journal_syncs(good_rollout(), 40); }

TEST(JournalFault, OfASyncWhileASiteIsTakenBack_StopsAndTheResumeEndsWell) {
  fail_journal_syncs(taken_back(), 30);
}
TEST(JournalFault, OfASyncWhileCommandsRun_StopsAndNoneRunsTwice) {
  fail_journal_syncs(commands(), 15);
}
TEST(JournalFault, OfASyncWhileCommandsAreUndone_StopsAndNoneRunsTwice) {
  fail_journal_syncs(commands_undone(), 15);
}
TEST(JournalFault, OfAFullDiskWhileCommandsAreUndone_StopsAndNoneRunsTwice) {
  Campaign campaign(commands_undone());
  campaign.try_all(points_at(campaign.calm().calls, is_journal_write, {"ENOSPC+"}), fail_journal);
  campaign.report("full disk under the journal", 30);
}

TEST(JournalFault, OfASyncWhileClientsGoBack_StopsAndTheResumeEndsWell) {
  fail_journal_syncs(bad_canary(), 40);
}

/// One file each time, whose disk is full or gives errors from then on.
void fail_steps_for_good(const CrashScenario& scenario, std::size_t fewest) {
  const auto first_write = [](const Call& call) {
    const bool keeps_originals = call.path.find("/backups/.new-") != std::string::npos;
    return !is_journal(call) && call.call == "write" && (call.nth == 1 || keeps_originals);
  };
  const auto first_change = [](const Call& call) {
    return call.path.starts_with("lab/") && call.nth == 1 && call.call != "write";
  };
  Campaign campaign(scenario, Campaign::Pace::waiting);
  auto points = points_at(campaign.calm().calls, first_write, {"ENOSPC+"});
  const auto more = points_at(campaign.calm().calls, first_change, {"EIO+"});
  points.insert(points.end(), more.begin(), more.end());
  campaign.try_all(points, fail_for_good);
  campaign.report("site and clients fail for good", fewest);
}

TEST(StepFault, OnASiteOrClientForGood_HaltsWithAReasonAndARetryEndsWell) {
  fail_steps_for_good(good_rollout(), 10);
}

TEST(StepFault, OfOneCallOnSiteOrClient_IsTriedAgain) { fail_steps(good_rollout(), 40); }
TEST(StepFault, OfOneCallWhileClientsGoBack_IsTriedAgain) { fail_steps(bad_canary(), 40); }
TEST(StepFault, OfOneCallWhileASiteIsTakenBack_IsTriedAgain) { fail_steps(taken_back(), 40); }

}  // namespace
}  // namespace sitewide::test
