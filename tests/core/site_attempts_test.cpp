// How often a site's steps are tried: the site's own word, not that of the groups it serves.
#include <gtest/gtest.h>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

ScenePlan staged_with(std::uint32_t attempts_of_the_site, std::uint32_t attempts_of_the_group) {
  ScenePlan plan;
  plan.plan.sites[0].attempts = attempts_of_the_site;
  plan.plan.sites[0].backoff = std::chrono::minutes(3);
  plan.group("a", 1, Method::upgrade_bat).attempts = attempts_of_the_group;
  return plan;
}

TEST(SiteAttempts, One_TheFirstFailureHalts) {
  Scene scene(staged_with(1, 5));
  scene.finish("HQ", OutcomeKind::failed, "disk full");
  EXPECT_TRUE(scene.rollout().halted());
}

TEST(SiteAttempts, Two_TriedAgainAfterItsOwnBackoff) {
  Scene scene(staged_with(2, 1));
  scene.finish("HQ", OutcomeKind::failed, "disk full");
  EXPECT_FALSE(scene.rollout().halted());
  scene.pass(std::chrono::minutes(2));
  EXPECT_EQ(scene.started("HQ", Step::stage), 1U);
  scene.pass(std::chrono::minutes(2));
  EXPECT_EQ(scene.started("HQ", Step::stage), 2U);
  scene.finish("HQ", OutcomeKind::failed, "disk full");
  EXPECT_TRUE(scene.rollout().halted());
}

}  // namespace
}  // namespace sitewide
