// Budgets, the overshoot limit, breaches.
#include <gmock/gmock.h>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Budget, AsManyFailuresAsTolerated_NoBreach) {
  ScenePlan plan;
  plan.group("a", 3).tolerate_failed = {2, false};
  plan.plan.groups[0].restore_failed = false;
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::refused);
  scene.finish("a2", OutcomeKind::refused);
  scene.finish("a3");
  EXPECT_FALSE(scene.happened("breached"));
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed_with_failures);
}

TEST(Budget, OneFailureMoreThanTolerated_Breach) {
  ScenePlan plan;
  plan.group("a", 3).tolerate_failed = {1, false};
  plan.plan.groups[0].on_breach = Scope::none;
  plan.plan.groups[0].restore_failed = false;
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::refused);
  EXPECT_FALSE(scene.happened("breached"));
  scene.finish("a2", OutcomeKind::refused);
  EXPECT_TRUE(scene.happened("breached"));
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted);
  EXPECT_EQ(scene.rollout().halt_reason(), "a: 2 failed, 1 tolerated");
}

TEST(Budget, Percentage_CountsOfWholeGroupRoundedDown) {
  ScenePlan plan;
  plan.group("a", 30).tolerate_failed = {5, true};
  EXPECT_EQ(Scene(std::move(plan)).schedule().groups[0].tolerate_failed, 1U);
}

TEST(Budget, FailuresOfEarlierWave_CountInLaterOne) {
  ScenePlan plan;
  Group& group = plan.group("a", 4);
  group.waves = {{2, false}};
  group.tolerate_failed = {1, false};
  group.on_breach = Scope::none;
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::refused);
  scene.finish("a2");
  scene.finish_all(Step::restore);
  EXPECT_EQ(scene.open(Step::upgrade), (std::vector<std::string>{"a3", "a4"}));
  scene.finish("a3", OutcomeKind::refused);
  EXPECT_TRUE(scene.happened("breached"));
}

TEST(Breach, OtherGroupRuns_NothingNewStartsAnywhere) {
  ScenePlan plan;
  plan.group("a", 1).on_breach = Scope::none;
  plan.group("b", 5).in_flight = 2;
  Scene scene(std::move(plan));
  EXPECT_THAT(scene.open(Step::upgrade), SizeIs(3));
  scene.finish("a1", OutcomeKind::refused);
  scene.finish("b1");
  EXPECT_EQ(scene.open(Step::upgrade), std::vector<std::string>{"b2"});
  EXPECT_EQ(scene.state("b3"), ClientState::waiting);
}

TEST(Breach, NotYet_ActionThatRunsIsLeftToFinish) {
  ScenePlan plan;
  plan.group("a", 2);
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::refused);
  EXPECT_EQ(scene.open(Step::upgrade), std::vector<std::string>{"a2"});
  EXPECT_EQ(scene.rollout().rollback().pending, 2U);
  scene.finish("a2");
  EXPECT_EQ(scene.open(Step::restore), (std::vector<std::string>{"a1", "a2"}));
}

TEST(InFlight, MoreClientsThanSlots_OnlyAsManyRun) {
  ScenePlan plan;
  plan.group("a", 9).in_flight = 3;
  Scene scene(std::move(plan));
  EXPECT_THAT(scene.open(Step::upgrade), SizeIs(3));
  scene.finish("a2");
  EXPECT_EQ(scene.open(Step::upgrade), (std::vector<std::string>{"a1", "a3", "a4"}));
}

TEST(InFlight, ConvergingClients_HoldNoSlot) {
  ScenePlan plan;
  Group& group = plan.group("a", 3, Method::upgrade_bat);
  group.in_flight = 1;
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int i = 0; i < 9; ++i) {
    for (const Step step : {Step::inspect, Step::back_up, Step::trigger}) scene.finish_all(step);
  }
  EXPECT_THAT(scene.open(Step::converge), SizeIs(3));
}

