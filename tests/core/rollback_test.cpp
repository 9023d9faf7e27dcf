// What is rolled back, in which order, and what is left.
#include <gmock/gmock.h>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;
using Names = std::vector<std::string>;

constexpr OutcomeKind kBad = OutcomeKind::refused;

// Inspect, back up and trigger for all that are there.
void trigger_all(Scene& scene) {
  for (const Step step : {Step::inspect, Step::back_up, Step::trigger}) scene.finish_all(step);
}

TEST(Rollback, ScopeGroup_NewestTriggerFirst) {
  ScenePlan plan;
  plan.group("a", 4).rollback_in_flight = 1;
  Scene scene(std::move(plan));
  for (const char* name : {"a1", "a2", "a3"}) scene.finish(name);
  scene.finish("a4", kBad);
  scene.finish_everything();
  EXPECT_THAT(scene.settled(ClientState::restored), ElementsAre("a4", "a3", "a2", "a1"));
  EXPECT_EQ(scene.rollout().state(), RolloutState::rolled_back);
}

TEST(Rollback, ScopeWave_EarlierWaveStays) {
  ScenePlan plan;
  Group& group = plan.group("a", 3);
  group.waves = {{1, false}, {2, false}};
  group.on_breach = Scope::wave;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a2");
  scene.finish("a3", kBad);
  EXPECT_EQ(scene.open(Step::restore), (Names{"a3", "a2"}));
  scene.finish_everything();
  EXPECT_EQ(scene.state("a1"), ClientState::upgraded);
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted);
  EXPECT_TRUE(scene.rollout().at_rest());
}

TEST(Rollback, ScopeRollout_OtherGroupsGoBackToo) {
  ScenePlan plan;
  plan.group("a", 1);
  Group& second = plan.group("b", 1);
  second.after = {"a"};
  second.on_breach = Scope::rollout;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("b1", kBad);
  EXPECT_EQ(scene.open(Step::restore), (Names{"b1", "a1"}));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::rolled_back);
}

TEST(Rollback, ScopeNone_HaltsAndChangesNothing) {
  ScenePlan plan;
  plan.group("a", 2).on_breach = Scope::none;
  plan.plan.groups[0].restore_failed = false;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a2", kBad);
  EXPECT_TRUE(scene.rollout().at_rest());
  EXPECT_EQ(scene.state("a1"), ClientState::upgraded);
}

TEST(Rollback, ClientConverging_IsRestoredToo) {
  ScenePlan plan;
  plan.group("a", 2, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  trigger_all(scene);
  scene.finish("a1", OutcomeKind::failed);
  EXPECT_THAT(scene.open(Step::converge), IsEmpty());
  EXPECT_EQ(scene.open(Step::restore), (Names{"a2", "a1"}));
}

TEST(Rollback, ClientInDoubt_IsProbedFirst) {
  ScenePlan plan;
  plan.group("a", 2);
  Scene scene(std::move(plan));
  scene.doubt("a2");
  scene.finish("a1", kBad);
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"});
  scene.finish("a2");
  EXPECT_EQ(scene.open(Step::restore), (Names{"a1", "a2"}));
}

TEST(Rollback, WindowAndRateAreClosed_RestoresStartAtOnce) {
  ScenePlan plan;
  plan.group("a", 2);
  plan.plan.limits.rate = {1, hours(1)};
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.pass(hours(1));
  scene.finish("a2", kBad);
  EXPECT_EQ(scene.open(Step::restore), (Names{"a2", "a1"}));
}

TEST(Rollback, RestoreKeepsFailing_NeedsHandsAndNothingMore) {
  ScenePlan plan;
  plan.group("a", 1).attempts = 2;
  Scene scene(std::move(plan));
  scene.finish("a1", kBad);
  scene.finish("a1", OutcomeKind::failed);
  scene.pass(minutes(2));
  scene.finish("a1", OutcomeKind::failed);
  EXPECT_EQ(scene.state("a1"), ClientState::needs_hands);
  EXPECT_EQ(scene.times("rollback_started"), 1U);
  EXPECT_NE(scene.rollout().state(), RolloutState::rolled_back);
}

TEST(Rollback, NothingToRestoreWith_NeedsHands) {
  ScenePlan plan;
  plan.group("a", 2).command.restore.clear();
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a2", kBad);
  EXPECT_EQ(scene.state("a1"), ClientState::needs_hands);
  EXPECT_EQ(scene.started("a1", Step::restore), 0U);
}

TEST(Rollback, ClientIsOff_TriedUntilItsTimeIsOver) {
  ScenePlan plan;
  Group& group = plan.group("a", 1);
  group.rollback_within = hours(1);
  group.attempts = 1;
  Scene scene(std::move(plan));
  scene.finish("a1", kBad);
  for (int i = 0; i < 200 && scene.state("a1") != ClientState::needs_hands; ++i) {
    scene.finish_all(Step::restore, OutcomeKind::unreachable);
    scene.pass(minutes(1));
  }
  EXPECT_EQ(scene.state("a1"), ClientState::needs_hands);
  EXPECT_GT(scene.started("a1", Step::restore), 5U);
}

TEST(OnFailure, Restore_OneFailureWithinBudgetIsPutBack) {
  ScenePlan plan;
  plan.group("a", 2).tolerate_failed = {1, false};
  Scene scene(std::move(plan));
  scene.finish("a1", kBad);
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"});
  scene.finish_everything();
  EXPECT_EQ(scene.state("a1"), ClientState::restored);
  EXPECT_EQ(scene.group("a").failed, 1U);
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed_with_failures);
}

