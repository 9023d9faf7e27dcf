// Clients of waves that were put back: who waits for its wave, and who begins with it.
#include <gmock/gmock.h>

#include "tests/core/canary_and_office.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using testing::IsEmpty;
using testing::SizeIs;
using Names = std::vector<std::string>;

constexpr OutcomeKind kBad = OutcomeKind::refused;
constexpr OutcomeKind kOff = OutcomeKind::unreachable;

TEST(BegunAnew, SkippedStayOutAndCurrentOnesCount) {
  ScenePlan plan;
  Group& group = plan.group("a", 4, Method::upgrade_bat);
  group.waves = {{3, false}};
  group.in_flight = 1;
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.is_current("a1");
  EXPECT_TRUE(scene.order("skip", "a3")) << scene.refusal();
  scene.finish("a2");        // its inspect
  scene.finish("a2");        // its backup
  scene.finish("a2", kBad);  // its trigger
  scene.finish_everything();
  ASSERT_EQ(scene.state("a2"), ClientState::restored);
  EXPECT_TRUE(scene.order("acknowledge"));
  EXPECT_TRUE(scene.order("continue"));
  scene.finish_everything();
  EXPECT_EQ(scene.state("a3"), ClientState::skipped);
  EXPECT_EQ(scene.state("a4"), ClientState::upgraded) << "a1 was current: that is evidence";
}

// A client that was only being looked at when its group went back waits for its wave like those
// that were put back.
TEST(BegunAnew, ClientOfALaterWaveWasBeingPrepared_WaitsForItsWave) {
  ScenePlan plan;
  plan.group("canary", 1);
  plan.clients.set(0, 0, "");  // a command group's clients are none of the site's
  Group& group = plan.group("office", 4, Method::upgrade_bat);
  group.after = {"canary"};
  group.waves = {{1, false}, {3, false}};
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.make_sites_ready();
  for (int step = 0; step < 4; ++step) scene.finish("office1");
  ASSERT_EQ(scene.state("office1"), ClientState::upgraded);
  scene.finish("office2");  // its inspect
  EXPECT_TRUE(scene.order("rollback", "office"));
  scene.finish("office3");  // its inspect ends while the group goes back
  scene.finish("office1");
  while (!scene.open(Step::unstage).empty() || !scene.open(Step::replicate_originals).empty())
    scene.finish("HQ");
  ASSERT_FALSE(scene.rollout().rollback().running);
  EXPECT_TRUE(scene.order("retry"));
  EXPECT_TRUE(scene.order("continue"));
  scene.finish("office2");  // its backing up, begun before
  scene.make_sites_ready();
  EXPECT_EQ(scene.open(Step::inspect), (Names{"office4", "office1"}))
      << "office4 finishes what was begun";
  scene.finish("office4");
  for (int step = 0; step < 3; ++step) scene.finish("office1");
  EXPECT_THAT(scene.open(Step::trigger), IsEmpty());
  scene.finish("office1");
  EXPECT_EQ(scene.open(Step::inspect), (Names{"office2", "office3", "office4"}));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(BegunAnew, LateClient_BeginsWithItsWave) {
  ScenePlan plan = canary_and_office(4, {{2, false}});
  office(plan).attempts = 1;
  office(plan).tolerate_late = {1, false};
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.finish("office1");
  scene.finish("office2");
  scene.finish("office3", kOff);
  ASSERT_EQ(scene.state("office3"), ClientState::late);
  scene.finish("office4", kBad);
  scene.finish_all(Step::restore);
  EXPECT_TRUE(scene.order("retry"));
  EXPECT_TRUE(scene.order("continue"));
  scene.pass(hours(1));
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"office1", "office2"}));
  scene.finish_all(Step::upgrade);
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"office3", "office4"}));
}

// It was late when the group went back, and nobody orders it to be tried again.
TEST(BegunAnew, LateClientNotOrdered_WaitsForItsWaveAllTheSame) {
  ScenePlan plan = canary_and_office(4, {{2, false}});
  office(plan).attempts = 1;
  office(plan).tolerate_late = {1, false};
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.finish("office1");
  scene.finish("office2");
  scene.finish("office3", kOff);
  scene.finish("office4", kBad);
  scene.finish_all(Step::restore);
  for (const char* client : {"office1", "office2", "office4"})
    EXPECT_TRUE(scene.order("retry", client));
  EXPECT_TRUE(scene.order("continue"));
  scene.pass(hours(1));
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"office1", "office2"}));
  scene.finish_all(Step::upgrade);
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"office3", "office4"}));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(BegunAnew, SiteWideGroup_ForcedAgainWhenItsClientsArePrepared) {
  ScenePlan plan;
  plan.group("canary", 1);
  plan.clients.set(0, 0, "");
  plan.group("office", 2, Method::site_wide).after = {"canary"};
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.make_sites_ready();
  scene.finish_all(Step::inspect);
  scene.finish_all(Step::back_up);
  scene.finish("HQ");
  scene.finish("HQ");
  scene.finish("office1", OutcomeKind::failed);
  scene.finish_everything();
  ASSERT_THAT(scene.settled(ClientState::restored), SizeIs(2));
  EXPECT_TRUE(scene.order("acknowledge"));
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted);
  EXPECT_EQ(scene.started("HQ", Step::force), 1U);
  EXPECT_TRUE(scene.order("retry"));
  EXPECT_TRUE(scene.order("continue"));
  scene.finish_everything();
  EXPECT_EQ(scene.started("HQ", Step::force), 2U);
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

}  // namespace
}  // namespace sitewide
