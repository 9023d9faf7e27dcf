// The ramp of the trigger rate: when it doubles, and what holds it back.
#include "orchestrator/core/ramp.h"

#include <gmock/gmock.h>

#include "orchestrator/core/event_codec.h"
#include "orchestrator/core/why.h"
#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

// 10 a minute at first, doubled every 10 minutes, 40 a minute at most.
ScenePlan ramped(std::uint32_t clients) {
  ScenePlan plan;
  Group& group = plan.group("a", clients);
  group.in_flight = 1000;
  group.tolerate_failed = {1000, false};
  group.restore_failed = false;
  plan.plan.limits.in_flight = 1000;
  plan.plan.limits.rate = {10, minutes(1)};
  plan.plan.limits.ramp = Ramp{minutes(10), {40, minutes(1)}};
  return plan;
}

// Time goes on; whoever is triggered ends like that at once.
void run(Scene& scene, Duration time, OutcomeKind kind = OutcomeKind::ok) {
  for (Duration gone{}; gone < time; gone += seconds(3)) {
    for (const std::string& name : scene.open(Step::upgrade)) scene.finish(name, kind);
    scene.pass(seconds(3));
  }
}

std::string rate_of(const Scene& scene) { return format_rate(ramp_stand(scene.rollout()).rate); }

TEST(Ramp, EverythingIsProven_DoublesAfterItsTimeUpToTheTop) {
  Scene scene(ramped(2000));
  run(scene, minutes(10) - seconds(3));
  EXPECT_EQ(rate_of(scene), "10/m");
  run(scene, seconds(6));
  EXPECT_EQ(rate_of(scene), "20/m");
  run(scene, minutes(10));
  EXPECT_EQ(rate_of(scene), "40/m");
  run(scene, minutes(30));
  EXPECT_EQ(rate_of(scene), "40/m");
  EXPECT_EQ(scene.times("rate_raised"), 2U);
}

TEST(Ramp, FirstRate_SpacesTriggersEvenly) {
  Scene scene(ramped(2000));
  run(scene, minutes(1));
  EXPECT_EQ(scene.rollout().ramp().clients, 11U);  // one at once, then one in six seconds
}

TEST(Ramp, MoreThanOneInTenUnproven_HoldsUntilTheyAre) {
  Scene scene(ramped(2000));
  scene.pass(minutes(10));  // nobody ends
  run(scene, Duration{});
  EXPECT_EQ(rate_of(scene), "10/m");
  const std::vector<std::string> open = scene.open(Step::upgrade);
  ASSERT_EQ(open.size(), 101U);
  for (std::size_t i = 0; i < 89; ++i) scene.finish(open[i]);
  EXPECT_EQ(rate_of(scene), "10/m");
  for (std::size_t i = 89; i < 92; ++i) scene.finish(open[i]);
  EXPECT_EQ(rate_of(scene), "20/m");
}

// Clients that were triggered after the rate had held long enough are too young to hold it back.
TEST(Ramp, YoungTriggersAreUnproven_OnlyTheOlderOnesCount) {
  Scene scene(ramped(2000));
  scene.pass(minutes(15));
  const std::vector<std::string> open = scene.open(Step::upgrade);
  ASSERT_EQ(open.size(), 151U);
  EXPECT_EQ(ramp_stand(scene.rollout()).triggered, 100U);
  for (std::size_t i = 0; i < 89; ++i) scene.finish(open[i]);
  EXPECT_EQ(rate_of(scene), "10/m");
  scene.finish(open[89]);
  EXPECT_EQ(rate_of(scene), "20/m");
}

TEST(Ramp, Failures_AreNotProvenUntilAcknowledged) {
  ScenePlan plan = ramped(2000);
  plan.plan.groups[0].tolerate_failed = {60, false};
  Scene scene(std::move(plan));
  run(scene, minutes(5), OutcomeKind::refused);
  run(scene, minutes(10));
  EXPECT_EQ(rate_of(scene), "10/m");
  EXPECT_THAT(why(scene.rollout(), Subject::group(0), scene.now()),
              HasSubstr("rate 10/m, does not double yet; 50 of "));
  scene.apply(Acknowledged{0, 50, {"anna", "ops1", "known"}});
  scene.decide_all();
  EXPECT_EQ(rate_of(scene), "20/m");
}

TEST(Ramp, RateWasHardlyUsed_DoesNotDouble) {
  ScenePlan plan = ramped(9);
  plan.group("b", 50).after = {"a"};
  plan.plan.groups[0].after_wave = {Gate{Gate::Kind::soak, hours(20), "", {}}};
  Scene scene(std::move(plan));
  run(scene, hours(19));
  EXPECT_EQ(rate_of(scene), "10/m");
}

TEST(Ramp, PausedOrWithoutController_TimeDoesNotCount) {
  Scene scene(ramped(2000));
  run(scene, minutes(9));
  ASSERT_TRUE(scene.order("pause"));
  scene.pass(hours(2));
  ASSERT_TRUE(scene.order("continue"));
  run(scene, seconds(30));
  EXPECT_EQ(rate_of(scene), "10/m");
  for (const std::string& name : scene.open(Step::upgrade)) scene.finish(name);
  scene.restart(hours(3));
  scene.finish_all(Step::upgrade);
  run(scene, seconds(20));
  EXPECT_EQ(rate_of(scene), "10/m");
  run(scene, seconds(20));
  EXPECT_EQ(rate_of(scene), "20/m");
}

TEST(Ramp, Waits_WhySaysTheRateAndWhenItDoubles) {
  Scene scene(ramped(2000));
  run(scene, minutes(8));
  EXPECT_THAT(why(scene.rollout(), Subject::group(0), scene.now()),
              HasSubstr("rate 10/m, doubles at 20:10:00 UTC"));
  EXPECT_THAT(why(scene.rollout(), Subject::client(1999), scene.now()),
              HasSubstr("waits to be triggered: rate 10/m"));
}

TEST(Ramp, RatesOfThePlan_AreWrittenAsThePlanDoes) {
  EXPECT_EQ(format_rate({600, minutes(1)}), "600/m");
  EXPECT_EQ(format_rate({5, seconds(10)}), "5/10s");
  EXPECT_EQ(format_rate({2, hours(1)}), "2/h");
  Limits limits;
  limits.rate = {30, minutes(1)};
  limits.ramp = Ramp{minutes(1), {2, seconds(1)}};
  EXPECT_EQ(format_rate(rate_after(limits, 1)), "60/m");
  EXPECT_EQ(format_rate(rate_after(limits, 2)), "2/s");
  EXPECT_EQ(format_rate(rate_after(limits, 60)), "2/s");
}

}  // namespace
}  // namespace sitewide
