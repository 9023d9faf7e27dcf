// What operators say, and what comes of it.
#include <gmock/gmock.h>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using testing::IsEmpty;
using testing::SizeIs;
using Names = std::vector<std::string>;

constexpr OutcomeKind kBad = OutcomeKind::refused;

TEST(Pause, SomethingRuns_FinishesAndNothingStarts) {
  ScenePlan plan;
  plan.group("a", 3).in_flight = 1;
  Scene scene(std::move(plan));
  EXPECT_TRUE(scene.order("pause"));
  scene.finish("a1");
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a2"});
}

TEST(Pause, ClientConverges_StillWatched) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("a1");
  scene.finish("a1");
  scene.order("pause");
  scene.finish("a1");
  EXPECT_EQ(scene.open(Step::converge), Names{"a1"});
}

TEST(Pause, ThreeHours_DeadlinesAndSoaksMoveByThem) {
  ScenePlan plan;
  Group& group = plan.group("a", 2, Method::upgrade_bat);
  group.waves = {{1, false}};
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int i = 0; i < 3; ++i) scene.finish("a1");
  const Timestamp before = scene.rollout().open_attempt(Subject::client(0))->deadline;
  scene.order("pause");
  scene.pass(hours(3));
  scene.order("continue");
  EXPECT_EQ(scene.rollout().open_attempt(Subject::client(0))->deadline, before + hours(3));
}

TEST(Pause, ControllerGoneMeanwhile_WholeTimeCountsOnce) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int i = 0; i < 3; ++i) scene.finish("a1");
  const Timestamp before = scene.rollout().open_attempt(Subject::client(0))->deadline;
  scene.order("pause");
  scene.pass(hours(1));
  scene.restart(hours(2));
  scene.pass(hours(4));
  scene.order("continue");
  EXPECT_EQ(scene.rollout().open_attempt(Subject::client(0))->deadline, before + hours(7));
}

// A rollback is never gated, and a pause that nobody ends must not hide a breach.
TEST(Pause, BreachMeanwhile_HaltTakesItsPlaceAndTheRollbackRuns) {
  ScenePlan plan;
  plan.group("a", 2);
  plan.group("b", 2).in_flight = 1;
  Scene scene(std::move(plan));
  scene.order("pause");
  scene.finish("b1");
  scene.finish("a1", kBad);
  EXPECT_FALSE(scene.rollout().paused());
  EXPECT_EQ(scene.rollout().state(), RolloutState::rolling_back);
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"});
  scene.finish("a2");
  scene.finish_all(Step::restore);
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted);
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  EXPECT_FALSE(scene.order("continue")) << "that lifts no halt";
  EXPECT_EQ(scene.state("b2"), ClientState::waiting);
}

TEST(Pause, BreachMeanwhile_ThePauseCountsAgainstNobody) {
  ScenePlan plan;
  Group& group = plan.group("a", 2, Method::upgrade_bat);
  group.on_breach = Scope::none;
  group.restore_failed = false;
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (const Step step : {Step::inspect, Step::back_up, Step::trigger}) scene.finish_all(step);
  const Timestamp before = scene.rollout().open_attempt(Subject::client(0))->deadline;
  scene.order("pause");
  scene.pass(hours(3));
  scene.finish("a2", OutcomeKind::failed);
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted);
  EXPECT_EQ(scene.rollout().open_attempt(Subject::client(0))->deadline, before + hours(3));
}

TEST(Acknowledge, FailuresOverBudget_BudgetRearmsAboveThem) {
  ScenePlan plan;
  Group& group = plan.group("a", 4);
  group.waves = {{2, false}};
  group.on_breach = Scope::none;
  group.restore_failed = false;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a2", kBad);
  EXPECT_TRUE(scene.order("acknowledge"));
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"a3", "a4"}));
  scene.finish("a3", kBad);
  EXPECT_EQ(scene.times("breached"), 2U);
}

// What has not failed yet is not accepted in advance.
TEST(Acknowledge, MoreThanFailed_OnlyWhatIsOverTheBudget) {
  for (const std::uint32_t count : {3U, 100U, UINT32_MAX}) {
    ScenePlan plan;
    for (const char* name : {"a", "b"}) {
      Group& group = plan.group(name, 5);
      group.on_breach = Scope::none;
      group.restore_failed = false;
      group.tolerate_failed = {1, false};
    }
    Scene scene(std::move(plan));
    for (const char* client : {"a1", "a2", "a3", "b1", "b2", "b3", "b4"})
      scene.finish(client, kBad);
    EXPECT_TRUE(scene.order("acknowledge", "", "", count));
    EXPECT_EQ(scene.group("a").acknowledged, 2U);
    EXPECT_EQ(scene.group("b").acknowledged, 3U);
    EXPECT_TRUE(scene.order("continue"));
    scene.finish("a4", kBad);
    EXPECT_TRUE(scene.rollout().halted());
  }
}

