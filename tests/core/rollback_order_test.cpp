// Rollbacks that an operator orders.
#include <gmock/gmock.h>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using Names = std::vector<std::string>;

constexpr OutcomeKind kBad = OutcomeKind::refused;

TEST(RollbackOrder, WhilePaused_DoesNotWaitForThePauseToEnd) {
  ScenePlan plan;
  plan.group("a", 2).in_flight = 1;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.order("pause");
  scene.pass(hours(2));
  EXPECT_TRUE(scene.order("rollback"));
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"});
}

TEST(RollbackOrder, NothingWasTriggered_IsRefusedAndHaltsNothing) {
  ScenePlan plan;
  plan.group("a", 1).before = {{Gate::Kind::approval, {}, "board", {}}};
  Scene scene(std::move(plan));
  EXPECT_FALSE(scene.order("rollback"));
  EXPECT_FALSE(scene.rollout().halted());
}

TEST(RollbackOrder, CompletedRollout_CanBeUndone) {
  ScenePlan plan;
  plan.group("a", 2);
  Scene scene(std::move(plan));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
  EXPECT_TRUE(scene.order("rollback"));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::rolled_back);
}

TEST(RollbackOrder, AbortedRollout_CanBeUndone) {
  ScenePlan plan;
  plan.group("a", 2).in_flight = 1;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.order("abort");
  scene.finish("a2");
  EXPECT_EQ(scene.rollout().state(), RolloutState::aborted);
  EXPECT_TRUE(scene.order("rollback"));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::rolled_back);
}

TEST(RollbackOrder, AbortCutARollbackShort_AnotherBeginsAnew) {
  ScenePlan plan;
  plan.group("a", 2, Method::site_wide);
  Scene scene(std::move(plan));
  scene.finish_everything();
  scene.order("rollback");
  scene.finish("HQ");
  scene.order("abort");
  EXPECT_EQ(scene.rollout().state(), RolloutState::aborted);
  EXPECT_EQ(scene.rollout().open_watches(), 0U);
  EXPECT_TRUE(scene.order("rollback"));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::rolled_back);
}

TEST(RollbackOrder, OneClient_OthersStay) {
  ScenePlan plan;
  plan.group("a", 2);
  Scene scene(std::move(plan));
  scene.finish_everything();
  EXPECT_TRUE(scene.order("rollback", "a2"));
  scene.finish_everything();
  EXPECT_EQ(scene.state("a1"), ClientState::upgraded);
  EXPECT_EQ(scene.state("a2"), ClientState::restored);
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted);
}

TEST(RollbackOrder, OthersWaitToBeRestored_ItsOwnGoFirst) {
  ScenePlan plan;
  Group& group = plan.group("a", 3);
  group.rollback_in_flight = 1;
  group.on_breach = Scope::none;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a2", kBad);
  scene.finish("a3", kBad);
  EXPECT_EQ(scene.open(Step::restore), Names{"a2"});
  EXPECT_TRUE(scene.order("rollback", "a1"));
  scene.finish("a2");
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"});
}

}  // namespace
}  // namespace sitewide
