// What is left unfinished is not forgotten: attempts that may run still, triggers that began once,
// forces whose copy lists are to come, restores that an abort cuts short. Found by the simulation.
#include <gmock/gmock.h>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;
using Names = std::vector<std::string>;

ScenePlan one_that_runs_on() {
  ScenePlan plan;
  Group& group = plan.group("a", 1);
  group.command.repeatable = false;
  return plan;
}

TEST(MayStillRun, RollbackByThePlan_NothingIsStartedOverIt) {
  ScenePlan plan = one_that_runs_on();
  plan.plan.groups[0].on_breach = Scope::group;
  Scene scene(std::move(plan));
  scene.doubt("a1");
  scene.finish("a1", OutcomeKind::timed_out);
  EXPECT_EQ(scene.started("a1", Step::restore), 0U);
  EXPECT_EQ(scene.state("a1"), ClientState::needs_hands);
  EXPECT_TRUE(scene.happened("rollback_finished"));
}

TEST(MayStillRun, RollbackByAnOperator_IsTried) {
  ScenePlan plan = one_that_runs_on();
  plan.plan.groups[0].on_breach = Scope::none;
  Scene scene(std::move(plan));
  scene.doubt("a1");
  scene.finish("a1", OutcomeKind::timed_out);
  ASSERT_TRUE(scene.order("rollback", "a1"));
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"});
}

TEST(MayStillRun, ARestore_IsNotTriedAgain) {
  ScenePlan plan;
  plan.group("a", 1);
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::refused);
  scene.doubt("a1");
  scene.finish("a1", OutcomeKind::timed_out);
  EXPECT_EQ(scene.started("a1", Step::restore), 1U);
  EXPECT_EQ(scene.state("a1"), ClientState::needs_hands);
}

// Its originals were proven, and then the attempt that nobody waits for may arrive all the same.
Scene restored_while_it_may_run() {
  ScenePlan plan;
  Group& group = plan.group("a", 2, Method::upgrade_bat);
  group.on_breach = Scope::none;
  group.attempts = 1;
  group.lost_after = Duration(minutes(1));
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int step = 0; step < 4; ++step) scene.finish("a2");
  scene.finish("a1");
  scene.finish("a1");
  scene.doubt("a1");
  scene.finish("a1", OutcomeKind::timed_out, "still runs");
  EXPECT_TRUE(scene.order("rollback", "a1"));
  scene.finish("a1");
  EXPECT_EQ(scene.state("a1"), ClientState::restored);
  EXPECT_TRUE(scene.order("retry", "a1"));
  EXPECT_TRUE(scene.order("continue"));
  return scene;
}

TEST(MayArrive, RestoredThenTriedAgainAndOff_IsLostNotLate) {
  Scene scene = restored_while_it_may_run();
  scene.finish("a1", OutcomeKind::unreachable);  // its inspect
  scene.pass(minutes(2));
  if (!scene.open(Step::inspect).empty()) scene.finish("a1", OutcomeKind::unreachable);
  EXPECT_EQ(scene.settled(ClientState::lost), Names{"a1"});
  EXPECT_THAT(scene.settled(ClientState::late), IsEmpty());
}

TEST(MayArrive, RestoredThenTriedAgainAndItHasArrived_IsProvenAndStaysOurs) {
  Scene scene = restored_while_it_may_run();
  scene.is_current("a1");
  EXPECT_EQ(scene.open(Step::converge), Names{"a1"}) << "it was not current before we came";
  scene.finish("a1");
  EXPECT_EQ(scene.state("a1"), ClientState::upgraded);
  EXPECT_TRUE(scene.order("rollback", "a1"));
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"});
}

// What stands there may be half an upgrade: it is not kept as the originals.
TEST(MayArrive, RestoredThenTriedAgain_OriginalsAreNotKeptAnew) {
  Scene scene = restored_while_it_may_run();
  scene.finish("a1");
  EXPECT_EQ(scene.open(Step::trigger), Names{"a1"});
  EXPECT_EQ(scene.started("a1", Step::back_up), 1U);
}

