// The loop: what is durable before what happens, and when it ends.
#include "orchestrator/engine/engine.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "tests/support/stage.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::IsEmpty;

Order order(std::string verb, std::string subject = "", std::string name = "") {
  return {std::move(verb), std::move(subject), std::move(name), 0, {"ann", "desk", "because"}};
}

std::ptrdiff_t place(const std::vector<std::string>& log, const std::string& line) {
  return std::find(log.begin(), log.end(), line) - log.begin();
}

TEST(Engine, StepStarted_IsDurableBeforeTheAdapterIsAsked) {
  ScenePlan plan;
  plan.group("a", 1);
  Stage stage(std::move(plan));
  stage.journal().log = &stage.world().log();
  ASSERT_TRUE(stage.run());
  const auto& log = stage.world().log();
  EXPECT_LT(place(log, "journal step_started client/a1"),
            place(log, "execute client/a1 upgrade 1"));
  EXPECT_EQ(stage.rollout().state(), RolloutState::completed);
}

TEST(Engine, JournalFails_NothingStartsAndTheErrorComesBack) {
  ScenePlan plan;
  plan.group("a", 1);
  Stage stage(std::move(plan));
  stage.journal().fails_at = 1;  // the first turn that decides
  const auto ran = stage.run();
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().kind, ErrorKind::journal);
  EXPECT_THAT(stage.world().log(), IsEmpty());
}

TEST(Engine, OutcomeNotDurable_AttemptIsInDoubtForTheNextController) {
  ScenePlan plan;
  plan.group("a", 1);
  Stage stage(std::move(plan));
  stage.journal().fails_at = 2;
  ASSERT_FALSE(stage.run());
  stage.world().log().clear();
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.world().log().front(), "recover client/a1 upgrade 1");
  EXPECT_THAT(stage.world().log(), testing::Not(Contains("execute client/a1 upgrade 2")));
}

TEST(Engine, OrderComes_AnsweredAfterItIsJournaled) {
  ScenePlan plan;
  plan.group("a", 1);
  Stage stage(std::move(plan));
  stage.world().takes(Step::upgrade, minutes(2));
  stage.world().order_at(seconds(30), order("pause"));
  stage.world().order_at(seconds(40), order("continue"));
  stage.journal().log = &stage.world().log();
  ASSERT_TRUE(stage.run());
  const auto& log = stage.world().log();
  EXPECT_LT(place(log, "journal paused rollout"), place(log, "answered 1"));
  EXPECT_LT(place(log, "answered 2"), static_cast<std::ptrdiff_t>(log.size()));
}

TEST(Engine, OrderWhoseFileOutlivedItsEvent_CountsOnce) {
  ScenePlan plan;
  plan.group("a", 1);
  Stage stage(std::move(plan));
  stage.world().takes(Step::upgrade, minutes(2));
  for (const Duration when : {seconds(30), seconds(40)})
    stage.world().order_at(when, order("pause"), "left-behind");
  stage.world().order_at(seconds(35), order("continue"), "another");
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.times("paused"), 1U);
  EXPECT_EQ(stage.rollout().state(), RolloutState::completed);
  const auto& log = stage.world().log();
  EXPECT_EQ(std::count(log.begin(), log.end(), "answered left-behind"), 2);
}

TEST(Engine, OrderIsCarriedOutAlready_AnsweredAtOnce) {
  ScenePlan plan;
  plan.group("a", 1);
  Stage stage(std::move(plan));
  stage.world().takes(Step::upgrade, minutes(2));
  stage.world().order_at(seconds(30), order("pause"));
  stage.world().order_at(seconds(40), order("pause"));
  stage.world().order_at(seconds(50), order("continue"));
  stage.journal().log = &stage.world().log();
  ASSERT_TRUE(stage.run());
  const auto& log = stage.world().log();
  EXPECT_LT(place(log, "answered 2"), place(log, "journal continued rollout"));
}

TEST(Engine, OrderDoesNotApply_RefusalIsOnRecordWithItsReason) {
  ScenePlan plan;
  plan.group("a", 1);
  Stage stage(std::move(plan));
  stage.world().takes(Step::upgrade, minutes(2));
  stage.world().order_at(seconds(30), order("skip", "nobody"));
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.times("order_refused"), 1U);
  EXPECT_THAT(stage.world().log(), Contains("answered 1: there is no group or client `nobody`"));
}

