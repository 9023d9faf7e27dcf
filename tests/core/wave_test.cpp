// Waves, gates, groups, late and lost clients.
#include <gmock/gmock.h>

#include "orchestrator/core/decide.h"
#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::IsEmpty;
using testing::SizeIs;
using Names = std::vector<std::string>;

TEST(Wave, FirstNotSettled_SecondWaits) {
  ScenePlan plan;
  plan.group("a", 4).waves = {{1, false}, {100, true}};
  Scene scene(std::move(plan));
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a1"});
  scene.finish("a1");
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"a2", "a3", "a4"}));
}

TEST(Wave, LastSizeRepeats_UntilAllAreIn) {
  ScenePlan plan;
  plan.group("a", 10).waves = {{1, false}, {25, true}};
  Scene scene(std::move(plan));
  EXPECT_THAT(scene.schedule().groups[0].waves, SizeIs(4));
}

TEST(Wave, NobodyUpgraded_HaltsForWantOfEvidence) {
  ScenePlan plan;
  Group& group = plan.group("a", 2);
  group.tolerate_failed = {2, false};
  group.restore_failed = false;
  Scene scene(std::move(plan));
  scene.finish_all(Step::upgrade, OutcomeKind::refused);
  EXPECT_FALSE(scene.happened("wave_passed"));
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted);
}

TEST(Wave, AllAreCurrent_IsEvidence) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.is_current("a1");
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
  EXPECT_EQ(scene.started("a1", Step::trigger), 0U);
}

TEST(Wave, EveryoneSkipped_PassesWithoutEvidence) {
  ScenePlan plan;
  plan.group("a", 2).before = {{Gate::Kind::approval, {}, "board", {}}};
  Scene scene(std::move(plan));
  scene.order("skip", "a1");
  scene.order("skip", "a2");
  scene.order("approve", "a", "board");
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(Late, UnreachableBeforeTrigger_LateAndWaveSettles) {
  ScenePlan plan;
  Group& group = plan.group("a", 2);
  group.tolerate_late = {1, false};
  group.attempts = 1;
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::unreachable);
  EXPECT_EQ(scene.state("a1"), ClientState::late);
  EXPECT_EQ(scene.record("a1").trigger_order, 0U);
  scene.finish("a2");
  EXPECT_TRUE(scene.happened("wave_passed"));
  EXPECT_EQ(scene.rollout().state(), RolloutState::running);
}

TEST(Late, MoreThanTolerated_HaltsWithoutRollback) {
  ScenePlan plan;
  plan.group("a", 2).attempts = 1;
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::unreachable);
  scene.finish("a2");
  EXPECT_EQ(scene.rollout().halt_reason(), "a wave 1: 1 late, 0 tolerated");
  EXPECT_FALSE(scene.happened("rollback_started"));
  EXPECT_EQ(scene.state("a2"), ClientState::upgraded);
}

TEST(Late, ComesBack_UpgradedBesideLaterWaves) {
  ScenePlan plan;
  Group& group = plan.group("a", 3);
  group.waves = {{2, false}, {1, false}};
  group.tolerate_late = {1, false};
  group.attempts = 1;
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::unreachable);
  scene.finish("a2");
  scene.pass(minutes(15));
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"a3", "a1"}));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
  EXPECT_EQ(scene.group("a").late, 0U);
}

TEST(Late, NeverComesBack_GivenUpAndRolloutEnds) {
  ScenePlan plan;
  Group& group = plan.group("a", 2);
  group.tolerate_late = {1, false};
  group.attempts = 1;
  group.retry_late = minutes(15);
  group.give_up_late = hours(1);
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::unreachable);
  scene.finish("a2");
  for (int i = 0; i < 20 && !scene.rollout().ended(); ++i) {
    scene.pass(minutes(5));
    scene.finish_all(Step::upgrade, OutcomeKind::unreachable);
  }
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed_with_failures);
  EXPECT_TRUE(scene.record("a1").final_late);
}

TEST(Late, DuringHalt_NotTried) {
  ScenePlan plan;
  plan.group("a", 2).attempts = 1;
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::unreachable);
  scene.finish("a2");
  scene.pass(hours(2));
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  EXPECT_TRUE(scene.rollout().at_rest());
}

TEST(Late, TimeToGiveUpPassesWhilePaused_StillTried) {
  ScenePlan plan;
  Group& group = plan.group("a", 2);
  group.tolerate_late = {1, false};
  group.attempts = 1;
  group.give_up_late = hours(1);
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::unreachable);
  scene.order("pause");
  scene.pass(hours(5));
  EXPECT_FALSE(scene.record("a1").final_late);
  scene.order("continue");
  scene.pass(minutes(15));
  scene.finish("a1");
  EXPECT_EQ(scene.state("a1"), ClientState::upgraded);
}

