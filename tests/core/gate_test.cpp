// Gates that ask: what each verdict does, and what interrupts an asking.
#include "orchestrator/core/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "orchestrator/core/decide.h"
#include "orchestrator/core/why.h"
#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using Names = std::vector<std::string>;

Gate check_gate(std::uint32_t attempts = 3) {
  Gate gate;
  gate.kind = Gate::Kind::check;
  gate.inquiry.run = {"./smoke", "--all"};
  gate.inquiry.pass = {0};
  gate.inquiry.inconclusive = {75};
  gate.inquiry.policy.attempts = attempts;
  return gate;
}

// One group of two waves of one client, and the gate after each.
ScenePlan gate_after_wave(std::uint32_t attempts = 3) {
  ScenePlan plan;
  Group& group = plan.group("a", 2);
  group.waves = {{1, false}};
  group.after_wave = {check_gate(attempts)};
  group.command.restore = {"restore"};
  return plan;
}

ScenePlan gate_before(std::uint32_t attempts = 3) {
  ScenePlan plan;
  plan.group("a", 1).before = {check_gate(attempts)};
  return plan;
}

std::string why_of(const Scene& scene) {
  return why(scene.rollout(), Subject::group(0), scene.now());
}

TEST(AskingGate, OkAlonePasses) {
  EXPECT_EQ(verdict_of(OutcomeKind::ok), Verdict::pass);
  EXPECT_EQ(verdict_of(OutcomeKind::failed), Verdict::fail);
  for (const OutcomeKind kind :
       {OutcomeKind::unreachable, OutcomeKind::timed_out, OutcomeKind::cancelled,
        OutcomeKind::refused, OutcomeKind::inconclusive}) {
    EXPECT_EQ(verdict_of(kind), Verdict::inconclusive) << name_of(kind);
  }
}

TEST(AskingGate, Pass_NextWaveStarts) {
  Scene scene(gate_after_wave());
  scene.finish("a1");
  EXPECT_EQ(scene.group("a").state, GroupState::checking);
  EXPECT_EQ(scene.open(Step::check), Names{"a/1/1"});
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  scene.finish("a");
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a2"});
  scene.finish("a2");
  EXPECT_EQ(scene.open(Step::check), Names{"a/2/1"}) << "after the last wave too";
  scene.finish("a");
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(AskingGate, BeforeGroup_NothingOfItStartsUntilItPasses) {
  Scene scene(gate_before());
  EXPECT_EQ(scene.open(Step::check), Names{"a/before/1"});
  EXPECT_FALSE(scene.happened("group_started"));
  scene.finish("a");
  EXPECT_TRUE(scene.happened("group_started"));
}

TEST(AskingGate, Fail_IsABreachAndRollsTheGroupBack) {
  Scene scene(gate_after_wave());
  scene.finish("a1");
  scene.finish("a", OutcomeKind::failed, "exit 1: tills do not answer");
  EXPECT_EQ(scene.times("breached"), 1U);
  EXPECT_THAT(scene.rollout().halt_reason(),
              HasSubstr("a: check ./smoke --all failed: exit 1: tills do not answer"));
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"});
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
}

TEST(AskingGate, FailWithScopeWave_RollsBackTheWaveThatItJudged) {
  ScenePlan plan = gate_after_wave();
  plan.plan.groups[0].on_breach = Scope::wave;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a");
  scene.finish("a2");
  scene.finish("a", OutcomeKind::failed);
  EXPECT_EQ(scene.open(Step::restore), Names{"a2"}) << "a gate after the last wave too";
}

TEST(AskingGate, FailBeforeGroup_HaltsAndNothingIsRolledBack) {
  Scene scene(gate_before());
  scene.finish("a", OutcomeKind::failed, "exit 1");
  EXPECT_TRUE(scene.rollout().halted());
  EXPECT_FALSE(scene.happened("rollback_started"));
  EXPECT_FALSE(scene.rollout().ended());
  EXPECT_TRUE(scene.rollout().at_rest());
}

TEST(AskingGate, FailBeforeGroupWithScopeRollout_EarlierGroupsGoBackOnce) {
  ScenePlan plan;
  plan.group("a", 1).command.restore = {"restore"};
  Group& later = plan.group("b", 1);
  later.after = {"a"};
  later.before = {check_gate()};
  later.on_breach = Scope::rollout;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("b", OutcomeKind::failed);
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"});
  scene.finish("a1");
  EXPECT_EQ(scene.times("rollback_started"), 1U);
  EXPECT_EQ(scene.rollout().state(), RolloutState::rolled_back);
}

TEST(AskingGate, ContinuedAfterFailure_IsAskedAnewAndMayPass) {
  ScenePlan plan = gate_after_wave();
  plan.plan.groups[0].on_breach = Scope::none;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a", OutcomeKind::failed);
  EXPECT_TRUE(scene.rollout().halted());
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.started("a", Step::check), 2U);
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  scene.finish("a");
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a2"});
}