TEST(Engine, RefusedOrderWhoseFileOutlivedItsEvent_IsRefusedAgainWithItsReason) {
  ScenePlan plan;
  plan.group("a", 1);
  Stage stage(std::move(plan));
  stage.world().takes(Step::upgrade, minutes(2));
  for (const Duration when : {seconds(30), seconds(40)})
    stage.world().order_at(when, order("skip", "nobody"), "left-behind");
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.times("order_refused"), 1U);
  const auto& log = stage.world().log();
  EXPECT_EQ(std::count(log.begin(), log.end(),
                       "answered left-behind: there is no group or client `nobody`"),
            2);
}

TEST(Engine, Stopped_LeavesWhenWhatRunsHasEnded) {
  ScenePlan plan;
  plan.group("a", 2).in_flight = 1;
  Stage stage(std::move(plan));
  stage.world().takes(Step::upgrade, minutes(2));
  stage.world().at(minutes(1), [&] { stage.engine()->stop("SIGTERM"); });
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.state("a1"), ClientState::upgraded);
  EXPECT_EQ(stage.state("a2"), ClientState::waiting);
  EXPECT_FALSE(stage.rollout().ended());
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.rollout().state(), RolloutState::completed);
}

TEST(Engine, ToldToLeave_LeavesAtOnceAndTheRestIsInDoubt) {
  ScenePlan plan;
  plan.group("a", 1);
  Stage stage(std::move(plan));
  stage.world().takes(Step::upgrade, minutes(20));
  ASSERT_TRUE(stage.run_until(minutes(1)));
  EXPECT_EQ(stage.rollout().open_actions(), 1U);
  stage.world().log().clear();
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.world().log().front(), "recover client/a1 upgrade 1");
}

class Broken : public Reporter {
 public:
  void report(std::span<const JournaledEvent>, const Rollout&) override {
    ++reports;
    throw std::runtime_error("terminal is gone");
  }
  int reports = 0;
};

TEST(Engine, ViewFails_DroppedAndTheRolloutGoesOn) {
  ScenePlan plan;
  plan.group("a", 1);
  Stage stage(std::move(plan));
  Broken broken;
  stage.reporters().push_back(&broken);
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(broken.reports, 1);
  EXPECT_EQ(stage.rollout().state(), RolloutState::completed);
}

TEST(Engine, ClockJumps_OnRecordAndNothingIsLostOrEarly) {
  ScenePlan plan;
  Group& group = plan.group("a", 1, Method::upgrade_bat);
  group.converge_within = hours(2);
  Stage stage(std::move(plan));
  stage.world().script("client/a1", Step::converge,
                       std::vector<Answer>(90, says_pending("waits for log-on")));
  stage.world().jump_at(minutes(30), hours(5));
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.times("clock_jumped"), 1U);
  EXPECT_EQ(stage.state("a1"), ClientState::upgraded);
}

// A look that answers in the very turn that sees the jump is followed by the next one in time, not
// so much later as the clock was set ahead.
TEST(Engine, ClockJumpsWhileALookAnswers_TheNextLookIsNotPutOff) {
  for (int second = 0; second < 120; ++second) {
    ScenePlan plan;
    Group& group = plan.group("a", 1, Method::upgrade_bat);
    group.converge_within = hours(2);
    Stage stage(std::move(plan));
    stage.world().script("client/a1", Step::converge,
                         std::vector<Answer>(60, says_pending("waits for log-on")));
    const Timestamp before = stage.world().now();
    stage.world().jump_at(minutes(30) + seconds(second), hours(5));
    ASSERT_TRUE(stage.run());
    EXPECT_LT(stage.world().now() - before, hours(5) + minutes(75)) << second;
  }
}

TEST(Engine, HaltedWithNothingToObserve_Leaves) {
  ScenePlan plan;
  plan.group("a", 1).on_breach = Scope::none;
  plan.plan.groups[0].restore_failed = false;
  Stage stage(std::move(plan));
  stage.world().script("client/a1", Step::upgrade, {says(OutcomeKind::refused)});
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.rollout().state(), RolloutState::halted);
}

TEST(Engine, TwoRunsAlike_SameEventsAtTheSameTimes) {
  const auto transcript = [] {
    ScenePlan plan;
    plan.group("a", 3, Method::upgrade_bat).waves = {{1, false}};
    plan.group("b", 2, Method::site_wide).after = {"a"};
    Stage stage(std::move(plan));
    EXPECT_TRUE(stage.run());
    return stage.transcript();
  };
  EXPECT_EQ(transcript(), transcript());
}

}  // namespace
}  // namespace sitewide
