#include "orchestrator/core/summary.h"

#include "tests/views/story.h"

namespace sitewide {
namespace {

TEST(Summary, FreshRollout_HasEveryGroupAndSiteWithWholeNumbers) {
  const Story story;
  const Summary summary = summarize(story.rollout);
  EXPECT_EQ(summary.id, "q237690-3");
  EXPECT_EQ(summary.state, RolloutState::running);
  EXPECT_EQ(summary.clients, 5U);
  EXPECT_EQ(summary.count(ClientState::waiting), 5U);
  ASSERT_EQ(summary.groups.size(), 2U);
  const GroupSummary& canary = summary.groups[0];
  EXPECT_EQ(canary.name, "canary");
  EXPECT_EQ(canary.clients, 2U);
  EXPECT_EQ(canary.wave, 1U);
  EXPECT_EQ(canary.waves, 1U);
  EXPECT_TRUE(canary.wave_open);
  EXPECT_EQ(canary.wave_clients, 2U);
  EXPECT_EQ(canary.wave_settled, 0U);
  EXPECT_EQ(canary.tolerated_failed, 0U);
  EXPECT_EQ(canary.tolerated_late, 1U);
  ASSERT_EQ(summary.sites.size(), 1U);
  EXPECT_EQ(summary.sites[0].phase, SiteRecord::Phase::staging);
  EXPECT_EQ(summary.sites[0].open_step, Step::stage);
}

TEST(Summary, ClientSettles_IsCountedInItsWave) {
  Story story;
  story.ready_site();
  story.finish(0);
  const GroupSummary canary = summarize_group(story.rollout, 0);
  EXPECT_EQ(canary.on_target(), 1U);
  EXPECT_EQ(canary.settled(), 1U);
  EXPECT_EQ(canary.wave_settled, 1U);
}

TEST(Summary, GroupPassed_KeepsItsLastWave) {
  Story story;
  story.ready_site();
  story.finish(0);
  story.finish(1);
  const GroupSummary canary = summarize_group(story.rollout, 0);
  EXPECT_EQ(canary.state, GroupState::passed);
  EXPECT_EQ(canary.wave, 1U);
  EXPECT_FALSE(canary.wave_open);
}

TEST(Summary, ControllerGone_IsInterruptedUnlessTheOperatorIsAwaited) {
  Story story;
  EXPECT_EQ(state_seen(story.rollout, false), RolloutState::interrupted);
  EXPECT_EQ(state_seen(story.rollout, true), RolloutState::running);
  story.ready_site();
  story.order("pause");
  EXPECT_EQ(state_seen(story.rollout, false), RolloutState::interrupted) << "inspections run";
  story.end(Subject::client(0));
  story.end(Subject::client(1));
  EXPECT_EQ(state_seen(story.rollout, false), RolloutState::paused);
}

TEST(Summary, Budget_IsSaidInWholeNumbers) {
  EXPECT_EQ(describe_budget(1, 30), "tolerates 1 of 30; the 2nd failure halts");
  EXPECT_EQ(describe_budget(0, 30), "tolerates none of 30; the 1st failure halts");
  EXPECT_EQ(describe_budget(10, 30), "tolerates 10 of 30; the 11th failure halts");
  EXPECT_EQ(describe_budget(30, 30), "tolerates all of 30");
}

TEST(Summary, Ordinals_FollowEnglish) {
  EXPECT_EQ(ordinal(3), "3rd");
  EXPECT_EQ(ordinal(12), "12th");
  EXPECT_EQ(ordinal(22), "22nd");
  EXPECT_EQ(ordinal(111), "111th");
  EXPECT_EQ(ordinal(101), "101st");
}

}  // namespace
}  // namespace sitewide