TEST(AskingGate, Inconclusive_IsAskedAgainAfterItsBackoff) {
  Scene scene(gate_before());
  scene.finish("a", OutcomeKind::inconclusive, "exit 75");
  EXPECT_THAT(scene.open(Step::check), IsEmpty());
  EXPECT_TRUE(scene.happened("retry_scheduled"));
  const Timestamp again = next_wake(scene.rollout(), scene.now());
  EXPECT_GE(again, scene.now() + seconds(30));
  EXPECT_LE(again, scene.now() + seconds(33)) << "a tenth of jitter at most";
  scene.pass(seconds(34));
  EXPECT_EQ(scene.open(Step::check), Names{"a/before/1"});
}

TEST(AskingGate, InconclusiveToTheLastAttempt_PausesTheRollout) {
  Scene scene(gate_before());
  for (const OutcomeKind kind :
       {OutcomeKind::timed_out, OutcomeKind::unreachable, OutcomeKind::inconclusive}) {
    scene.finish("a", kind, "says nothing");
    scene.pass(minutes(3));
  }
  EXPECT_TRUE(scene.rollout().paused());
  EXPECT_FALSE(scene.happened("gate_passed"));
  EXPECT_EQ(scene.started("a", Step::check), 3U);
  EXPECT_EQ(scene.rollout().pause_reason(),
            "a: check ./smoke --all is inconclusive, asked 3 times: says nothing");
  EXPECT_THAT(why_of(scene), HasSubstr("is inconclusive, asked 3 times"));
  scene.pass(hours(5));
  EXPECT_EQ(scene.started("a", Step::check), 3U) << "nobody asks while paused";
}

TEST(AskingGate, ContinuedAfterInconclusive_HasAllItsAttemptsAgain) {
  Scene scene(gate_before(2));
  scene.finish("a", OutcomeKind::inconclusive);
  scene.pass(minutes(1));
  scene.finish("a", OutcomeKind::inconclusive);
  EXPECT_TRUE(scene.rollout().paused());
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.rollout().pause_reason(), "");
  EXPECT_EQ(scene.open(Step::check), Names{"a/before/1"});
  scene.finish("a", OutcomeKind::inconclusive);
  EXPECT_FALSE(scene.rollout().paused()) << "one of two";
  scene.pass(minutes(1));
  scene.finish("a");
  EXPECT_TRUE(scene.happened("group_started"));
}

TEST(AskingGate, ControllerDiesBetweenStartAndAnswer_TheSameAttemptIsAskedAgain) {
  Scene scene(gate_before());
  const auto before = scene.rollout().open_attempts();
  scene.restart(hours(2));
  const auto after = scene.rollout().open_attempts();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].attempt, before[0].attempt);
  EXPECT_EQ(after[0].purpose, Purpose::execute) << "reading is done again, not looked back for";
  EXPECT_EQ(after[0].deadline, before[0].deadline + hours(2));
  EXPECT_EQ(scene.rollout().unprobed(), 0U);
  scene.finish("a");
  EXPECT_TRUE(scene.happened("group_started"));
}