TEST(OnFailure, Leave_FailedClientIsLeftAsItIs) {
  ScenePlan plan;
  Group& group = plan.group("a", 2);
  group.tolerate_failed = {1, false};
  group.restore_failed = false;
  Scene scene(std::move(plan));
  scene.finish("a1", kBad);
  scene.finish_everything();
  EXPECT_EQ(scene.state("a1"), ClientState::failed);
  EXPECT_EQ(scene.started("a1", Step::restore), 0U);
}

TEST(SiteUndo, NobodyOutsideIsTouched_SiteIsUndone) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  trigger_all(scene);
  scene.finish("a1", OutcomeKind::failed);
  EXPECT_EQ(scene.open(Step::unstage), Names{"HQ"});
  scene.finish_everything();
  EXPECT_EQ(scene.site().phase, SiteRecord::Phase::undone);
  EXPECT_EQ(scene.rollout().state(), RolloutState::rolled_back);
}

TEST(SiteUndo, CanaryIsUpgraded_SiteStaysAndCanaryToo) {
  ScenePlan plan;
  plan.group("canary", 1, Method::upgrade_bat);
  plan.group("office", 2, Method::site_wide).after = {"canary"};
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  trigger_all(scene);
  scene.finish("canary1");
  trigger_all(scene);
  scene.finish_all(Step::force);
  scene.finish_all(Step::regenerate);
  scene.finish("office1", OutcomeKind::failed);
  EXPECT_THAT(scene.open(Step::unstage), IsEmpty());
  EXPECT_EQ(scene.open(Step::restore), (Names{"office2", "office1"}));
  scene.finish_everything();
  EXPECT_EQ(scene.state("canary1"), ClientState::upgraded);
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted);
}

TEST(SiteUndo, ClientWasCurrentBefore_SiteStays) {
  ScenePlan plan;
  plan.group("a", 2, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.is_current("a1");
  trigger_all(scene);
  scene.finish("a2", OutcomeKind::failed);
  EXPECT_THAT(scene.open(Step::unstage), IsEmpty());
}

TEST(SiteUndo, BreachWhileAClientIsLookedAt_WaitsForTheAnswer) {
  ScenePlan plan;
  plan.group("a", 2, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int step = 0; step < 3; ++step) scene.finish("a1");
  scene.finish("a1", OutcomeKind::failed);
  EXPECT_TRUE(scene.happened("breached"));
  EXPECT_FALSE(scene.happened("rollback_started"));
  scene.finish("a2");
  EXPECT_EQ(scene.open(Step::unstage), Names{"HQ"});
}

TEST(SiteUndo, BreachAndTheClientLookedAtIsCurrent_SiteStays) {
  ScenePlan plan;
  plan.group("a", 2, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int step = 0; step < 3; ++step) scene.finish("a1");
  scene.finish("a1", OutcomeKind::failed);
  scene.is_current("a2");
  EXPECT_THAT(scene.open(Step::unstage), IsEmpty());
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"});
}

TEST(SiteUndo, RollbackOrderedWhileAClientIsLookedAt_SiteStays) {
  ScenePlan plan;
  plan.group("a", 2, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int step = 0; step < 3; ++step) scene.finish("a1");
  EXPECT_TRUE(scene.order("rollback"));
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"});
  scene.is_current("a2");
  EXPECT_THAT(scene.open(Step::unstage), IsEmpty());
}

TEST(SiteUndo, ForcedSite_ForcedBackAndClientsWatched) {
  ScenePlan plan;
  plan.group("a", 2, Method::site_wide);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  trigger_all(scene);
  scene.finish_all(Step::force);
  scene.finish_all(Step::regenerate);
  scene.finish("a1", OutcomeKind::failed);
  for (const Step step : {Step::unstage, Step::replicate_originals, Step::force_originals}) {
    EXPECT_EQ(scene.open(step), Names{"HQ"});
    EXPECT_THAT(scene.open(Step::converge_originals), IsEmpty());
    scene.finish_all(step);
  }
  scene.finish_all(Step::regenerate_originals);
  EXPECT_THAT(scene.open(Step::converge_originals), testing::SizeIs(2));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::rolled_back);
}

