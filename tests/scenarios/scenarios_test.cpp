// Whole rollouts as transcripts: one event a line. SITEWIDE_REWRITE=1 writes them anew; commit them
// only when it is understood what changed them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/support/stage.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr OutcomeKind kBad = OutcomeKind::refused;

Order order(std::string verb, std::string subject = "", std::string name = "") {
  return {std::move(verb), std::move(subject), std::move(name), 0, {"ann", "desk", "because"}};
}

void expect_transcript(const std::string& name, const Stage& stage) {
  const std::string path = std::string(SITEWIDE_SOURCE_DIR) + "/tests/scenarios/" + name + ".txt";
  const std::string told =
      stage.transcript() + "end      " + std::string(name_of(stage.rollout().state())) + "\n";
  if (std::getenv("SITEWIDE_REWRITE") != nullptr) {
    std::ofstream(path) << told;
    return;
  }
  std::ifstream file(path);
  std::stringstream known;
  known << file.rdbuf();
  EXPECT_EQ(known.str(), told) << path;
}

TEST(Scenario, CanaryThenSiteWide_Completes) {
  ScenePlan plan;
  Group& canary = plan.group("canary", 3, Method::upgrade_bat);
  canary.waves = {{1, false}, {100, true}};
  canary.after_wave = {{Gate::Kind::soak, minutes(10), "", {}}};
  Group& office = plan.group("office", 2, Method::site_wide);
  office.after = {"canary"};
  office.before = {{Gate::Kind::approval, {}, "change-board", {}}};
  plan.strangers(1);
  Stage stage(std::move(plan));
  stage.world().order_at(hours(1), order("approve", "office", "change-board"));
  stage.world().script("client/canary1", Step::converge,
                       {says_pending("waits for log-on"), says_pending("component in use")});
  ASSERT_TRUE(stage.run());
  expect_transcript("canary_then_site_wide", stage);
}

TEST(Scenario, CanaryBreaches_SiteAndClientsGoBack) {
  ScenePlan plan;
  plan.group("canary", 3, Method::upgrade_bat).in_flight = 1;
  plan.group("office", 2, Method::site_wide).after = {"canary"};
  Stage stage(std::move(plan));
  stage.world().script("client/canary3", Step::converge,
                       {says(OutcomeKind::failed, "SysFilesNotModified: NWNETAPI.DLL")});
  ASSERT_TRUE(stage.run());
  expect_transcript("canary_breaches", stage);
}

TEST(Scenario, OfficeBreachesAfterGoodCanary_CanaryIsNotDowngraded) {
  ScenePlan plan;
  plan.group("canary", 1, Method::upgrade_bat);
  plan.group("office", 2, Method::site_wide).after = {"canary"};
  Stage stage(std::move(plan));
  stage.world().script("client/office2", Step::converge,
                       {says(OutcomeKind::failed, "not downloaded: PCMWIN32.EXE")});
  ASSERT_TRUE(stage.run());
  expect_transcript("office_breaches_after_canary", stage);
}

TEST(Scenario, ClientIsOffAtTheForce_LateThenProven) {
  ScenePlan plan;
  Group& office = plan.group("office", 2, Method::site_wide);
  office.tolerate_late = {1, false};
  office.before_force = minutes(10);
  office.backoff_max = minutes(5);
  Stage stage(std::move(plan));
  stage.world().script("client/office1", Step::inspect,
                       std::vector<Answer>(9, says(OutcomeKind::unreachable, "off")));
  stage.world().script("client/office1", Step::converge, {says_doubt("off"), says_doubt("off")});
  ASSERT_TRUE(stage.run());
  expect_transcript("client_off_at_the_force", stage);
}

TEST(Scenario, ControllerDiesDuringTheTrigger_RecoveredNotTriggeredTwice) {
  ScenePlan plan;
  plan.group("a", 2, Method::upgrade_bat);
  Stage stage(std::move(plan));
  stage.world().takes(Step::trigger, minutes(5));
  ASSERT_TRUE(stage.run_until(minutes(2)));
  ASSERT_TRUE(stage.run());
  expect_transcript("controller_dies_during_the_trigger", stage);
}

TEST(Scenario, ReplicationNeverEnds_HaltsAndUnstages) {
  ScenePlan plan;
  plan.plan.sites[0].replication_within = hours(3);
  plan.plan.sites[0].replication_poll = minutes(30);
  plan.group("a", 1, Method::upgrade_bat);
  Stage stage(std::move(plan));
  stage.world().script("site/HQ", Step::replicate,
                       std::vector<Answer>(20, says_pending("1 of 2 logon servers")));
  ASSERT_TRUE(stage.run());
  expect_transcript("replication_never_ends", stage);
}

TEST(Scenario, PausedAndContinued_GoesOnWhereItWas) {
  ScenePlan plan;
  plan.group("a", 3).in_flight = 1;
  Stage stage(std::move(plan));
  stage.world().takes(Step::upgrade, minutes(1));
  stage.world().order_at(seconds(30), order("pause"));
  stage.world().order_at(hours(2), order("continue"));
  ASSERT_TRUE(stage.run());
  expect_transcript("paused_and_continued", stage);
}

TEST(Scenario, AbortedWithRollback_EverythingGoesBack) {
  ScenePlan plan;
  plan.group("a", 3).in_flight = 1;
  Stage stage(std::move(plan));
  stage.world().takes(Step::upgrade, minutes(1));
  stage.world().order_at(seconds(90), order("abort", "", "rollback"));
  ASSERT_TRUE(stage.run());
  expect_transcript("aborted_with_rollback", stage);
}

TEST(Scenario, HaltedThenRetriedAndAcknowledged_Completes) {
  ScenePlan plan;
  Group& group = plan.group("a", 2);
  group.on_breach = Scope::none;
  group.restore_failed = false;
  plan.group("b", 1).after_wave = {{Gate::Kind::soak, hours(5), "", {}}};
  Stage stage(std::move(plan));
  stage.world().script("client/a2", Step::upgrade, {says(kBad, "disk full")});
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.rollout().state(), RolloutState::halted);
  ASSERT_TRUE(stage.run({order("retry", "a2"), order("continue")}));
  expect_transcript("halted_then_retried", stage);
}

TEST(Scenario, RecheckFindsOtherBytes_HaltsThenGoesOnBehindIt) {
  ScenePlan plan;
  Group& canary = plan.group("canary", 3, Method::upgrade_bat);
  canary.tolerate_failed = {1, false};
  canary.recheck = hours(24);
  canary.recheck_within = hours(1);
  Group& office = plan.group("office", 1, Method::upgrade_bat);
  office.after = {"canary"};
  office.before = {{Gate::Kind::soak, hours(30), "", {}}};
  Stage stage(std::move(plan));
  stage.world().script("client/canary2", Step::recheck,
                       {says(OutcomeKind::failed, "file Pcmwin32.exe has other bytes")});
  stage.world().script("client/canary3", Step::recheck, std::vector<Answer>(9, says_doubt("off")));
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.rollout().state(), RolloutState::halted);
  ASSERT_TRUE(stage.run({order("continue")}));
  expect_transcript("recheck_withdraws", stage);
}

TEST(Scenario, RestoreFails_NeedsHands) {
  ScenePlan plan;
  plan.group("a", 2).in_flight = 1;
  Stage stage(std::move(plan));
  stage.world().script("client/a2", Step::upgrade, {says(kBad, "bricked")});
  stage.world().script("client/a2", Step::restore, {says(kBad, "changed by someone else")});
  ASSERT_TRUE(stage.run());
  expect_transcript("restore_fails", stage);
}

}  // namespace
}  // namespace sitewide
