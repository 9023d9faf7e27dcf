// An abort that ends what runs: what was cut off is in doubt, and looked for before the end.
#include <gmock/gmock.h>

#include "tests/support/stage.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::Not;

ScenePlan slow_clients(std::uint32_t clients, std::uint32_t in_flight) {
  ScenePlan plan;
  Group& group = plan.group("a", clients);
  group.in_flight = in_flight;
  group.command.repeatable = false;
  return plan;
}

void cancel_at(Stage& stage, Duration after_start) {
  stage.world().order_at(after_start, {"abort", "", "cancel", 0, {"ann", "desk", "wrong plan"}});
}

std::ptrdiff_t place(const std::vector<std::string>& log, const std::string& line) {
  return std::find(log.begin(), log.end(), line) - log.begin();
}

TEST(Cancel, WhatRuns_IsCutOffLookedForAndThenTheRolloutEnds) {
  Stage stage(slow_clients(3, 2));
  stage.world().takes(Step::upgrade, hours(1));
  stage.world().script("client/a1", Step::upgrade, {says_ok(), says(OutcomeKind::failed)});
  stage.world().script("client/a2", Step::upgrade, {says_ok(), says_no_effect()});
  cancel_at(stage, minutes(5));
  ASSERT_TRUE(stage.run());
  const auto& log = stage.world().log();
  EXPECT_LT(place(log, "cancel client/a1 upgrade 1"), place(log, "recover client/a1 upgrade 1"));
  EXPECT_THAT(log, Contains("recover client/a2 upgrade 1"));
  EXPECT_THAT(log, Not(Contains("execute client/a3 upgrade 1")));
  EXPECT_EQ(stage.rollout().state(), RolloutState::aborted);
  EXPECT_EQ(stage.state("a1"), ClientState::failed);
  EXPECT_EQ(stage.times("step_in_doubt"), 2U);
  EXPECT_LT(stage.rollout().last_event(), *parse_timestamp("2026-11-23T20:06:00Z"));
}

TEST(Cancel, RollbackAfterwards_PutsBackWhatWasCutOff) {
  Stage stage(slow_clients(1, 1));
  stage.world().takes(Step::upgrade, hours(1));
  stage.world().script("client/a1", Step::upgrade, {says_ok(), says(OutcomeKind::failed, "half")});
  cancel_at(stage, minutes(5));
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.state("a1"), ClientState::failed);
  ASSERT_TRUE(stage.run({{"rollback", "", "", 0, {"ann", "desk", "clean up"}}}));
  EXPECT_EQ(stage.state("a1"), ClientState::restored);
  EXPECT_EQ(stage.rollout().state(), RolloutState::rolled_back);
}

TEST(Cancel, ClientCannotBeLookedAt_NeedsHandsAfterOneLook) {
  Stage stage(slow_clients(1, 1));
  stage.world().takes(Step::upgrade, hours(1));
  stage.world().script("client/a1", Step::upgrade, {says_ok(), says_doubt("off")});
  cancel_at(stage, minutes(5));
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.rollout().state(), RolloutState::needs_hands);
  EXPECT_EQ(stage.state("a1"), ClientState::in_doubt);
}

TEST(Cancel, WhatIsSeenToRunOnElsewhere_IsWaitedFor) {
  Stage stage(slow_clients(1, 1));
  stage.world().takes(Step::upgrade, hours(1));
  stage.world().script("client/a1", Step::upgrade,
                       {says_ok(), says_pending("still runs"), says_pending("still runs"),
                        says(OutcomeKind::failed, "interrupted")});
  cancel_at(stage, minutes(5));
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.rollout().state(), RolloutState::aborted);
  EXPECT_EQ(stage.state("a1"), ClientState::failed);
}

TEST(Cancel, EndedJustBefore_IsWhatItIs) {
  Stage stage(slow_clients(1, 1));
  stage.world().takes(Step::upgrade, seconds(30));
  cancel_at(stage, minutes(5));
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.state("a1"), ClientState::upgraded);
}

TEST(Cancel, AttemptInDoubtAlready_IsLookedForOnceMore) {
  Stage stage(slow_clients(1, 1));
  stage.world().script(
      "client/a1", Step::upgrade,
      {says_doubt("lost"), says_doubt("off"), says_doubt("off"), says_doubt("off"), says_ok()});
  cancel_at(stage, seconds(150));
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.rollout().state(), RolloutState::aborted);
  EXPECT_EQ(stage.state("a1"), ClientState::upgraded);
}

TEST(Cancel, StepOfASite_FinishesFirst) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Stage stage(std::move(plan));
  stage.world().takes(Step::stage, minutes(8));
  cancel_at(stage, minutes(5));
  ASSERT_TRUE(stage.run());
  EXPECT_THAT(stage.world().log(), Not(Contains("cancel site/HQ stage 1")));
  EXPECT_EQ(stage.times("step_in_doubt"), 0U);
  EXPECT_EQ(stage.rollout().state(), RolloutState::aborted);
  EXPECT_GT(stage.rollout().last_event(), *parse_timestamp("2026-11-23T20:07:00Z"));
}

TEST(Cancel, ControllerDiesBeforeItIsDone_TheNextOneDoesIt) {
  Stage stage(slow_clients(1, 1));
  stage.world().takes(Step::upgrade, hours(1));
  cancel_at(stage, minutes(5));
  ASSERT_TRUE(stage.run_until(minutes(5)));
  ASSERT_TRUE(stage.rollout().aborted());
  ASSERT_FALSE(stage.rollout().ended());
  stage.world().script("client/a1", Step::upgrade,
                       {says_pending("still runs"), says(OutcomeKind::failed, "interrupted")});
  stage.world().log().clear();
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.world().log().front(), "cancel client/a1 upgrade 1");
  EXPECT_THAT(stage.world().log(), Not(Contains("execute client/a1 upgrade 2")));
  EXPECT_EQ(stage.rollout().state(), RolloutState::aborted);
}

}  // namespace
}  // namespace sitewide
