// Forces: whom they wait for, whom they reach, what they must not reach.
#include <gmock/gmock.h>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::IsEmpty;
using testing::SizeIs;
using Names = std::vector<std::string>;

// Two clients of one site; one may be late, and a force waits for it so long.
ScenePlan with_patience(Duration before_force) {
  ScenePlan plan;
  Group& group = plan.group("a", 2, Method::site_wide);
  group.before_force = before_force;
  group.tolerate_late = {1, false};
  return plan;
}

// Group a goes by Upgrade.bat; after it group b forces the same site, and waits an hour for who is
// late.
ScenePlan upgrade_bat_then_force(std::uint32_t clients, Duration retry_late) {
  ScenePlan plan;
  Group& first = plan.group("a", clients, Method::upgrade_bat);
  first.tolerate_late = {2, false};
  first.attempts = first.in_flight = 1;
  first.retry_late = retry_late;
  Group& second = plan.group("b", 1, Method::site_wide);
  second.after = {"a"};
  second.before_force = hours(1);
  return plan;
}

void back_up_all(Scene& scene) {
  scene.finish_all(Step::inspect);
  scene.finish_all(Step::back_up);
}

TEST(Force, OneClientNotBackedUp_Waits) {
  ScenePlan plan;
  plan.group("a", 2, Method::site_wide);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish_all(Step::inspect);
  scene.finish("a1");
  EXPECT_THAT(scene.open(Step::force), IsEmpty());
  scene.finish("a2");
  EXPECT_EQ(scene.open(Step::force), Names{"HQ"});
  EXPECT_EQ(scene.state("a1"), ClientState::triggered);
}

TEST(Force, CopyListsAreNotNew_NobodyIsWatched) {
  ScenePlan plan;
  plan.group("a", 2, Method::site_wide);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  back_up_all(scene);
  scene.finish("HQ");
  EXPECT_THAT(scene.open(Step::converge), IsEmpty());
  scene.finish("HQ");
  EXPECT_THAT(scene.open(Step::converge), SizeIs(2));
}

TEST(Force, ClientUnreachablePastBeforeForce_GoesWithoutItOnRecord) {
  Scene scene(with_patience(hours(1)));
  scene.make_sites_ready();
  scene.finish("a1", OutcomeKind::unreachable);
  scene.finish("a2");
  scene.finish("a2");
  for (int i = 0; i < 50; ++i) {
    EXPECT_THAT(scene.open(Step::force), IsEmpty());
    scene.pass(minutes(1));
    scene.finish_all(Step::inspect, OutcomeKind::unreachable);
  }
  scene.pass(hours(1));
  scene.finish_all(Step::inspect, OutcomeKind::unreachable);
  EXPECT_EQ(scene.open(Step::force), Names{"HQ"});
  EXPECT_EQ(scene.times("forced_without_backup"), 1U);
  EXPECT_EQ(scene.state("a1"), ClientState::late);
}

// What was kept in a backup that was never heard of is put back, too: the site takes away none of
// the files that an edit of its System.map brought.
TEST(Force, BackupWasNeverHeardOf_SiteGoesBack_IsRestoredAfterIt) {
  ScenePlan plan = with_patience(minutes(1));
  plan.plan.hotfix.parts.map.emplace_back().kind = MapEdit::Kind::merge;
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish_all(Step::inspect);
  scene.finish("a2");
  scene.finish("a1", OutcomeKind::unreachable);
  scene.pass(minutes(5));
  scene.finish_all(Step::back_up, OutcomeKind::unreachable);
  scene.finish("HQ");
  scene.finish("HQ");
  ASSERT_EQ(scene.times("forced_without_backup"), 1U);
  scene.finish_everything();
  ASSERT_TRUE(scene.order("rollback"));
  scene.finish_everything();
  EXPECT_EQ(scene.started("a1", Step::converge_originals), 1U);
  EXPECT_EQ(scene.started("a1", Step::restore), 1U);
  EXPECT_EQ(scene.state("a1"), ClientState::restored);
}

