// Rechecks: a second proof, which can withdraw a success.
#include <gmock/gmock.h>

#include "orchestrator/core/why.h"
#include "tests/support/scene.h"

namespace sitewide {
namespace {

using Recheck = ClientRecord::Recheck;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ScenePlan rechecked(std::uint32_t clients = 2) {
  ScenePlan plan;
  Group& group = plan.group("a", clients);
  group.command.verify = {"verify"};
  group.recheck = hours(24);
  return plan;
}

// Everybody is upgraded; the group has passed.
Scene upgraded(ScenePlan plan) {
  Scene scene(std::move(plan));
  scene.finish_everything();
  return scene;
}

TEST(Recheck, ClientsAreOnTarget_RolloutRunsUntilTheyAreProvenAgain) {
  Scene scene = upgraded(rechecked());
  EXPECT_EQ(scene.group("a").state, GroupState::passed);
  EXPECT_EQ(scene.rollout().state(), RolloutState::running);
  scene.pass(hours(24) - minutes(1));
  EXPECT_THAT(scene.open(Step::recheck), IsEmpty());
  scene.pass(minutes(1));
  EXPECT_THAT(scene.open(Step::recheck), ElementsAre("a1", "a2"));
  EXPECT_EQ(scene.state("a1"), ClientState::upgraded);
  scene.finish("a1");
  EXPECT_EQ(scene.rollout().state(), RolloutState::running);
  scene.finish("a2");
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
  EXPECT_EQ(scene.group("a").rechecked, 2U);
}

TEST(Recheck, ClientWasCurrentBefore_IsProvenAgainToo) {
  ScenePlan plan = rechecked(1);
  plan.plan.groups[0].command.inspect = {"inspect"};
  Scene scene(std::move(plan));
  scene.is_current("a1");
  scene.pass(hours(24));
  scene.finish("a1", OutcomeKind::failed, "other bytes");
  EXPECT_EQ(scene.state("a1"), ClientState::failed);
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted);
}

TEST(Recheck, OffTarget_WithdrawsTheSuccessHaltsAndRollsNothingBack) {
  ScenePlan plan = rechecked();
  plan.plan.groups[0].tolerate_failed = {1, false};
  Scene scene = upgraded(std::move(plan));
  scene.pass(hours(24));
  scene.finish("a1", OutcomeKind::failed, "Pcmwin32.exe has other bytes");
  EXPECT_EQ(scene.state("a1"), ClientState::failed);
  EXPECT_EQ(scene.group("a").failed, 1U);
  EXPECT_EQ(scene.group("a").state, GroupState::halted);
  EXPECT_EQ(scene.rollout().halt_reason(),
            "a: a1 was proven and is no more: Pcmwin32.exe has other bytes");
  EXPECT_FALSE(scene.happened("rollback_started"));
  EXPECT_THAT(scene.open(Step::restore), IsEmpty());
}

TEST(Recheck, WithdrawnBeyondTheBudget_ContinuesOnlyWhenAcknowledged) {
  Scene scene = upgraded(rechecked());
  scene.pass(hours(24));
  scene.finish("a2");
  scene.finish("a1", OutcomeKind::failed, "gone");
  EXPECT_FALSE(scene.happened("breached"));  // the withdrawal said so
  EXPECT_FALSE(scene.order("continue"));
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted);
  EXPECT_FALSE(scene.happened("rollback_started"));
  ASSERT_TRUE(scene.order("acknowledge"));
  ASSERT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed_with_failures);
}

TEST(Recheck, OffTarget_GroupsBehindDoNotStartBeforeAnOperatorSaysSo) {
  ScenePlan plan = rechecked();
  plan.plan.groups[0].tolerate_failed = {1, false};
  Group& later = plan.group("b", 1);
  later.after = {"a"};
  later.before = {Gate{Gate::Kind::soak, hours(30), "", {}}};
  Scene scene = upgraded(std::move(plan));
  scene.pass(hours(24));
  scene.finish("a1", OutcomeKind::failed, "gone");
  scene.finish("a2");
  scene.pass(hours(48));
  EXPECT_FALSE(scene.group("b").started);
  ASSERT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.group("a").state, GroupState::passed);
  scene.pass(hours(7));
  EXPECT_TRUE(scene.group("b").started);
}

TEST(Recheck, OffTarget_RetryUpgradesTheClientAnewAndRechecksItAnew) {
  Scene scene = upgraded(rechecked());
  scene.pass(hours(24));
  scene.finish("a2");
  scene.finish("a1", OutcomeKind::failed, "gone");
  ASSERT_TRUE(scene.order("retry", "a1"));
  ASSERT_TRUE(scene.order("continue"));
  EXPECT_THAT(scene.open(Step::upgrade), ElementsAre("a1"));
  scene.finish("a1");
  scene.finish("a1");
  EXPECT_EQ(scene.state("a1"), ClientState::upgraded);
  EXPECT_EQ(scene.rollout().state(), RolloutState::running);
  scene.pass(hours(24));
  scene.finish("a1");
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
  EXPECT_EQ(scene.group("a").withdrawn, 0U);
}

