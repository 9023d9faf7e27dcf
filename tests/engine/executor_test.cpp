// What the executor makes of answers, silence and time.
#include "orchestrator/engine/executor.h"

#include <gmock/gmock.h>

#include "tests/support/stage.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::Not;

std::size_t count(const std::vector<std::string>& log, const std::string& line) {
  return static_cast<std::size_t>(std::count(log.begin(), log.end(), line));
}

ScenePlan one_client(Method method = Method::upgrade_bat) {
  ScenePlan plan;
  Group& group = plan.group("a", 1, method);
  group.restore_failed = false;
  group.on_breach = Scope::none;
  return plan;
}

std::vector<Answer> many(std::size_t times, const Answer& answer) {
  return std::vector<Answer>(times, answer);
}

TEST(Executor, EffectNeverAnswers_InDoubtThenProbed) {
  Stage stage(one_client());
  stage.world().keep_silent("client/a1", Step::trigger);
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.times("step_in_doubt"), 1U);
  EXPECT_THAT(stage.world().log(), Contains("recover client/a1 trigger 1"));
  EXPECT_EQ(stage.state("a1"), ClientState::upgraded);
}

TEST(Executor, ReadNeverAnswers_GivenUpAndTriedAgain) {
  Stage stage(one_client());
  stage.world().keep_silent("client/a1", Step::inspect);
  ASSERT_TRUE(stage.run());
  EXPECT_THAT(stage.world().log(), Contains("stop client/a1 inspect 1"));
  EXPECT_THAT(stage.world().log(), Contains("execute client/a1 inspect 2"));
  EXPECT_EQ(stage.state("a1"), ClientState::upgraded);
}

TEST(Executor, PollsAlike_OnlyChangesAreOnRecord) {
  Stage stage(one_client());
  std::vector<Answer> answers = many(20, says_pending("waits for log-on"));
  answers.push_back(says_pending("component in use"));
  stage.world().script("client/a1", Step::converge, answers);
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(count(stage.world().log(), "poll client/a1 converge 1"), 22U);
  EXPECT_EQ(stage.times("step_noted"), 2U);
}

TEST(Executor, WatchNotTrueByItsDeadline_TimedOutAfterALastLook) {
  ScenePlan plan = one_client();
  plan.plan.groups[0].converge_within = minutes(10);
  Stage stage(std::move(plan));
  stage.world().script("client/a1", Step::converge, many(50, says_pending("waits for log-on")));
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.state("a1"), ClientState::failed);
  EXPECT_EQ(stage.rollout().note(0), "waits for log-on");
}

TEST(Executor, UnreachablePastLostAfter_Lost) {
  ScenePlan plan = one_client();
  plan.plan.groups[0].lost_after = minutes(30);
  Stage stage(std::move(plan));
  stage.world().script("client/a1", Step::converge, many(200, says_doubt("off")));
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.state("a1"), ClientState::lost);
  EXPECT_LT(stage.rollout().last_event(), *parse_timestamp("2026-11-23T20:35:00Z"));
}

TEST(Executor, UnreachableForTheNight_WaitsAndIsProven) {
  Stage stage(one_client());
  stage.world().script("client/a1", Step::converge, many(300, says_doubt("off")));
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.state("a1"), ClientState::upgraded);
}

TEST(Executor, DeadlinePassesWhilePaused_NotJudged) {
  ScenePlan plan = one_client();
  plan.plan.groups[0].converge_within = hours(1);
  Stage stage(std::move(plan));
  stage.world().script("client/a1", Step::converge, many(150, says_pending("waits for log-on")));
  const Actor ann{"ann", "", ""};
  stage.world().order_at(minutes(30), {"pause", "", "", 0, ann});
  stage.world().order_at(minutes(30) + hours(2), {"continue", "", "", 0, ann});
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.state("a1"), ClientState::upgraded);
}