TEST(Retry, TriggeredOnceAndOffNow_IsLostNotLate) {
  ScenePlan plan;
  Group& group = plan.group("a", 2, Method::upgrade_bat);
  group.on_breach = Scope::none;
  group.restore_failed = false;
  group.attempts = 1;
  group.lost_after = Duration(minutes(1));
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish_all(Step::inspect);
  scene.finish_all(Step::back_up);
  scene.finish_all(Step::trigger);
  scene.finish("a1", OutcomeKind::unreachable);
  ASSERT_TRUE(scene.order("retry", "a1"));
  ASSERT_TRUE(scene.order("continue"));
  scene.finish("a1", OutcomeKind::unreachable);  // its inspect
  scene.pass(minutes(1));
  scene.finish("a1", OutcomeKind::unreachable);
  EXPECT_EQ(scene.settled(ClientState::lost), (Names{"a1", "a1"}));
  EXPECT_THAT(scene.settled(ClientState::late), IsEmpty());
  EXPECT_NE(scene.record("a1").trigger_order, 0U);
}

TEST(Retry, TriggerNeverBegan_IsLate) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat).attempts = 1;
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("a1");
  scene.finish("a1");
  scene.finish("a1", OutcomeKind::unreachable);  // its trigger
  EXPECT_EQ(scene.settled(ClientState::late), Names{"a1"});
}

TEST(Abort, WhilePaused_ThePauseCountsAgainstNobody) {
  ScenePlan plan;
  Group& group = plan.group("a", 1, Method::upgrade_bat);
  group.converge_within = hours(2);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("a1");
  scene.finish("a1");
  scene.finish("a1");
  const Timestamp before = scene.rollout().open_attempt(Subject::client(0))->deadline;
  ASSERT_TRUE(scene.order("pause"));
  scene.pass(hours(3));
  ASSERT_TRUE(scene.order("continue"));
  ASSERT_TRUE(scene.order("pause"));
  scene.pass(hours(1));
  const Timestamp paused = scene.rollout().open_attempt(Subject::client(0))->deadline;
  EXPECT_EQ(paused - before, hours(3));
  const Timestamp began = scene.rollout().active(scene.now());
  ASSERT_TRUE(scene.order("abort", "", "rollback"));
  EXPECT_EQ(scene.rollout().active(scene.now()), began - hours(1));
}

TEST(Abort, CutsARestoreShort_NeedsHandsOnRecord) {
  ScenePlan plan;
  plan.group("a", 2, Method::site_wide);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish_all(Step::inspect);
  scene.finish_all(Step::back_up);
  scene.finish("HQ");
  scene.finish("HQ");
  scene.finish_all(Step::converge);
  ASSERT_TRUE(scene.order("rollback"));
  ASSERT_TRUE(scene.order("abort", "", "drain"));
  scene.finish_all(Step::unstage);
  EXPECT_EQ(scene.settled(ClientState::needs_hands).size(), 2U);
  EXPECT_TRUE(scene.rollout().ended());
}

// Group a went by Upgrade.bat; group b forces the same site afterwards.
ScenePlan two_on_one_site() {
  ScenePlan plan;
  Group& first = plan.group("a", 2, Method::upgrade_bat);
  first.tolerate_late = first.tolerate_failed = {1, false};
  first.attempts = 1;
  first.restore_failed = false;
  Group& second = plan.group("b", 1, Method::site_wide);
  second.after = {"a"};
  second.before_force = minutes(1);
  second.force_over_failed = second.force_over_restored = true;
  return plan;
}

void upgrade_first(Scene& scene, OutcomeKind of_first_inspect) {
  scene.make_sites_ready();
  scene.finish("a1", of_first_inspect);
  scene.finish("a2");
  scene.finish_all(Step::back_up);
  scene.finish_all(Step::trigger);
  scene.finish("a2");
}