TEST(Recheck, OutOfReachUntilItsDeadline_StaysUpgradedAndIsSaidNotToBeRechecked) {
  Scene scene = upgraded(rechecked());
  scene.pass(hours(24));
  scene.finish("a1", OutcomeKind::unreachable, "off");
  scene.finish("a2", OutcomeKind::timed_out, "waits for log-on");
  EXPECT_EQ(scene.state("a1"), ClientState::upgraded);
  EXPECT_EQ(scene.record("a1").recheck, Recheck::missed);
  EXPECT_EQ(scene.group("a").not_rechecked, 2U);
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
  EXPECT_EQ(why(scene.rollout(), Subject::client(0), scene.now()),
            "a1 is upgraded, and could not be proven again: off");
}

TEST(Recheck, UnreachableForLong_IsNotLost) {
  ScenePlan plan = rechecked(1);
  plan.plan.groups[0].lost_after = minutes(5);
  Scene scene = upgraded(std::move(plan));
  scene.pass(hours(24));
  EXPECT_EQ(scene.rollout().lost_at(0, scene.now()), kNever);
  EXPECT_EQ(scene.rollout().poll_interval(Subject::client(0)), minutes(15));
}

TEST(Recheck, PausedMeanwhile_TimeDoesNotCount) {
  Scene scene = upgraded(rechecked());
  scene.pass(hours(23));
  ASSERT_TRUE(scene.order("pause"));
  scene.pass(hours(10));
  ASSERT_TRUE(scene.order("continue"));
  EXPECT_THAT(scene.open(Step::recheck), IsEmpty());
  scene.pass(hours(1));
  EXPECT_THAT(scene.open(Step::recheck), ElementsAre("a1", "a2"));
}

TEST(Recheck, ControllerDiesMeanwhile_GoesOnWithTheSameAttempt) {
  Scene scene = upgraded(rechecked());
  scene.pass(hours(24));
  scene.restart(hours(1));
  EXPECT_THAT(scene.open(Step::recheck), ElementsAre("a1", "a2"));
  EXPECT_EQ(scene.rollout().unprobed(), 0U);
  scene.finish_everything();
  EXPECT_EQ(scene.started("a1", Step::recheck), 1U);
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(Recheck, HaltedMeanwhile_DoesNotKeepTheController) {
  ScenePlan plan = rechecked();
  plan.plan.groups[0].tolerate_failed = {1, false};
  Scene scene = upgraded(std::move(plan));
  scene.pass(hours(24));
  scene.finish("a1", OutcomeKind::failed, "gone");
  EXPECT_THAT(scene.open(Step::recheck), ElementsAre("a2"));
  EXPECT_TRUE(scene.rollout().at_rest());
}

TEST(Recheck, RollbackIsOrdered_ItsClientsAreNotProvenAgain) {
  Scene scene = upgraded(rechecked());
  scene.pass(hours(24));
  ASSERT_TRUE(scene.order("rollback"));
  EXPECT_THAT(scene.open(Step::recheck), IsEmpty());
  scene.finish_all(Step::restore);
  EXPECT_EQ(scene.rollout().state(), RolloutState::rolled_back);
  EXPECT_EQ(scene.rollout().rechecks_due(), 0U);
}

TEST(Recheck, Aborted_EndsWithoutThem) {
  Scene scene = upgraded(rechecked());
  scene.pass(hours(24));
  ASSERT_TRUE(scene.order("abort"));
  EXPECT_EQ(scene.rollout().state(), RolloutState::aborted);
  EXPECT_EQ(scene.state("a1"), ClientState::upgraded);
  EXPECT_EQ(scene.record("a1").recheck, Recheck::missed);
}

TEST(Recheck, ToCome_WhySaysHowManyAndWhen) {
  Scene scene = upgraded(rechecked());
  EXPECT_THAT(why(scene.rollout(), Subject::rollout(), scene.now()),
              HasSubstr("waits for 2 rechecks, the next at 2026-11-24 20:00 UTC"));
  EXPECT_THAT(why(scene.rollout(), Subject::group(0), scene.now()),
              HasSubstr("2 rechecks to come"));
  EXPECT_EQ(why(scene.rollout(), Subject::client(0), scene.now()),
            "a1 is upgraded, and is proven again at 2026-11-24 20:00 UTC");
  scene.pass(hours(24));
  EXPECT_THAT(why(scene.rollout(), Subject::client(0), scene.now()),
              HasSubstr("a1 is upgraded, and is being proven again; tried until"));
}

}  // namespace
}  // namespace sitewide
