// Which wave `rollback: wave` puts back.
#include <gmock/gmock.h>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::minutes;
using Names = std::vector<std::string>;

constexpr OutcomeKind kBad = OutcomeKind::refused;

// A late client fails beside a later wave, or when all waves are over: its own wave goes back.
ScenePlan waves_with_a_late_client(std::uint32_t clients) {
  ScenePlan plan;
  Group& group = plan.group("a", clients);
  group.waves = {{2, false}, {1, false}};
  group.on_breach = Scope::wave;
  group.attempts = 1;
  group.tolerate_late = {1, false};
  return plan;
}

TEST(Rollback, ScopeWaveAndALateClientFailsBesideALaterWave_ItsOwnWaveGoesBack) {
  Scene scene(waves_with_a_late_client(4));
  scene.finish("a1");
  scene.finish("a2", OutcomeKind::unreachable);
  scene.finish("a3");
  scene.pass(minutes(15));
  scene.finish("a2", kBad);
  EXPECT_EQ(scene.rollout().rollback().subject, Subject::wave_of(0, 0));
  EXPECT_EQ(scene.open(Step::restore), (Names{"a2", "a1"}));
  scene.finish("a4");
  scene.finish_all(Step::restore);
  EXPECT_EQ(scene.state("a3"), ClientState::upgraded);
  EXPECT_EQ(scene.state("a4"), ClientState::upgraded);
}

TEST(Rollback, ScopeWaveAndALateClientFailsAfterTheLastWave_ItsOwnWaveGoesBack) {
  Scene scene(waves_with_a_late_client(3));
  scene.finish("a1");
  scene.finish("a2", OutcomeKind::unreachable);
  scene.finish("a3");
  ASSERT_EQ(scene.group("a").state, GroupState::passed);
  scene.pass(minutes(15));
  scene.finish("a2", kBad);
  EXPECT_EQ(scene.rollout().rollback().subject, Subject::wave_of(0, 0));
  EXPECT_EQ(scene.open(Step::restore), (Names{"a2", "a1"}));
}

// The gate judged the wave before it, whoever fails meanwhile.
TEST(Rollback, ScopeWaveAndAGateFails_WaveBeforeItGoesBack) {
  ScenePlan plan;
  Group& group = plan.group("a", 3);
  group.waves = {{1, false}};
  group.on_breach = Scope::wave;
  Gate& gate = group.after_wave.emplace_back();
  gate.kind = Gate::Kind::check;
  gate.inquiry.run = {"tills-ok"};
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a");
  scene.finish("a2");
  scene.finish("a", OutcomeKind::failed);
  EXPECT_EQ(scene.rollout().rollback().subject, Subject::wave_of(0, 1));
  EXPECT_EQ(scene.open(Step::restore), Names{"a2"});
}

}  // namespace
}  // namespace sitewide
