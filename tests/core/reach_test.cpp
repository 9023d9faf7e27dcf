// Who is late, who is lost, what a force reaches beside its group, and what a retry keeps: rules
// about clients that were away, or touched, at the wrong moment.
#include <gmock/gmock.h>

#include "orchestrator/core/compile.h"
#include "orchestrator/core/why.h"
#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Names = std::vector<std::string>;

constexpr OutcomeKind kBad = OutcomeKind::refused;
constexpr OutcomeKind kOff = OutcomeKind::unreachable;

// Ends the client's open attempts of `step` as unreachable until it settles, or for `most`.
void stays_off(Scene& scene, const std::string& client, Step step, Duration most) {
  const Timestamp until = scene.now() + most;
  const auto begun = [&] { return testing::Matches(Contains(client))(scene.open(step)); };
  while (scene.now() < until && !scene.record(client).settled) {
    if (begun()) {
      scene.finish(client, kOff);
    } else {
      scene.pass(seconds(10));
    }
  }
}

std::vector<std::string> problems_of(ScenePlan plan) {
  std::vector<std::string> problems;
  for (const Problem& problem : compile(plan.plan, std::move(plan.clients), {}).problems) {
    if (problem.severity == Problem::Severity::error) problems.push_back(problem.message);
  }
  return problems;
}

TEST(TriggerThatFailed, ThenOffForGood_IsLostAndNotLate) {
  ScenePlan plan;
  Group& group = plan.group("a", 1);
  group.attempts = 3;
  group.lost_after = Duration(minutes(30));
  group.tolerate_late = {1, false};
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::failed, "half installed");
  stays_off(scene, "a1", Step::upgrade, hours(2));
  EXPECT_THAT(scene.settled(ClientState::late), IsEmpty());
  EXPECT_EQ(scene.settled(ClientState::lost), Names{"a1"});
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"}) << "half an upgrade is put back";
}

TEST(TriggerThatNeverBegan_ClientIsOff, IsLate) {
  ScenePlan plan;
  plan.group("a", 1).tolerate_late = {1, false};
  Scene scene(std::move(plan));
  stays_off(scene, "a1", Step::upgrade, hours(1));
  EXPECT_EQ(scene.state("a1"), ClientState::late);
  EXPECT_EQ(scene.record("a1").trigger_order, 0U);
}

TEST(RetryOfALostClient, StillOff_IsLostAgain) {
  ScenePlan plan;
  Group& group = plan.group("a", 2, Method::upgrade_bat);
  group.tolerate_failed = {1, false};
  group.tolerate_late = {1, false};
  group.restore_failed = false;
  group.lost_after = Duration(minutes(20));
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int i = 0; i < 3; ++i) scene.finish("a1");
  scene.finish("a1", kOff);
  ASSERT_EQ(scene.state("a1"), ClientState::lost);
  scene.order("retry", "a1");
  stays_off(scene, "a1", Step::inspect, hours(1));
  EXPECT_EQ(scene.state("a1"), ClientState::lost);
  EXPECT_EQ(scene.group("a").failed, 1U);
}

TEST(Restart, ClientIsOff_IsWaitedForUntilItIsLost) {
  ScenePlan plan;
  Group& group = plan.group("a", 1, Method::upgrade_bat);
  group.restart = {false, {"shutdown"}, minutes(10)};
  group.restore_failed = false;
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int i = 0; i < 3; ++i) scene.finish("a1");
  const Timestamp triggered = scene.now();
  stays_off(scene, "a1", Step::restart, hours(3));
  EXPECT_EQ(scene.settled(ClientState::lost), Names{"a1"});
  EXPECT_GE(scene.now() - triggered, hours(1) + minutes(10))
      << "the default past a planned restart";
}

TEST(Retry, ClientWasTriggered_ItsBackupIsNotMadeAnew) {
  ScenePlan plan;
  Group& group = plan.group("a", 1);
  group.command.back_up = {"back_up"};
  group.restore_failed = false;
  group.on_breach = Scope::none;
  group.attempts = 1;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a1", OutcomeKind::failed, "half installed");
  scene.order("retry", "a1");
  scene.order("continue");
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a1"});
  EXPECT_EQ(scene.started("a1", Step::back_up), 1U);
}

TEST(Retry, ClientWasRestored_ItsBackupIsMadeAnew) {
  ScenePlan plan;
  Group& group = plan.group("a", 1);
  group.command.back_up = {"back_up"};
  group.attempts = 1;
  group.on_breach = Scope::none;
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a1", OutcomeKind::failed);
  scene.finish("a1");
  ASSERT_EQ(scene.state("a1"), ClientState::restored);
  scene.order("retry", "a1");
  scene.order("continue");
  EXPECT_EQ(scene.open(Step::back_up), Names{"a1"});
}