TEST(Late, FailsAfterGroupPassed_StillBreaches) {
  ScenePlan plan;
  Group& group = plan.group("a", 2);
  group.tolerate_late = {1, false};
  group.attempts = 1;
  group.on_breach = Scope::none;
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::unreachable);
  scene.finish("a2");
  EXPECT_EQ(scene.group("a").state, GroupState::passed);
  scene.pass(minutes(15));
  scene.finish("a1", OutcomeKind::refused);
  EXPECT_EQ(scene.group("a").state, GroupState::halted);
}

TEST(Lost, UnreachableAtItsDeadlineAfterTrigger_CountsAsFailure) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (const Step step : {Step::inspect, Step::back_up, Step::trigger}) scene.finish_all(step);
  scene.finish("a1", OutcomeKind::unreachable, "off since 18:04");
  EXPECT_EQ(scene.settled(ClientState::lost), Names{"a1"});
  EXPECT_TRUE(scene.happened("breached"));
}

TEST(Gate, SoakAfterWave_NextWaveWaitsForItsEnd) {
  ScenePlan plan;
  Group& group = plan.group("a", 2);
  group.waves = {{1, false}};
  group.after_wave = {{Gate::Kind::soak, minutes(10), "", {}}};
  Scene scene(std::move(plan));
  scene.finish("a1");
  EXPECT_EQ(scene.group("a").state, GroupState::soaking);
  EXPECT_EQ(next_wake(scene.rollout(), scene.now()), scene.now() + minutes(10));
  scene.pass(minutes(9));
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  scene.pass(minutes(1));
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a2"});
}

TEST(Gate, AfterLastWave_HoldsBackTheNextGroup) {
  ScenePlan plan;
  plan.group("a", 1).after_wave = {{Gate::Kind::soak, minutes(10), "", {}}};
  plan.group("b", 1).after = {"a"};
  Scene scene(std::move(plan));
  scene.finish("a1");
  EXPECT_EQ(scene.state("b1"), ClientState::waiting);
  scene.pass(minutes(10));
  EXPECT_EQ(scene.open(Step::upgrade), Names{"b1"});
}

TEST(Gate, ApprovalGivenEarly_HoldsForThatGateAlone) {
  ScenePlan plan;
  Group& group = plan.group("a", 3);
  group.waves = {{1, false}};
  group.after_wave = {{Gate::Kind::approval, {}, "board", {}}};
  Scene scene(std::move(plan));
  EXPECT_TRUE(scene.order("approve", "a/1", "board"));
  scene.finish("a1");
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a2"});
  scene.finish("a2");
  EXPECT_EQ(scene.group("a").state, GroupState::awaiting_approval);
  EXPECT_FALSE(scene.order("approve", "a/2", "nobody"));
}

TEST(Gate, BeforeFirstGroupOfSite_HoldsBackStage) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat).before = {{Gate::Kind::approval, {}, "board", {}}};
  Scene scene(std::move(plan));
  EXPECT_THAT(scene.open(Step::stage), IsEmpty());
  scene.order("approve", "a", "board");
  EXPECT_EQ(scene.open(Step::stage), Names{"HQ"});
}

TEST(Group, AfterTwo_WaitsForBoth) {
  ScenePlan plan;
  plan.group("a", 1);
  plan.group("b", 1);
  plan.group("c", 1).after = {"a", "b"};
  Scene scene(std::move(plan));
  scene.finish("a1");
  EXPECT_THAT(scene.open(Step::upgrade), (Names{"b1"}));
  scene.finish("b1");
  EXPECT_EQ(scene.open(Step::upgrade), Names{"c1"});
}

TEST(Deadline, RolloutWithinIsOver_HaltsAndMovesNotWithPauses) {
  ScenePlan plan;
  plan.group("a", 1);
  plan.plan.limits.rollout_within = hours(4);
  Scene scene(std::move(plan));
  scene.order("pause");
  scene.pass(hours(5));
  scene.order("continue");
  EXPECT_EQ(scene.rollout().halt_reason(), "rollout_within 4h is over");
}

TEST(Rate, TenAMinute_TriggersAreEvenlySpaced) {
  ScenePlan plan;
  plan.group("a", 3);
  plan.plan.limits.rate = {10, minutes(1)};
  Scene scene(std::move(plan));
  EXPECT_THAT(scene.open(Step::upgrade), SizeIs(1));
  scene.pass(std::chrono::seconds(5));
  EXPECT_THAT(scene.open(Step::upgrade), SizeIs(1));
  scene.pass(std::chrono::seconds(1));
  EXPECT_THAT(scene.open(Step::upgrade), SizeIs(2));
}

}  // namespace
}  // namespace sitewide
