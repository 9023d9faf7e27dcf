// Attempts in doubt: after a crash, after a lost connection; and what is known of them in the end.
#include <gmock/gmock.h>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using Names = std::vector<std::string>;

TEST(Doubt, ControllerDied_NothingStartsBeforeTheProbe) {
  ScenePlan plan;
  plan.group("a", 4).in_flight = 2;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.restart();
  EXPECT_EQ(scene.rollout().unprobed(), 2U);
  EXPECT_EQ(scene.rollout().open_attempt(Subject::client(1))->purpose, Purpose::recover);
  scene.finish("a2");
  EXPECT_THAT(scene.open(Step::upgrade), SizeIs(1));
  scene.doubt("a3");  // looked for, not reached
  EXPECT_EQ(scene.rollout().unprobed(), 0U);
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"a3", "a4"}));
}

TEST(Doubt, NotFoundOut_KeepsItsSlotAndItsWaveOpen) {
  ScenePlan plan;
  Group& group = plan.group("a", 3);
  group.waves = {{2, false}};
  group.in_flight = 1;
  Scene scene(std::move(plan));
  scene.doubt("a1");
  EXPECT_EQ(scene.state("a1"), ClientState::in_doubt);
  EXPECT_THAT(scene.open(Step::upgrade), SizeIs(1));
  EXPECT_EQ(scene.group("a").failed, 0U);
  EXPECT_FALSE(scene.happened("wave_passed"));
}

TEST(Doubt, EffectHolds_RecoveredAndGoesOn) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("a1");
  scene.finish("a1");
  scene.restart();
  scene.finish("a1");
  EXPECT_EQ(scene.open(Step::converge), Names{"a1"});
  EXPECT_EQ(scene.started("a1", Step::trigger), 1U);
}

TEST(Doubt, NoEffect_TriedAgainAtOnceAndCounted) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("a1");
  scene.finish("a1");
  scene.doubt("a1");
  scene.finish("a1", OutcomeKind::cancelled);
  EXPECT_EQ(scene.started("a1", Step::trigger), 2U);
  EXPECT_EQ(scene.rollout().open_attempt(Subject::client(0))->attempt, 2U);
}

TEST(Doubt, NoEffectEachTime_EndsWhenAttemptsAreSpent) {
  ScenePlan plan;
  plan.group("a", 1).attempts = 2;
  Scene scene(std::move(plan));
  for (int i = 0; i < 2; ++i) {
    scene.doubt("a1");
    scene.finish("a1", OutcomeKind::cancelled);
  }
  EXPECT_EQ(scene.started("a1", Step::upgrade), 2U);
  EXPECT_EQ(scene.settled(ClientState::failed), Names{"a1"});
}

TEST(Doubt, NotRepeatableAndNoEffect_MayBeTriedAgain) {
  ScenePlan plan;
  plan.group("a", 1).command.repeatable = false;
  Scene scene(std::move(plan));
  scene.doubt("a1");
  scene.finish("a1", OutcomeKind::cancelled);
  EXPECT_EQ(scene.started("a1", Step::upgrade), 2U);
}

TEST(Doubt, GivenUpWhileItMayRun_NeedsHandsAndIsNeverTriedAgain) {
  ScenePlan plan;
  Group& group = plan.group("a", 1);
  group.command.repeatable = false;
  group.on_breach = Scope::none;
  Scene scene(std::move(plan));
  scene.doubt("a1");
  scene.finish("a1", OutcomeKind::timed_out);
  EXPECT_EQ(scene.started("a1", Step::upgrade), 1U);
  EXPECT_EQ(scene.settled(ClientState::needs_hands), Names{"a1"}) << "it may be running still";
}

TEST(Doubt, StaysUnreachableAndNothingToRestoreWith_NeedsHands) {
  ScenePlan plan;
  Group& group = plan.group("a", 1);
  group.command.repeatable = false;
  group.command.restore.clear();
  Scene scene(std::move(plan));
  scene.doubt("a1");
  scene.finish("a1", OutcomeKind::unreachable);
  EXPECT_EQ(scene.state("a1"), ClientState::needs_hands);
}

TEST(Doubt, StaysUnreachableAfterTrigger_IsLostNotLate) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("a1");
  scene.finish("a1");
  scene.doubt("a1");
  scene.finish("a1", OutcomeKind::unreachable);
  EXPECT_EQ(scene.settled(ClientState::lost), Names{"a1"});
}

TEST(Doubt, RestoreNotSeenToEnd_TriedAgainUnderItsPolicy) {
  ScenePlan plan;
  plan.group("a", 1);
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::refused);
  scene.doubt("a1");
  scene.finish("a1", OutcomeKind::cancelled);
  EXPECT_EQ(scene.started("a1", Step::restore), 2U);
  scene.finish("a1");
  EXPECT_EQ(scene.state("a1"), ClientState::restored);
}

TEST(Doubt, SiteStepOfADeadController_IsProbedBeforeClientsGoOn) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  plan.group("b", 2).in_flight = 1;
  Scene scene(std::move(plan));
  scene.restart();
  EXPECT_TRUE(scene.rollout().in_doubt(Subject::site(0)));
  scene.finish("b1");
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  scene.finish("HQ");
  EXPECT_EQ(scene.open(Step::upgrade), Names{"b2"});
}

TEST(Doubt, ReadingStepOfADeadController_SimplyTakenUp) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.restart();
  EXPECT_EQ(scene.rollout().unprobed(), 0U);
  EXPECT_EQ(scene.rollout().open_attempt(Subject::client(0))->purpose, Purpose::execute);
}

TEST(Controller, GoneForTwoDays_DeadlinesMoveByThem) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int i = 0; i < 3; ++i) scene.finish("a1");
  const Timestamp before = scene.rollout().open_attempt(Subject::client(0))->deadline;
  scene.restart(std::chrono::hours(48));
  EXPECT_EQ(scene.rollout().open_attempt(Subject::client(0))->deadline,
            before + std::chrono::hours(48));
}

TEST(Controller, Stopping_NothingStarts) {
  ScenePlan plan;
  plan.group("a", 2).in_flight = 1;
  Scene scene(std::move(plan));
  scene.apply(ControllerStopping{"SIGTERM"});
  scene.finish("a1");
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
}

TEST(Clock, MovedAnHour_DeadlinesMoveWithIt) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  plan.plan.limits.rollout_within = std::chrono::hours(100);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int i = 0; i < 3; ++i) scene.finish("a1");
  const Timestamp deadline = scene.rollout().open_attempt(Subject::client(0))->deadline;
  const Timestamp due = scene.rollout().due();
  scene.apply(ClockJumped{std::chrono::hours(-1)});
  EXPECT_EQ(scene.rollout().open_attempt(Subject::client(0))->deadline,
            deadline - std::chrono::hours(1));
  EXPECT_EQ(scene.rollout().due(), due - std::chrono::hours(1));
}

}  // namespace
}  // namespace sitewide
