// The step `configure`: when a client takes it, and how it goes back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "orchestrator/core/schedule_codec.h"
#include "tests/support/scene.h"

namespace sitewide {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using Names = std::vector<std::string>;

ScenePlan plan_with_settings(Method method) {
  ScenePlan plan;
  plan.group("a", 2, method);
  ClientPart& part = plan.plan.hotfix.parts.client.emplace_back();
  part.section = "Local";
  part.key = "SmsrunStartupDelay";
  part.value = "5000";
  return plan;
}

/// Both clients are proven; configure is open on each.
Scene proven_scene(Method method = Method::upgrade_bat) {
  Scene scene(plan_with_settings(method));
  scene.make_sites_ready();
  scene.finish_all(Step::inspect);
  scene.finish_all(Step::back_up);
  if (method == Method::upgrade_bat) scene.finish_all(Step::trigger);
  if (method == Method::site_wide) {
    scene.finish("HQ");  // force
    scene.finish("HQ");  // regenerate
  }
  scene.finish_all(Step::converge);
  return scene;
}

TEST(Configure, ComesAfterProofAndMakesAClientUpgraded) {
  Scene scene = proven_scene();
  EXPECT_EQ(scene.open(Step::configure), (Names{"a1", "a2"}));
  EXPECT_EQ(scene.state("a1"), ClientState::converging);
  scene.finish("a1");
  EXPECT_EQ(scene.state("a1"), ClientState::upgraded);
  scene.finish("a2");
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(Configure, IsNoStepOfAHotfixWithoutSettings) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  Scene scene(std::move(plan));
  for (const PlannedStep& step : scene.schedule().groups[0].steps) {
    EXPECT_NE(step.step, Step::configure);
  }
}

TEST(Configure, FailureIsTheClients) {
  Scene scene = proven_scene();
  scene.finish("a1", OutcomeKind::failed, "no such key");
  scene.pass(std::chrono::minutes(1));
  scene.finish("a1", OutcomeKind::failed, "no such key");
  scene.pass(std::chrono::minutes(2));
  scene.finish("a1", OutcomeKind::failed, "no such key");
  EXPECT_EQ(scene.started("a1", Step::configure), 3U);
  EXPECT_EQ(scene.group("a").failed, 1U);
  EXPECT_EQ(scene.open(Step::restore), Names{"a1"});
}

TEST(Configure, InDoubtIsLookedForAndThenDoneAgain) {
  Scene scene = proven_scene();
  scene.doubt("a1");
  EXPECT_EQ(scene.state("a1"), ClientState::in_doubt);
  scene.finish("a1");
  EXPECT_EQ(scene.state("a1"), ClientState::upgraded);
}

TEST(Configure, ClientThatIsAwayIsWaitedFor) {
  Scene scene = proven_scene();
  scene.finish("a1", OutcomeKind::unreachable, "off");
  EXPECT_EQ(scene.group("a").failed, 0U);
  scene.pass(std::chrono::minutes(1));
  EXPECT_THAT(scene.open(Step::configure), Contains("a1"));
}

TEST(Configure, SiteThatIsUndone_BringsFilesBackAndTheClientItsSettings) {
  Scene scene = proven_scene(Method::site_wide);
  scene.finish_all(Step::configure);
  ASSERT_EQ(scene.state("a1"), ClientState::upgraded);
  ASSERT_TRUE(scene.order("rollback", "a")) << scene.refusal();
  for (int i = 0; i < 4; ++i) scene.finish("HQ");
  EXPECT_EQ(scene.open(Step::converge_originals).size(), 2U);
  EXPECT_THAT(scene.open(Step::restore), IsEmpty());
  scene.finish_all(Step::converge_originals);
  EXPECT_EQ(scene.open(Step::restore).size(), 2U);
  EXPECT_EQ(scene.state("a1"), ClientState::restoring);
  scene.finish_all(Step::restore);
  EXPECT_EQ(scene.state("a1"), ClientState::restored);
  EXPECT_EQ(scene.rollout().rollback().restored, 2U);
}

// Services that it may have left stopped run again before the rollout is over.
TEST(SiteParts, AbortWhileAStageThatStopsServicesIsInDoubt_WaitsForIt) {
  ScenePlan plan;
  plan.group("a", 1, Method::upgrade_bat);
  plan.plan.hotfix.parts.site.emplace_back().kind = SitePart::Kind::stop_service;
  Scene scene(std::move(plan));
  scene.restart();
  scene.doubt("HQ");
  EXPECT_TRUE(scene.order("abort"));
  EXPECT_FALSE(scene.rollout().ended());
  scene.finish("HQ", OutcomeKind::cancelled);
  EXPECT_EQ(scene.rollout().state(), RolloutState::aborted);
}

TEST(Configure, ScheduleKeepsEveryPart) {
  ScenePlan plan = plan_with_settings(Method::site_wide);
  Parts& parts = plan.plan.hotfix.parts;
  parts.site.emplace_back().kind = SitePart::Kind::stop_service;
  parts.site.back().services = {"SMS_EXECUTIVE"};
  parts.site.emplace_back().kind = SitePart::Kind::run;
  parts.site.back().run = {"what", {"run"}, {"probe"}, {"undo"}, std::chrono::hours(3)};
  parts.map.emplace_back().kind = MapEdit::Kind::merge;
  parts.map.back().fragment_text = "BEGIN";
  plan.plan.sites[0].services.stop = {"stop", "{service}"};
  plan.plan.transports[0].registry.remove = {"delete"};
  const Scene scene(std::move(plan));
  const std::string text = encode_schedule(scene.schedule());
  const auto again = decode_schedule(text);
  ASSERT_TRUE(again);
  EXPECT_EQ(encode_schedule(*again), text);
  EXPECT_EQ(again->hotfix.parts.site[1].run.within, std::chrono::hours(3));
  EXPECT_EQ(again->hotfix.parts.map[0].fragment_text, "BEGIN");
  EXPECT_EQ(again->groups[0].steps.back().step, Step::configure);
  EXPECT_EQ(again->transports[0].registry.remove, Argv{"delete"});
  // One attempt has time for all of it: ten minutes, a service stopped and started, the program.
  EXPECT_EQ(again->sites[0].stage.policy.timeout,
            std::chrono::minutes(10) + std::chrono::minutes(10) + std::chrono::hours(3));
}

}  // namespace
}  // namespace sitewide