TEST(InFlight, TwoGroups_RolloutsLimitHoldsForBoth) {
  ScenePlan plan;
  plan.group("a", 5);
  plan.group("b", 5);
  plan.plan.limits.in_flight = 6;
  Scene scene(std::move(plan));
  EXPECT_THAT(scene.open(Step::upgrade), SizeIs(6));
  scene.finish("a1");
  EXPECT_THAT(scene.open(Step::upgrade), SizeIs(6));
}

TEST(Strict, NothingTolerated_OneClientAtATime) {
  ScenePlan plan;
  plan.group("a", 3).strict = true;
  Scene scene(std::move(plan));
  EXPECT_EQ(scene.open(Step::upgrade), std::vector<std::string>{"a1"});
  scene.finish("a1");
  EXPECT_EQ(scene.open(Step::upgrade), std::vector<std::string>{"a2"});
}

TEST(Strict, FailureSpendsBudget_FewerTriggeredAtOnce) {
  ScenePlan plan;
  Group& group = plan.group("a", 6);
  group.strict = true;
  group.tolerate_failed = {2, false};
  group.restore_failed = false;
  Scene scene(std::move(plan));
  EXPECT_THAT(scene.open(Step::upgrade), SizeIs(3));
  scene.finish("a1", OutcomeKind::refused);
  EXPECT_THAT(scene.open(Step::upgrade), SizeIs(2));
}

TEST(Strict, ClientInDoubt_CountsAsPossibleFailure) {
  ScenePlan plan;
  Group& group = plan.group("a", 6);
  group.strict = true;
  group.tolerate_failed = {1, false};
  Scene scene(std::move(plan));
  EXPECT_EQ(scene.open(Step::upgrade), (std::vector<std::string>{"a1", "a2"}));
  scene.doubt("a1");
  scene.finish("a2");
  EXPECT_EQ(scene.open(Step::upgrade), (std::vector<std::string>{"a1", "a3"}));
  EXPECT_EQ(scene.group("a").failed, 0U);
}

// The client that is tried again holds one of the places; behind those that wait for a place it
// would wait for ever.
TEST(Strict, TriggerTriedAgain_GoesBeforeThoseThatWait) {
  ScenePlan plan;
  plan.group("a", 3).strict = true;
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::failed);
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  scene.pass(std::chrono::minutes(1));
  EXPECT_EQ(scene.open(Step::upgrade), std::vector<std::string>{"a1"});
}

TEST(Unproven, LimitReached_OthersWaitForProof) {
  ScenePlan plan;
  plan.group("a", 4, Method::upgrade_bat).unproven = Count{2, false};
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish_all(Step::inspect);
  scene.finish_all(Step::back_up);
  scene.finish_all(Step::trigger);
  EXPECT_THAT(scene.open(Step::converge), SizeIs(2));
  EXPECT_THAT(scene.open(Step::trigger), IsEmpty());
  scene.finish("a1");
  EXPECT_THAT(scene.open(Step::trigger), ElementsAre("a3"));
}

TEST(Attempts, RepeatableStepFails_TriedAgainUntilSpent) {
  ScenePlan plan;
  Group& group = plan.group("a", 1);
  group.attempts = 3;
  group.on_breach = Scope::none;
  Scene scene(std::move(plan));
  for (int i = 0; i < 3; ++i) {
    scene.finish("a1", OutcomeKind::failed);
    scene.pass(std::chrono::minutes(30));
  }
  EXPECT_EQ(scene.started("a1", Step::upgrade), 3U);
  EXPECT_EQ(scene.settled(ClientState::failed), std::vector<std::string>{"a1"});
}

TEST(Attempts, NotRepeatable_NeverTriedAgain) {
  ScenePlan plan;
  Group& group = plan.group("a", 1);
  group.command.repeatable = false;
  group.on_breach = Scope::none;
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::failed);
  scene.pass(std::chrono::hours(1));
  EXPECT_EQ(scene.started("a1", Step::upgrade), 1U);
}

TEST(Attempts, Refused_NeverTriedAgain) {
  ScenePlan plan;
  plan.group("a", 1).on_breach = Scope::none;
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::refused);
  scene.pass(std::chrono::hours(1));
  EXPECT_EQ(scene.started("a1", Step::upgrade), 1U);
}

}  // namespace
}  // namespace sitewide