// It answers after all: its originals are kept before the force takes it along.
TEST(Force, LateClientIsBackedUpJustNow_WaitsForIt) {
  ScenePlan plan = with_patience(minutes(1));
  plan.plan.groups[0].retry_late = minutes(10);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  const auto is_tried = [&] { return scene.rollout().client(0).open; };
  for (int i = 0; i < 5 && scene.state("a1") != ClientState::late; ++i) {
    if (is_tried()) scene.finish("a1", OutcomeKind::unreachable);
    scene.pass(minutes(2));
  }
  ASSERT_EQ(scene.settled(ClientState::late), Names{"a1"});
  for (int i = 0; i < 5 && !is_tried(); ++i) scene.pass(minutes(5));
  scene.finish("a2");
  scene.finish("a2");
  EXPECT_THAT(scene.open(Step::force), IsEmpty());
  scene.finish("a1");
  EXPECT_EQ(scene.open(Step::back_up), Names{"a1"});
  EXPECT_THAT(scene.open(Step::force), IsEmpty());
  EXPECT_EQ(scene.times("forced_without_backup"), 0U);
  scene.finish("a1");
  EXPECT_EQ(scene.open(Step::force), Names{"HQ"});
}

// Between two tries of its backup, too.
TEST(Force, LateClientsBackupIsToBeTriedAgain_WaitsForIt) {
  Scene scene(with_patience(minutes(1)));
  scene.make_sites_ready();
  scene.pass(minutes(2));
  scene.finish("a1", OutcomeKind::unreachable);
  scene.pass(minutes(2));
  if (scene.rollout().client(0).open) scene.finish("a1", OutcomeKind::unreachable);
  ASSERT_EQ(scene.state("a1"), ClientState::late);
  while (!scene.rollout().client(0).open) scene.pass(minutes(1));
  scene.finish("a1");
  ASSERT_EQ(scene.open(Step::back_up), (Names{"a1"}));
  scene.finish("a2");
  scene.finish("a2");
  scene.finish("a1", OutcomeKind::failed);
  EXPECT_EQ(scene.times("forced_without_backup"), 0U);
  EXPECT_THAT(scene.open(Step::force), IsEmpty());
}

// Nothing is on record before the force goes: until then each of them may answer and be backed up.
TEST(Force, OneOfTwoLateClientsIsWaitedFor_TheOtherIsPreparedWhenItAnswers) {
  Scene scene(upgrade_bat_then_force(3, minutes(70)));
  scene.make_sites_ready();
  scene.finish("a1", OutcomeKind::unreachable);
  scene.pass(minutes(50));
  scene.finish("a2", OutcomeKind::unreachable);
  for (int i = 0; i < 4; ++i) scene.finish("a3");
  scene.finish("b1");
  scene.finish("b1");
  scene.pass(minutes(20));
  EXPECT_EQ(scene.times("forced_without_backup"), 0U);
  scene.finish("a1");
  EXPECT_EQ(scene.open(Step::back_up), Names{"a1"});
}

// A line that is bad enough for inspect to come through and for the backup not to.
TEST(Force, LateClientAnswersNowAndThen_IsNotWaitedForForEver) {
  Scene scene(upgrade_bat_then_force(2, minutes(15)));
  scene.make_sites_ready();
  scene.finish("a1", OutcomeKind::unreachable);
  for (int i = 0; i < 4; ++i) scene.finish("a2");
  scene.finish("b1");
  scene.finish("b1");
  for (int i = 0; i < 70 && scene.open(Step::force).empty(); ++i) {
    scene.pass(minutes(1));
    if (scene.open(Step::inspect) == Names{"a1"}) scene.finish("a1");
    if (scene.open(Step::back_up) == Names{"a1"}) scene.finish("a1", OutcomeKind::unreachable);
  }
  EXPECT_EQ(scene.open(Step::force), Names{"HQ"});
}