TEST(LaterWave, StrictLatecomerOfTheFirstMayNotStart_GoesOn) {
  ScenePlan plan;
  Group& group = plan.group("a", 5, Method::upgrade_bat);
  group.waves = {{2, false}, {3, false}};
  group.strict = std::nullopt;
  group.tolerate_late = {1, false};
  group.attempts = 1;
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("a1", kOff);
  for (int i = 0; i < 4; ++i) scene.finish("a2");
  for (int i = 0; i < 3; ++i) scene.finish("a3");  // converges: the first wave's limit is reached
  scene.pass(minutes(16));
  scene.finish("a1");
  scene.finish("a1");
  for (const char* name : {"a4", "a5"}) {
    scene.finish(name);
    scene.finish(name);
  }
  EXPECT_EQ(scene.open(Step::trigger), (Names{"a4", "a5"}));
}

TEST(Force, LatecomerOfAnEarlierGroup_IsOnRecordAndLookedAtLater) {
  ScenePlan plan;
  Group& first = plan.group("a", 2, Method::upgrade_bat);
  first.tolerate_late = {1, false};
  first.attempts = 1;
  first.retry_late = hours(4);
  Group& second = plan.group("b", 1, Method::site_wide);
  second.after = {"a"};
  second.before_force = minutes(50);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("a1", kOff);
  for (int i = 0; i < 4; ++i) scene.finish("a2");
  scene.finish("b1");
  scene.finish("b1");
  scene.pass(minutes(49));
  EXPECT_THAT(scene.open(Step::force), IsEmpty()) << "it may answer yet, and be backed up";
  EXPECT_THAT(why(scene.rollout(), Subject::site(0), scene.now(), {}),
              testing::StartsWith("force of HQ waits for late a1 until "));
  scene.pass(minutes(1));
  ASSERT_EQ(scene.open(Step::force), Names{"HQ"});
  EXPECT_EQ(scene.times("forced_without_backup"), 1U);
  EXPECT_TRUE(scene.record("a1").without_backup);
  EXPECT_NE(scene.record("a1").trigger_order, 0U) << "it may upgrade itself at any time";
  scene.pass(hours(4));
  EXPECT_EQ(scene.started("a1", Step::back_up), 0U) << "half an upgrade is no original";
  EXPECT_THAT(scene.open(Step::converge), Contains("a1"));
}

TEST(Continue, LateClientOfAForcedSite_IsLookedAtAndNotForcedAgain) {
  ScenePlan plan;
  Group& group = plan.group("b", 2, Method::site_wide);
  group.before_force = minutes(2);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("b1");
  scene.finish("b1");
  stays_off(scene, "b2", Step::inspect, minutes(10));
  scene.finish("HQ");
  scene.finish("HQ");
  scene.finish("b1");
  ASSERT_TRUE(scene.rollout().halted()) << "one late client is more than none";
  scene.order("continue");
  EXPECT_THAT(scene.open(Step::converge), Contains("b2"));
  scene.finish("b2");
  EXPECT_EQ(scene.started("HQ", Step::force), 1U);
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(Skip, ForceWouldRefuseSkippedClients_IsRefusedItself) {
  ScenePlan plan;
  plan.group("a", 2, Method::upgrade_bat).before = {{Gate::Kind::approval, {}, "board", {}}};
  plan.group("b", 2, Method::site_wide).after = {"a"};
  Scene scene(std::move(plan));
  for (const char* subject : {"b1", "a1", "a"}) {
    EXPECT_FALSE(scene.order("skip", subject)) << subject;
    EXPECT_THAT(scene.refusal(), HasSubstr("force_over: [skipped]")) << subject;
  }
  EXPECT_TRUE(scene.order("skip", "b")) << "the group that would force may be skipped";
}

TEST(Skip, ForceGoesOverSkippedClients_Accepted) {
  ScenePlan plan;
  plan.group("b", 2, Method::site_wide).force_over_skipped = true;
  Scene scene(std::move(plan));
  EXPECT_TRUE(scene.order("skip", "b1"));
}

TEST(Rollback, BreachBeforeAnybodyWasTriggered_SiteIsPutBack) {
  ScenePlan plan;
  plan.group("a", 2, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("a1", kBad);
  scene.finish_everything();
  EXPECT_EQ(scene.started("HQ", Step::unstage), 1U);
  EXPECT_EQ(scene.rollout().state(), RolloutState::rolled_back);
}

TEST(Abort, WithRollbackWhileAGroupGoesBack_EverythingGoesBack) {
  ScenePlan plan;
  plan.group("a", 1);
  plan.group("b", 2).after = {"a"};
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("b1");
  scene.finish("b2", kBad);
  ASSERT_EQ(scene.rollout().state(), RolloutState::rolling_back);
  EXPECT_TRUE(scene.order("abort", "", "rollback"));
  scene.finish_everything();
  EXPECT_EQ(scene.state("a1"), ClientState::restored);
  EXPECT_EQ(scene.rollout().state(), RolloutState::aborted);
}

TEST(Abort, AttemptsNotYetLookedFor_TheyAreFirst) {
  ScenePlan plan;
  plan.group("a", 1);
  Scene scene(std::move(plan));
  scene.restart(minutes(1));
  EXPECT_TRUE(scene.order("abort", "", "drain"));
  EXPECT_FALSE(scene.rollout().ended());
  scene.finish("a1");
  EXPECT_EQ(scene.rollout().state(), RolloutState::aborted);
}

TEST(IdleTime, PausedThenInterrupted_WholePauseIsCountedOnce) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  for (int i = 0; i < 3; ++i) scene.finish("a1");
  const Timestamp before = scene.rollout().open_attempt(Subject::client(0))->deadline;
  scene.order("pause");
  scene.pass(hours(9));
  scene.apply(ControllerStopping{"SIGINT"});
  const Duration counted = minutes(1);  // what the next controller's own event counts
  scene.restart(counted);
  scene.apply(Continued{{"ann", "desk", "", ""}, idle_time(scene.rollout(), scene.now())});
  scene.decide_all();
  EXPECT_EQ(scene.rollout().open_attempt(Subject::client(0))->deadline,
            before + hours(9) + counted);
}

TEST(Order, SeenInAnEvent_IsKnownByItsId) {
  ScenePlan plan;
  plan.group("a", 1);
  Scene scene(std::move(plan));
  EXPECT_FALSE(scene.rollout().has_order("17"));
  scene.apply(Paused{{"ann", "desk", "lunch", "17"}});
  EXPECT_TRUE(scene.rollout().has_order("17"));
}

TEST(Compile, CommandGroupOnASiteThatIsForced_IsRefused) {
  ScenePlan plan;
  plan.group("a", 2, Method::command);
  plan.group("b", 2, Method::site_wide).after = {"a"};
  EXPECT_THAT(problems_of(std::move(plan)), Contains(HasSubstr("group `a` upgrades by `command`")));
}

TEST(Compile, ClientWithoutPlatformAndTwoBuilds_IsRefused) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  for (const char* platform : {"x86", "alpha"}) {
    PlannedFile& file = plan.plan.hotfix.files.emplace_back();
    file.name = "Pcmwin32.exe";
    file.platform = platform;
    file.on_client = "{sms_bin}/Pcmwin32.exe";
  }
  EXPECT_THAT(problems_of(std::move(plan)), Contains(HasSubstr("several builds")));
}