TEST(Force, EarlierGroupsLateClientIsNotKept_GoesOnRecordFirst) {
  Scene scene(two_on_one_site());
  upgrade_first(scene, OutcomeKind::unreachable);
  ASSERT_EQ(scene.state("a1"), ClientState::late);
  scene.finish("b1");
  scene.finish("b1");
  scene.pass(minutes(1));
  EXPECT_EQ(scene.open(Step::force), Names{"HQ"});
  EXPECT_TRUE(scene.record("a1").without_backup);
  EXPECT_EQ(scene.times("forced_without_backup"), 1U);
}

// What a force brought was taken back from it: a trigger that never reached it does nothing to it.
TEST(Force, ItsClientWasPutBackSince_TriggerDoesNotReachIt_IsNotTriggered) {
  ScenePlan plan = two_on_one_site();
  plan.plan.groups[1].on_breach = Scope::none;
  Scene scene(std::move(plan));
  upgrade_first(scene, OutcomeKind::ok);
  scene.finish_everything();
  ASSERT_EQ(scene.rollout().state(), RolloutState::completed);
  ASSERT_EQ(scene.started("HQ", Step::force), 1U);
  ASSERT_TRUE(scene.order("rollback")) << scene.refusal();
  for (int step = 0; step < 4; ++step) scene.finish("HQ");
  scene.finish("b1", OutcomeKind::failed);  // else the rollout would end
  scene.finish_everything();
  ASSERT_EQ(scene.state("a1"), ClientState::restored);
  ASSERT_TRUE(scene.order("retry")) << scene.refusal();
  ASSERT_TRUE(scene.order("continue")) << scene.refusal();
  scene.make_sites_ready();
  scene.finish("a1");  // its inspect
  scene.finish("a1");  // its backup
  ASSERT_EQ(scene.open(Step::trigger), Names{"a1"});
  EXPECT_NE(scene.record("a1").trigger_order, 0U);
  scene.finish("a1", OutcomeKind::unreachable);
  ASSERT_EQ(scene.state("a1"), ClientState::late);
  EXPECT_EQ(scene.record("a1").trigger_order, 0U);
}

// One that a force reached while it was off may fail like those that were triggered, from the
// moment it is seen.
TEST(Force, LateClientItReachedIsSeenAgain_CountsAmongTheUnproven) {
  ScenePlan plan;
  Group& first = plan.group("a", 5, Method::upgrade_bat);
  first.waves = {{5, false}};
  first.strict = true;
  first.tolerate_late = {3, false};
  first.attempts = 1;
  Group& second = plan.group("b", 1, Method::site_wide);
  second.after = {"a"};
  second.before_force = minutes(1);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (const char* off : {"a1", "a2", "a3"}) scene.finish(off, OutcomeKind::unreachable);
  for (const char* on : {"a4", "a5"}) {
    for (int step = 0; step < 4; ++step) scene.finish(on);
  }
  ASSERT_EQ(scene.group("a").state, GroupState::passed);
  scene.finish("b1");
  scene.finish("b1");
  scene.pass(minutes(1));
  ASSERT_EQ(scene.open(Step::force), Names{"HQ"});
  scene.finish("HQ");
  scene.finish("HQ");
  scene.pass(minutes(20));
  const auto watched = scene.rollout().open_attempt(Subject::client(0));
  ASSERT_TRUE(watched && watched->step == Step::converge);
  EXPECT_EQ(scene.group("a").unproven, 0U) << "nobody has seen it yet";
  scene.apply(StepNoted{watched->subject, watched->step, watched->attempt, true, "in use"});
  EXPECT_EQ(scene.group("a").unproven, 1U);
}