TEST(Acknowledge, FewerThanFailed_SoManyOfEachGroup) {
  ScenePlan plan;
  Group& group = plan.group("a", 3);
  group.on_breach = Scope::none;
  group.restore_failed = false;
  Scene scene(std::move(plan));
  scene.finish("a1", kBad);
  scene.finish("a2", kBad);
  EXPECT_TRUE(scene.order("acknowledge", "a", "", 1));
  EXPECT_EQ(scene.group("a").acknowledged, 1U);
  EXPECT_FALSE(scene.order("continue"));
  EXPECT_TRUE(scene.order("acknowledge", "a", "", 9));
  EXPECT_EQ(scene.group("a").acknowledged, 2U);
}

// Journals of older engines hold any number.
TEST(Acknowledge, NumberOfAnOlderEngine_DoesNotWrap) {
  ScenePlan plan;
  plan.group("a", 3).tolerate_failed = {1, false};
  Scene scene(std::move(plan));
  for (int i = 0; i < 3; ++i) scene.apply(Acknowledged{0, UINT32_MAX, {"ann", "desk", "all"}});
  EXPECT_EQ(scene.group("a").acknowledged, 3U);
}

TEST(Acknowledge, NothingOverBudget_Refused) {
  ScenePlan plan;
  plan.group("a", 1);
  Scene scene(std::move(plan));
  EXPECT_FALSE(scene.order("acknowledge"));
}

TEST(Continue, FailuresNeitherRetriedNorAcknowledged_RefusedForItWouldHaltAgain) {
  ScenePlan plan;
  Group& group = plan.group("a", 2);
  group.on_breach = Scope::none;
  group.restore_failed = false;
  Scene scene(std::move(plan));
  scene.finish("a2");
  scene.finish("a1", kBad);
  EXPECT_FALSE(scene.order("continue"));
  EXPECT_EQ(scene.refusal(),
            "group `a` has 1 failed, 0 tolerated; retry or acknowledge them first");
  EXPECT_TRUE(scene.order("retry"));
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a1"});
}

TEST(Retry, NothingFailed_RefusedWithTheReason) {
  ScenePlan plan;
  plan.group("a", 2).in_flight = 1;
  Scene scene(std::move(plan));
  scene.finish("a1");
  EXPECT_FALSE(scene.order("retry", "a1"));
  EXPECT_EQ(scene.refusal(), "client `a1` is upgraded: there is nothing to try again");
  EXPECT_FALSE(scene.order("retry", "a"));
  EXPECT_FALSE(scene.order("retry"));
}

TEST(Retry, AfterRollback_ClientsStartAnew) {
  ScenePlan plan;
  plan.group("a", 2);
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a2", kBad);
  scene.finish("a2", kBad);  // its restore
  scene.finish("a1");
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted);
  EXPECT_TRUE(scene.order("retry", "a"));
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.group("a").failed, 0U);
  EXPECT_THAT(scene.open(Step::upgrade), SizeIs(2));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(Retry, OfAPassedWave_GroupWaitsForIt) {
  ScenePlan plan;
  Group& group = plan.group("a", 3);
  group.waves = {{2, false}};
  group.tolerate_failed = {1, false};
  group.restore_failed = false;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a2", kBad);
  scene.order("retry", "a2");
  scene.finish("a3");
  EXPECT_NE(scene.group("a").state, GroupState::passed);
  scene.finish("a2");
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(Retry, FilesCameMeanwhile_OnlyProven) {
  ScenePlan plan;
  Group& group = plan.group("a", 2, Method::upgrade_bat);
  group.tolerate_failed = {1, false};
  group.restore_failed = false;
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int i = 0; i < 3; ++i) scene.finish("a1");
  scene.finish("a1", OutcomeKind::timed_out);
  scene.order("retry", "a1");
  scene.is_current("a1");
  EXPECT_EQ(scene.open(Step::converge), Names{"a1"});
  scene.finish("a1");
  EXPECT_EQ(scene.state("a1"), ClientState::upgraded);
  EXPECT_EQ(scene.started("a1", Step::trigger), 1U);
}

TEST(Skip, ClientBeforeItsTrigger_LeavesTheWave) {
  ScenePlan plan;
  plan.group("a", 2).in_flight = 1;
  Scene scene(std::move(plan));
  EXPECT_TRUE(scene.order("skip", "a2"));
  EXPECT_FALSE(scene.order("skip", "a1"));
  scene.finish("a1");
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
  EXPECT_EQ(scene.state("a2"), ClientState::skipped);
}