TEST(Force, LateClientComesBack_IsProvenNotBackedUp) {
  Scene scene(with_patience(minutes(1)));
  scene.make_sites_ready();
  scene.finish("a1", OutcomeKind::unreachable);
  scene.finish("a2");
  scene.finish("a2");
  scene.pass(minutes(5));
  scene.finish("a1", OutcomeKind::unreachable);
  scene.finish("HQ");
  scene.finish("HQ");
  scene.finish("a2");
  scene.pass(minutes(15));
  EXPECT_EQ(scene.open(Step::converge), Names{"a1"});
  scene.finish("a1");
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
  EXPECT_EQ(scene.started("a1", Step::back_up), 0U);
}

TEST(Force, ReachesLaterGroupAndStrangers_TheyBelongToIt) {
  ScenePlan plan;
  plan.group("a", 1, Method::site_wide);
  plan.group("b", 2, Method::upgrade_bat).after = {"a"};
  plan.strangers(1);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  EXPECT_THAT(scene.open(Step::inspect), SizeIs(4));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
  EXPECT_EQ(scene.state("stranger1"), ClientState::upgraded);
  EXPECT_EQ(scene.started("b1", Step::trigger), 0U);
  EXPECT_EQ(scene.group("b").state, GroupState::passed);
}

TEST(Force, AdoptedClientsFail_CountForTheForcingGroup) {
  ScenePlan plan;
  plan.group("a", 1, Method::site_wide).on_breach = Scope::none;
  plan.group("b", 1, Method::upgrade_bat).after = {"a"};
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  back_up_all(scene);
  scene.finish("HQ");
  scene.finish("HQ");
  scene.finish("b1", OutcomeKind::failed);
  EXPECT_EQ(scene.group("a").failed, 1U);
  EXPECT_EQ(scene.group("b").failed, 0U);
}

TEST(Force, SiteHasFailedClient_RefusedUnlessThePlanSaysSo) {
  for (const bool allowed : {false, true}) {
    ScenePlan plan;
    Group& canary = plan.group("canary", 2, Method::upgrade_bat);
    canary.tolerate_failed = {1, false};
    canary.restore_failed = false;
    Group& office = plan.group("office", 1, Method::site_wide);
    office.after = {"canary"};
    office.force_over_failed = allowed;
    Scene scene(std::move(plan));
    scene.make_sites_ready();
    scene.finish("canary1", OutcomeKind::refused);
    for (int i = 0; i < 4; ++i) scene.finish("canary2");
    back_up_all(scene);
    EXPECT_EQ(scene.open(Step::force).size(), allowed ? 1U : 0U);
    EXPECT_EQ(scene.rollout().halted(), !allowed);
  }
}

// A restore that ends behind the force would say "restored" of a client that takes the new files at
// its next log-on.
TEST(Force, ClientIsBeingPutBack_WaitsForThat) {
  ScenePlan plan;
  Group& canary = plan.group("canary", 2, Method::upgrade_bat);
  canary.tolerate_failed = {1, false};
  Group& office = plan.group("office", 1, Method::site_wide);
  office.after = {"canary"};
  office.force_over_failed = office.force_over_restored = true;
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int i = 0; i < 3; ++i) scene.finish("canary1");  // inspect, back_up, trigger
  scene.finish("canary1", OutcomeKind::timed_out);      // converge
  for (int i = 0; i < 4; ++i) scene.finish("canary2");
  ASSERT_EQ(scene.open(Step::restore), Names{"canary1"});
  back_up_all(scene);
  EXPECT_THAT(scene.open(Step::force), IsEmpty());
  scene.finish("canary1");
  EXPECT_EQ(scene.state("canary1"), ClientState::restored);
  EXPECT_EQ(scene.open(Step::force), Names{"HQ"});
}