TEST(SiteUndo, ForceRunsWhileBreached_UndoneWhenItEnds) {
  ScenePlan plan;
  plan.group("a", 1).on_breach = Scope::rollout;
  plan.clients.set(0, 0, "");  // a command group's clients are none of the site's
  plan.group("b", 1, Method::site_wide);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("b1");
  scene.finish("b1");
  EXPECT_EQ(scene.open(Step::force), Names{"HQ"});
  scene.finish("a1", kBad);
  EXPECT_THAT(scene.open(Step::unstage), IsEmpty());
  scene.finish("HQ");
  EXPECT_EQ(scene.open(Step::unstage), Names{"HQ"});
}

TEST(SiteUndo, UndoFails_NeedsHands) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  trigger_all(scene);
  scene.finish("a1", OutcomeKind::failed);
  scene.finish("HQ", kBad);
  scene.finish_everything();
  EXPECT_TRUE(scene.site().needs_hands);
  EXPECT_NE(scene.rollout().state(), RolloutState::rolled_back);
}

TEST(SiteFailure, ReplicateIsOver_HaltsUndoesStageAndSparesBudgets) {
  ScenePlan plan;
  plan.group("a", 2, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.finish_all(Step::stage);
  scene.finish("HQ", OutcomeKind::timed_out, "1 of 2 logon servers");
  EXPECT_EQ(scene.rollout().halt_reason(), "site HQ: replicate timed out: 1 of 2 logon servers");
  EXPECT_EQ(scene.open(Step::unstage), Names{"HQ"});
  EXPECT_EQ(scene.state("a1"), ClientState::waiting);
  EXPECT_EQ(scene.group("a").failed, 0U);
  scene.finish("HQ");
  EXPECT_TRUE(scene.rollout().at_rest());
}

TEST(SiteFailure, ThenContinued_StagedAgain) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.finish_all(Step::stage);
  scene.finish("HQ", OutcomeKind::timed_out);
  scene.finish("HQ");
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.open(Step::stage), Names{"HQ"});
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(SiteFailure, StageFails_TriedAgainBeforeItHalts) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.finish("HQ", OutcomeKind::failed);
  EXPECT_EQ(scene.rollout().state(), RolloutState::running);
  scene.pass(minutes(1));
  scene.finish("HQ", OutcomeKind::failed);
  scene.pass(minutes(2));
  scene.finish("HQ", OutcomeKind::failed);
  EXPECT_TRUE(scene.happened("halted"));
}

TEST(RolledBack, GoesOnAfterAContinue_LaterWaveStagesTheSiteAgain) {
  ScenePlan plan;
  Group& group = plan.group("a", 2, Method::upgrade_bat);
  group.waves = {{1, false}};
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  trigger_all(scene);
  scene.finish("a1", OutcomeKind::failed);
  scene.finish("HQ");
  scene.finish("HQ");
  scene.finish("a1", OutcomeKind::refused);
  EXPECT_EQ(scene.state("a1"), ClientState::needs_hands);
  scene.order("retry");
  scene.order("acknowledge");
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.open(Step::stage), Names{"HQ"});
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

// The abort comes before the undo has begun: the site stands where it stood.
TEST(SiteUndo, AbortedBeforeItBegan_GoesOnFromThereWhenNeededAgain) {
  ScenePlan plan;
  plan.group("a", 1);
  plan.clients.set(0, 0, "");  // a command group's clients are none of the site's
  plan.group("b", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.finish_all(Step::stage);
  EXPECT_EQ(scene.open(Step::replicate), Names{"HQ"});
  // Both orders come in one turn: nothing is decided in between.
  scene.apply(RollbackStarted{Scope::group, Subject::group(1), {0}, {"anna", "adm1", ""}});
  scene.apply(Aborted{AbortPolicy::drain, {"anna", "adm1", ""}});
  scene.decide_all();
  scene.finish("a1");
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::aborted);
  EXPECT_TRUE(scene.order("rollback", "a"));
  scene.finish_everything();
  EXPECT_TRUE(scene.order("retry"));
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.open(Step::replicate), Names{"HQ"});
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

}  // namespace
}  // namespace sitewide