TEST(Skip, LateClient_NotTriedAgain) {
  ScenePlan plan;
  Group& group = plan.group("a", 2);
  group.attempts = 1;
  group.tolerate_late = {1, false};
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::unreachable);
  scene.finish("a2");
  EXPECT_TRUE(scene.order("skip", "a1"));
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(Skip, Group_SatisfiesAfter) {
  ScenePlan plan;
  plan.group("a", 1).before = {{Gate::Kind::approval, {}, "board", {}}};
  plan.group("b", 1).after = {"a"};
  Scene scene(std::move(plan));
  EXPECT_TRUE(scene.order("skip", "a"));
  EXPECT_EQ(scene.open(Step::upgrade), Names{"b1"});
}

// Its site was staged ahead; putting that back asks nobody for the group again.
TEST(Skip, GroupThatHasNotBegun_StaysSkippedWhenItsSiteGoesBack) {
  ScenePlan plan;
  plan.group("first", 1);
  plan.clients.set(0, 0, "");  // a command group's clients are none of the site's
  plan.group("a", 1, Method::upgrade_bat).before = {{Gate::Kind::approval, {}, "board", {}}};
  plan.group("b", 1, Method::upgrade_bat).after = {"a"};
  plan.group("c", 1, Method::upgrade_bat).after = {"b"};
  Scene scene(std::move(plan));
  scene.finish("first1");
  EXPECT_TRUE(scene.order("skip", "a"));
  scene.make_sites_ready();
  scene.finish("b1");  // its inspect
  ASSERT_TRUE(scene.order("rollback", "a")) << scene.refusal();
  scene.finish_everything();
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.rollout().group(1).state, GroupState::skipped);
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(Skip, GroupHasPassed_Refused) {
  ScenePlan plan;
  plan.group("a", 1);
  plan.group("b", 1);
  Scene scene(std::move(plan));
  scene.finish("a1");
  EXPECT_FALSE(scene.order("skip", "a"));
  EXPECT_EQ(scene.refusal(), "group `a` has passed");
}

TEST(Abort, Drain_FinishesWhatRunsAndEnds) {
  ScenePlan plan;
  plan.group("a", 3).in_flight = 2;
  Scene scene(std::move(plan));
  EXPECT_TRUE(scene.order("abort"));
  scene.finish("a1");
  EXPECT_FALSE(scene.rollout().ended());
  scene.finish("a2");
  EXPECT_EQ(scene.rollout().state(), RolloutState::aborted);
  EXPECT_EQ(scene.state("a1"), ClientState::upgraded);
  EXPECT_EQ(scene.state("a3"), ClientState::waiting);
}

TEST(Abort, Rollback_EverythingGoesBack) {
  ScenePlan plan;
  plan.group("a", 3).in_flight = 2;
  Scene scene(std::move(plan));
  scene.finish("a1");
  EXPECT_TRUE(scene.order("abort", "", "rollback"));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::aborted);
  EXPECT_EQ(scene.settled(ClientState::upgraded), Names{"a1"});
  EXPECT_THAT(scene.settled(ClientState::restored), SizeIs(3));
}

TEST(Abort, WhilePaused_RollsBackAtOnce) {
  ScenePlan plan;
  plan.group("a", 2).in_flight = 1;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a2");
  EXPECT_TRUE(scene.rollout().ended());
  ScenePlan other;
  other.group("a", 2).in_flight = 1;
  Scene paused(std::move(other));
  paused.finish("a1");
  paused.order("pause");
  paused.order("abort", "", "rollback");
  EXPECT_EQ(paused.open(Step::restore), Names{"a1"});
}

TEST(Abort, DrainTakesTooLong_CanBeMadeACancelOrARollback) {
  ScenePlan plan;
  plan.group("a", 2).in_flight = 1;
  Scene scene(std::move(plan));
  scene.finish("a1");
  EXPECT_TRUE(scene.order("abort"));
  EXPECT_TRUE(scene.order("abort", "", "cancel"));
  EXPECT_EQ(scene.rollout().aborted(), AbortPolicy::cancel);
  scene.doubt("a2");
  EXPECT_FALSE(scene.rollout().ended()) << "it was not looked for yet";
  EXPECT_TRUE(scene.order("abort", "", "rollback"));
  EXPECT_EQ(scene.rollout().aborted(), AbortPolicy::rollback);
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::aborted);
  EXPECT_THAT(scene.settled(ClientState::restored), SizeIs(2));
}

TEST(Abort, UnknownPolicy_IsRefused) {
  ScenePlan plan;
  plan.group("a", 1);
  Scene scene(std::move(plan));
  EXPECT_FALSE(scene.order("abort", "", "explode"));
}

}  // namespace
}  // namespace sitewide