TEST(Force, SiteHasFailedClient_RefusalSaysHowMany) {
  ScenePlan plan;
  plan.group("a", 2, Method::site_wide).tolerate_failed = {1, false};
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("a2", OutcomeKind::refused);
  back_up_all(scene);
  EXPECT_EQ(scene.rollout().halt_reason(),
            "force of site HQ refused: it would reach 1 failed (see force_over)");
}

TEST(Force, InspectShowsAllCurrent_CountsAsPrepared) {
  ScenePlan plan;
  plan.group("a", 2, Method::site_wide);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.is_current("a1");
  scene.finish("a2");
  scene.finish("a2");
  EXPECT_EQ(scene.open(Step::force), Names{"HQ"});
  EXPECT_EQ(scene.state("a1"), ClientState::already_current);
}

TEST(Force, OneOfTwoGroupsSkipped_ThoseItWouldReachAreSkippedToo) {
  ScenePlan plan;
  plan.group("a", 1, Method::site_wide).before = {{Gate::Kind::approval, {}, "board", {}}};
  plan.group("b", 1, Method::upgrade_bat).after = {"a"};
  Scene scene(std::move(plan));
  EXPECT_TRUE(scene.order("skip", "a"));
  EXPECT_EQ(scene.state("b1"), ClientState::skipped);
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(Force, RetryDuringRegenerate_AnotherForceFollows) {
  ScenePlan plan;
  Group& group = plan.group("a", 2, Method::site_wide);
  group.tolerate_failed = {1, false};
  group.restore_failed = false;
  group.force_over_failed = true;
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("a1", OutcomeKind::refused);
  scene.finish("a2");
  scene.finish("a2");
  scene.finish("HQ");
  scene.order("retry", "a1");
  scene.finish("HQ");
  scene.finish("a1");
  scene.finish("a1");
  EXPECT_EQ(scene.started("HQ", Step::force), 2U);
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(Trigger, LogonServersAreStale_NobodyBegins) {
  ScenePlan plan;
  plan.group("a", 2, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.finish("HQ");
  EXPECT_THAT(scene.open(Step::inspect), IsEmpty());
  scene.finish("HQ");
  EXPECT_THAT(scene.open(Step::inspect), SizeIs(2));
}

TEST(Replicate, SlowerThanWarnAfter_WarnsOnce) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.finish("HQ");
  scene.pass(hours(5));
  EXPECT_EQ(scene.times("warned"), 1U);
}

// The lists that are missing may come yet, and a client that is put back takes the new files again.
TEST(Force, CopyListsGivenUp_WhoGoesBackNeedsHands) {
  ScenePlan plan;
  plan.group("canary", 1, Method::upgrade_bat);
  plan.group("a", 1, Method::site_wide).after = {"canary"};
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int step = 0; step < 4; ++step) scene.finish("canary1");
  back_up_all(scene);
  scene.finish("HQ");
  scene.finish("HQ", OutcomeKind::timed_out);
  EXPECT_TRUE(scene.order("rollback", "canary"));
  EXPECT_THAT(scene.open(Step::restore), IsEmpty());
  EXPECT_EQ(scene.state("canary1"), ClientState::needs_hands);
}

TEST(Force, CopyListsGivenUpAndThenThere_RollbackRestores) {
  ScenePlan plan;
  plan.group("canary", 1, Method::upgrade_bat);
  plan.group("a", 1, Method::site_wide).after = {"canary"};
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int step = 0; step < 4; ++step) scene.finish("canary1");
  back_up_all(scene);
  scene.finish("HQ");
  scene.finish("HQ", OutcomeKind::timed_out);
  EXPECT_TRUE(scene.order("continue"));
  scene.finish("HQ");
  EXPECT_TRUE(scene.order("rollback", "canary"));
  EXPECT_EQ(scene.open(Step::restore), Names{"canary1"});
}

}  // namespace
}  // namespace sitewide
