// Upgrades that were never heard of, over transports that keep no record of them: they may arrive
// after a look that found nothing, and after a restore.
#include <gmock/gmock.h>

#include "orchestrator/core/reconciliation.h"
#include "orchestrator/core/why.h"
#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::minutes;
using testing::HasSubstr;
using Names = std::vector<std::string>;

// One client of Upgrade.bat over `exec`, about to be triggered.
class LateArrival : public testing::Test {
 protected:
  static ScenePlan plan(const std::string& type, const std::string& records = "") {
    ScenePlan plan;
    Group& group = plan.group("a", 1, Method::upgrade_bat);
    group.attempts = 1;
    group.on_breach = Scope::none;
    plan.plan.transports[0].type = type;
    plan.plan.transports[0].records = records;
    return plan;
  }

  static void trigger(Scene& scene) {
    scene.make_sites_ready();
    scene.finish("a1");
    scene.finish("a1");
  }

  // The look finds nothing, the attempts are spent, and its originals are put back.
  static void fail_and_put_back(Scene& scene) {
    scene.doubt("a1");
    scene.finish("a1", OutcomeKind::cancelled);
    ASSERT_EQ(scene.open(Step::restore), Names{"a1"});
    scene.finish("a1");
  }
};

TEST_F(LateArrival, NoRecord_PutBackOnceMoreAfterTheTriggersTime) {
  Scene scene(plan("exec"));
  trigger(scene);
  fail_and_put_back(scene);
  EXPECT_EQ(scene.state("a1"), ClientState::restoring);
  EXPECT_THAT(why(scene.rollout(), Subject::client(0), scene.now()), HasSubstr("once more at"));
  scene.pass(minutes(9));
  EXPECT_EQ(scene.started("a1", Step::restore), 1U);
  scene.pass(minutes(1));
  EXPECT_EQ(scene.started("a1", Step::restore), 2U);
  scene.finish("a1");
  EXPECT_EQ(scene.state("a1"), ClientState::restored);
  EXPECT_THAT(scene.rollout().note(0), HasSubstr("may still arrive"));
}

TEST_F(LateArrival, CannotBePutBackOnceMore_NeedsHands) {
  Scene scene(plan("exec"));
  trigger(scene);
  fail_and_put_back(scene);
  scene.pass(minutes(10));
  scene.finish("a1", OutcomeKind::refused, "changed by someone else");
  EXPECT_EQ(scene.settled(ClientState::needs_hands), Names{"a1"});
  EXPECT_TRUE(scene.settled(ClientState::restored).empty());
}

TEST_F(LateArrival, ControllerDiesInBetween_TheNextPutsBackOnceMore) {
  Scene scene(plan("exec"));
  trigger(scene);
  fail_and_put_back(scene);
  scene.restart();
  EXPECT_EQ(scene.state("a1"), ClientState::restoring);
  scene.pass(minutes(10));
  scene.finish("a1");
  EXPECT_EQ(scene.started("a1", Step::restore), 2U);
  EXPECT_EQ(scene.state("a1"), ClientState::restored);
}

TEST_F(LateArrival, OrderedBackInBetween_PutBackTwiceFromThere) {
  Scene scene(plan("exec"));
  trigger(scene);
  fail_and_put_back(scene);
  ASSERT_TRUE(scene.order("rollback", "a1"));
  scene.finish("a1");
  EXPECT_EQ(scene.state("a1"), ClientState::restoring);
  scene.pass(minutes(10));
  scene.finish("a1");
  EXPECT_EQ(scene.started("a1", Step::restore), 3U);
  EXPECT_EQ(scene.state("a1"), ClientState::restored);
}

TEST_F(LateArrival, OwnMachineRunsIt_PutBackOnce) {
  Scene scene(plan("local"));
  trigger(scene);
  fail_and_put_back(scene);
  EXPECT_EQ(scene.state("a1"), ClientState::restored);
}

TEST_F(LateArrival, ItFailedAndSaidSo_PutBackOnce) {
  Scene scene(plan("exec"));
  trigger(scene);
  scene.finish("a1", OutcomeKind::failed);
  scene.finish("a1");
  EXPECT_EQ(scene.state("a1"), ClientState::restored);
}

// It may hold an upgrade one day: late is only who was never touched.
TEST_F(LateArrival, UnreachableAtTheNextAttempt_IsLostNotLate) {
  ScenePlan scene_plan = plan("exec");
  scene_plan.plan.groups[0].attempts = 2;
  scene_plan.plan.groups[0].lost_after = minutes(5);
  Scene scene(std::move(scene_plan));
  trigger(scene);
  scene.doubt("a1");
  scene.finish("a1", OutcomeKind::cancelled);
  for (int i = 0; i < 20 && scene.state("a1") != ClientState::lost; ++i) {
    if (scene.started("a1", Step::trigger) > 1 && scene.rollout().open_attempt(Subject::client(0)))
      scene.finish("a1", OutcomeKind::unreachable);
    if (scene.state("a1") == ClientState::restoring) break;
    scene.pass(minutes(1));
  }
  EXPECT_EQ(scene.settled(ClientState::lost), Names{"a1"});
  EXPECT_TRUE(scene.settled(ClientState::late).empty());
}

TEST_F(LateArrival, BegunAnewAndOff_IsLostWithItsDoubt) {
  ScenePlan scene_plan = plan("exec");
  scene_plan.plan.groups[0].lost_after = minutes(1);
  Scene scene(std::move(scene_plan));
  trigger(scene);
  fail_and_put_back(scene);
  scene.pass(minutes(10));
  scene.finish("a1");
  ASSERT_TRUE(scene.order("retry", "a1"));
  ASSERT_TRUE(scene.order("continue"));
  scene.finish("a1", OutcomeKind::unreachable, "off");
  scene.pass(minutes(2));
  if (!scene.open(Step::inspect).empty()) scene.finish("a1", OutcomeKind::unreachable, "off");
  EXPECT_EQ(scene.settled(ClientState::lost), Names{"a1"});
  EXPECT_TRUE(scene.settled(ClientState::late).empty());
  scene.finish("a1", OutcomeKind::refused, "off");
  EXPECT_EQ(scene.state("a1"), ClientState::needs_hands);
  EXPECT_THAT(reason_of_ending(scene.rollout(), 0), HasSubstr("may arrive, or have arrived"));
}

TEST(MayArriveLate, CommandUnderARecord_Not) {
  ScenePlan plan;
  plan.group("a", 1).command.repeatable = false;
  plan.group("b", 1).command.repeatable = true;
  plan.plan.transports[0].type = "ssh";
  plan.plan.transports[0].records = "/var/lib/sitewide/attempts";
  const Scene scene(std::move(plan));
  EXPECT_FALSE(scene.schedule().may_arrive_late(0));
  EXPECT_TRUE(scene.schedule().may_arrive_late(1)) << "what is repeatable runs under no record";
}

}  // namespace
}  // namespace sitewide