// The search for whom to put on record goes on where it was; one that is late later lies before.
TEST(Force, ClientIsLateWhereTheSearchHasBeen_GoesOnRecordAtTheNextForce) {
  ScenePlan plan = two_on_one_site();
  plan.clients.set(plan.clients.add("a3", ""), 0, "HQ");
  plan.clients.set(3, 1, "a");
  plan.plan.groups[0].tolerate_late = {2, false};
  plan.plan.groups[1].on_breach = Scope::none;
  plan.plan.groups[1].restore_failed = false;
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("a1", OutcomeKind::refused);
  scene.finish("a2", OutcomeKind::unreachable);
  for (int step = 0; step < 4; ++step) scene.finish("a3");
  for (int step = 0; step < 2; ++step) scene.finish("b1");
  scene.pass(minutes(1));
  scene.finish("HQ");
  scene.finish("HQ");
  scene.finish("b1", OutcomeKind::failed);
  ASSERT_EQ(scene.times("forced_without_backup"), 1U);
  EXPECT_TRUE(scene.order("retry", "a1"));
  EXPECT_TRUE(scene.order("retry", "b1"));
  EXPECT_TRUE(scene.order("continue"));
  scene.finish("a1", OutcomeKind::unreachable);
  ASSERT_EQ(scene.state("a1"), ClientState::late);
  scene.finish("b1");
  scene.pass(minutes(1));
  ASSERT_EQ(scene.started("HQ", Step::force), 2U);
  EXPECT_TRUE(scene.record("a1").without_backup);
}

TEST(Force, EarlierGroupsClientIsTriedAgain_Waits) {
  Scene scene(two_on_one_site());
  upgrade_first(scene, OutcomeKind::refused);
  ASSERT_EQ(scene.state("a1"), ClientState::failed);
  ASSERT_TRUE(scene.order("retry", "a1"));
  scene.finish("b1");
  scene.finish("b1");
  EXPECT_THAT(scene.open(Step::force), IsEmpty());
  scene.finish("a1", OutcomeKind::refused);
  EXPECT_EQ(scene.open(Step::force), Names{"HQ"});
}

TEST(Force, ReachesAFailedClientOfAnEarlierGroup_ItsRollbackNamesIt) {
  Scene scene(two_on_one_site());
  upgrade_first(scene, OutcomeKind::refused);
  EXPECT_EQ(scene.record("a1").trigger_order, 0U);
  scene.finish("b1");
  scene.finish("b1");
  ASSERT_EQ(scene.open(Step::force), Names{"HQ"});
  EXPECT_NE(scene.record("a1").trigger_order, 0U);
}

TEST(Rollback, CopyListsAreToCome_RestoreWaitsForThem) {
  ScenePlan plan;
  plan.group("a", 2, Method::site_wide);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish_all(Step::inspect);
  scene.finish_all(Step::back_up);
  ASSERT_TRUE(scene.order("rollback", "a1"));
  EXPECT_THAT(scene.open(Step::restore), IsEmpty());
  scene.finish("HQ");  // the force
  EXPECT_THAT(scene.open(Step::restore), IsEmpty());
  scene.finish("HQ");  // new copy lists
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"});
}

TEST(Force, TriedAgainAfterAClientWasPutBack_NamesItAgain) {
  ScenePlan plan;
  Group& group = plan.group("a", 2, Method::site_wide);
  group.force_over_restored = true;
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish_all(Step::inspect);
  scene.finish_all(Step::back_up);
  scene.finish("HQ", OutcomeKind::failed);
  ASSERT_TRUE(scene.order("rollback", "a1"));
  scene.finish("a1");
  ASSERT_EQ(scene.state("a1"), ClientState::restored);
  EXPECT_EQ(scene.record("a1").trigger_order, 0U);
  ASSERT_TRUE(scene.order("continue"));
  scene.pass(minutes(5));
  ASSERT_EQ(scene.open(Step::force), Names{"HQ"});
  EXPECT_NE(scene.record("a1").trigger_order, 0U);
}

}  // namespace
}  // namespace sitewide