TEST(Executor, InDoubtPastItsLastInstant_AbandonedThenJudged) {
  ScenePlan plan = one_client(Method::command);
  plan.plan.groups[0].lost_after = minutes(30);
  plan.plan.groups[0].command.repeatable = false;
  Stage stage(std::move(plan));
  stage.world().script("client/a1", Step::upgrade, many(500, says_doubt()));
  ASSERT_TRUE(stage.run());
  const auto& log = stage.world().log();
  EXPECT_EQ(count(log, "abandon client/a1 upgrade 1"), 1U);
  EXPECT_EQ(count(log, "execute client/a1 upgrade 1"), 1U);
  EXPECT_EQ(stage.state("a1"), ClientState::lost);
}

TEST(Executor, InDoubtPastItsLastInstantWhilePaused_LookedForAtItsOwnPace) {
  ScenePlan plan = one_client(Method::command);
  plan.plan.groups[0].lost_after = minutes(30);
  Stage stage(std::move(plan));
  stage.world().script("client/a1", Step::upgrade, many(600, says_doubt()));
  const Actor ann{"ann", "", ""};
  stage.world().order_at(minutes(5), {"pause", "", "", 0, ann});
  ASSERT_TRUE(stage.run_until(hours(3)));
  EXPECT_LT(count(stage.world().log(), "recover client/a1 upgrade 1"), 200U);
  EXPECT_EQ(stage.state("a1"), ClientState::in_doubt);
}

TEST(Executor, AttemptStillRunsAtTheNextController_AwaitedNotStartedAgain) {
  Stage stage(one_client(Method::command));
  stage.world().takes(Step::upgrade, hours(5));
  ASSERT_TRUE(stage.run_until(minutes(5)));
  stage.world().script("client/a1", Step::upgrade, many(3, says_pending("still running")));
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(count(stage.world().log(), "execute client/a1 upgrade 1"), 1U);
  EXPECT_THAT(stage.world().log(), Not(Contains("execute client/a1 upgrade 2")));
  EXPECT_EQ(stage.state("a1"), ClientState::upgraded);
}

TEST(Executor, WatchOpenAtTheNextController_LookedAtOnce) {
  Stage stage(one_client());
  stage.world().script("client/a1", Step::converge, many(30, says_pending("waits for log-on")));
  ASSERT_TRUE(stage.run_until(minutes(10)));
  stage.world().log().clear();
  ASSERT_TRUE(stage.run());
  EXPECT_EQ(stage.world().log().front(), "poll client/a1 converge 1");
}

TEST(Executor, ManyWatches_FewLooksAtATime) {
  ScenePlan plan;
  Group& group = plan.group("a", 1000, Method::site_wide);
  group.in_flight = 1000;
  plan.plan.limits.in_flight = 1000;
  Stage stage(std::move(plan));
  ASSERT_TRUE(stage.run());
  std::map<Timestamp, std::size_t> together;  // looks take a second each, so these ran at once
  for (const Record& record : stage.journal().records) {
    if (record.step == "converge" && record.kind == "step_finished") ++together[record.at];
  }
  EXPECT_EQ(together.size(), 4U);
  for (const auto& [at, looks] : together) EXPECT_LE(looks, 256U);
  EXPECT_EQ(count(stage.world().log(), "poll client/a1000 converge 1"), 1U);
  EXPECT_EQ(stage.rollout().state(), RolloutState::completed);
}

TEST(Executor, RollbackBegins_LooksOfItsClientsStop) {
  ScenePlan plan;
  plan.group("a", 2, Method::upgrade_bat);
  Stage stage(std::move(plan));
  std::vector<Answer> answers = many(5, says_pending("waits for log-on"));
  answers.push_back(says(OutcomeKind::failed, "not downloaded"));
  stage.world().script("client/a2", Step::converge, answers);
  stage.world().script("client/a1", Step::converge, many(500, says_pending("waits for log-on")));
  ASSERT_TRUE(stage.run());
  EXPECT_LT(count(stage.world().log(), "poll client/a1 converge 1"), 10U);
  EXPECT_EQ(stage.rollout().state(), RolloutState::rolled_back);
}

}  // namespace
}  // namespace sitewide
