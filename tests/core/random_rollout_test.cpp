// Random rollouts over the real core and engine. SITEWIDE_SEEDS=N runs more of them,
// SITEWIDE_SEED=S one.
#include "tests/support/random_rollout.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace sitewide {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* value = std::getenv(variable);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

void run_seeds(RandomRollout what) {
  const std::uint64_t one = number_from("SITEWIDE_SEED", 0);
  const std::uint64_t first = one > 0 ? one : 1;
  const std::uint64_t count = one > 0 ? 1 : number_from("SITEWIDE_SEEDS", 150);
  for (what.seed = first; what.seed < first + count; ++what.seed) {
    const RandomResult result = run_random_rollout(what);
    ASSERT_TRUE(result.violations.empty())
        << "seed " << what.seed << ": " << result.violations.front();
  }
}

TEST(RandomRollout, WorldGoesWrong_InvariantsHold) {
  RandomRollout what;
  what.crashes = what.orders = false;
  run_seeds(what);
}

TEST(RandomRollout, ControllersDie_InvariantsHold) {
  RandomRollout what;
  what.orders = false;
  run_seeds(what);
}

TEST(RandomRollout, OperatorGivesOrders_InvariantsHold) {
  RandomRollout what;
  what.crashes = false;
  run_seeds(what);
}

TEST(RandomRollout, ControllersDieAndOperatorGivesOrders_InvariantsHold) { run_seeds({}); }

// Each of these seeds found a fault once.
TEST(RandomRollout, SeedsThatFailedOnce_InvariantsHold) {
  for (const std::uint64_t seed :
       {20,  33,  42,   54,   56,   66,   73,   77,   91,   134,  162,  209,   269,   303,
        386, 431, 1320, 2341, 3107, 3320, 3516, 3668, 3681, 4494, 4612, 20802, 21382, 100090}) {
    for (const int flags : {0, 1, 2, 3}) {
      RandomRollout what;
      what.seed = seed;
      what.crashes = (flags & 1) != 0;
      what.orders = (flags & 2) != 0;
      const RandomResult result = run_random_rollout(what);
      EXPECT_TRUE(result.violations.empty())
          << "seed " << seed << ": " << result.violations.front();
    }
  }
}

TEST(RandomRollout, SameSeed_SameEvents) {
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    RandomRollout what;
    what.seed = seed;
    what.keep_events = true;
    EXPECT_EQ(run_random_rollout(what).events, run_random_rollout(what).events);
  }
}

}  // namespace
}  // namespace sitewide