TEST(Compile, CommandClientWithoutPlatformBesideTwoBuilds_IsNoneOfTheHotfix) {
  ScenePlan plan;
  plan.group("a", 1, Method::command);
  for (const char* platform : {"x86", "alpha"}) {
    PlannedFile& file = plan.plan.hotfix.files.emplace_back();
    file.name = "Pcmwin32.exe";
    file.platform = platform;
    file.on_client = "{sms_bin}/Pcmwin32.exe";
  }
  EXPECT_THAT(problems_of(std::move(plan)), Not(Contains(HasSubstr("several builds"))));
}

TEST(Compile, PlaceholderOfALabelThatNoClientHas_IsRefusedWithTheNearest) {
  ScenePlan plan;
  plan.group("a", 1).command.verify = {"grep", "{client.rign}/version"};
  EXPECT_THAT(problems_of(std::move(plan)), Contains(HasSubstr("`{client.rign}`")));
}

TEST(Force, EverybodyIsCurrent_NothingIsForced) {
  ScenePlan plan;
  plan.group("a", 2, Method::site_wide);
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.is_current("a1");
  scene.is_current("a2");
  EXPECT_EQ(scene.started("HQ", Step::force), 0U);
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(Continue, RolloutWithinIsOver_OperatorsWordGoesAboveIt) {
  ScenePlan plan;
  plan.group("a", 2).in_flight = 1;
  plan.plan.limits.rollout_within = hours(4);
  Scene scene(std::move(plan));
  scene.pass(hours(5));
  scene.finish("a1");
  ASSERT_TRUE(scene.rollout().halted());
  EXPECT_TRUE(scene.order("continue"));
  scene.finish("a2");
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(Restored, AfterAFailure_SaysWhyItHadFailed) {
  ScenePlan plan;
  plan.group("a", 1);
  Scene scene(std::move(plan));
  scene.finish("a1", kBad, "exit 41: disk full");
  scene.finish("a1");
  ASSERT_EQ(scene.state("a1"), ClientState::restored);
  EXPECT_EQ(scene.rollout().note(0), "had failed: exit 41: disk full");
}

TEST(Compile, OnlyEmptiesOneGroup_ItIsLeftOutAndTheOthersStay) {
  ScenePlan plan;
  plan.group("a", 1);
  plan.group("b", 1).after = {"a"};
  CompileOptions options;
  options.only = "ring=b";
  const Compiled compiled = compile(plan.plan, std::move(plan.clients), options);
  for (const Problem& problem : compiled.problems)
    EXPECT_EQ(problem.severity, Problem::Severity::warning) << problem.message;
  EXPECT_EQ(compiled.schedule.clients.size(), 1U);
}

}  // namespace
}  // namespace sitewide