TEST(AskingGate, AnsweredWhilePaused_IsAskedAnewWhenItGoesOn) {
  Scene scene(gate_before());
  EXPECT_TRUE(scene.order("pause"));
  scene.finish("a");
  EXPECT_FALSE(scene.happened("gate_passed"));
  scene.pass(hours(1));
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_FALSE(scene.happened("gate_passed")) << "that answer is an hour old";
  EXPECT_EQ(scene.open(Step::check), Names{"a/before/1"});
  scene.finish("a");
  EXPECT_TRUE(scene.happened("gate_passed"));
}

TEST(AskingGate, AnsweredWhileTheControllerLeft_IsAskedAnewByTheNext) {
  Scene scene(gate_before());
  scene.apply(ControllerStopping{"told to"});
  scene.finish("a");
  EXPECT_FALSE(scene.happened("gate_passed"));
  scene.restart(hours(9));
  EXPECT_EQ(scene.started("a", Step::check), 2U);
  EXPECT_FALSE(scene.happened("gate_passed"));
}

TEST(AskingGate, PauseBetweenAttempts_DoesNotShortenTheBackoff) {
  Scene scene(gate_after_wave());
  scene.finish("a1");
  scene.finish("a", OutcomeKind::inconclusive);
  scene.restart(hours(3));
  EXPECT_EQ(scene.started("a", Step::check), 2U) << "another controller asks at once";
}

TEST(AskingGate, GroupSkippedMeanwhile_NobodyWaitsForTheAnswer) {
  ScenePlan plan = gate_before();
  plan.group("b", 1).after = {"a"};
  Scene scene(std::move(plan));
  EXPECT_TRUE(scene.order("skip", "a"));
  EXPECT_THAT(scene.open(Step::check), IsEmpty());
  EXPECT_EQ(scene.rollout().open_actions(), 1U) << "b1's upgrade alone";
  EXPECT_EQ(scene.open(Step::upgrade), Names{"b1"});
}

TEST(AskingGate, AbortMeanwhile_TheAskingMayEndAndThenTheRolloutDoes) {
  Scene scene(gate_before());
  EXPECT_TRUE(scene.order("abort"));
  EXPECT_FALSE(scene.rollout().ended());
  scene.finish("a");
  EXPECT_EQ(scene.rollout().state(), RolloutState::aborted);
  EXPECT_FALSE(scene.happened("gate_passed"));
}

TEST(AskingGate, OtherGroupBreachesMeanwhile_PassIsNotActedOnUntilContinued) {
  ScenePlan plan = gate_before();
  plan.group("b", 1).on_breach = Scope::none;
  Scene scene(std::move(plan));
  scene.finish("b1", OutcomeKind::refused);
  EXPECT_TRUE(scene.rollout().halted());
  scene.finish("b1");  // it is put back
  EXPECT_FALSE(scene.rollout().at_rest()) << "the asking is waited for";
  scene.finish("a");
  EXPECT_FALSE(scene.happened("gate_passed"));
  EXPECT_TRUE(scene.rollout().at_rest());
}

TEST(AskingGate, Why_SaysAttemptDeadlineAndLastAnswer) {
  Scene scene(gate_after_wave());
  scene.finish("a1");
  EXPECT_THAT(why_of(scene), HasSubstr("a waits after wave 1 of 2 for check ./smoke --all; attempt "
                                       "1 of 3 is under way, ended at"));
  scene.finish("a", OutcomeKind::inconclusive, "exit 75: not yet");
  EXPECT_THAT(why_of(scene), HasSubstr("attempt 2 of 3 at "));
  EXPECT_THAT(why_of(scene), HasSubstr("inconclusive: exit 75: not yet"));
}

TEST(AskingGate, TwoGatesInARow_EachIsAsked) {
  ScenePlan plan;
  plan.group("a", 1).before = {check_gate(), check_gate()};
  Scene scene(std::move(plan));
  scene.finish("a");
  EXPECT_EQ(scene.open(Step::check), Names{"a/before/2"});
  EXPECT_FALSE(scene.happened("group_started"));
  scene.finish("a");
  EXPECT_TRUE(scene.happened("group_started"));
}

}  // namespace
}  // namespace sitewide
