// Simulated rollouts, 20,000 seeds. SITEWIDE_SEEDS=N runs N a test, SITEWIDE_SEED=S that one alone.
// Each test prints a line `simulation: N seeds, …`.
#include "tests/simulation/simulation.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tests/simulation/shrink.h"
#include "tests/simulation/totals.h"

namespace sitewide::simulation {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* value = std::getenv(variable);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

constexpr std::uint64_t kMetAtLeast = 5;

// Returns what was met.
Totals run_seeds(Options options, std::uint64_t from, std::uint64_t usual) {
  const std::uint64_t one = number_from("SITEWIDE_SEED", 0);
  const std::uint64_t first = one > 0 ? one : from;
  const std::uint64_t count = one > 0 ? 1 : number_from("SITEWIDE_SEEDS", usual);
  Totals totals;
  for (options.seed = first; options.seed < first + count; ++options.seed) {
    const Report report = simulate(options);
    totals.add(report);
    if (!report.violations.empty()) {
      ADD_FAILURE() << story(options);
      break;
    }
  }
  std::printf("%s\n%s\n", totals.line().c_str(), totals.kinds().c_str());
  EXPECT_TRUE(totals.has_enough_plans()) << totals.line();
  return totals;
}

class Simulation : public testing::TestWithParam<int> {};

// Eight parts, so that they run side by side.
TEST_P(Simulation, EverythingGoesWrong_InvariantsHold) {
  const Totals totals = run_seeds({}, 1 + 2250 * static_cast<std::uint64_t>(GetParam()), 2250);
  if (totals.seeds < 2250) return;  // fewer were asked for, or one failed
  for (std::size_t i = 0; i < kKinds; ++i)
    EXPECT_GE(totals.met[i], kMetAtLeast) << name_of(static_cast<Kind>(i)) << " is hardly met";
}

INSTANTIATE_TEST_SUITE_P(Part, Simulation, testing::Range(0, 8));

TEST(SimulationOfWorld, NobodyDiesAndNobodyOrders_InvariantsHold) {
  Options options;
  options.crashes = options.orders = false;
  run_seeds(options, 50001, 1000);
}

TEST(SimulationOnDisk, RealJournalReopenedByEachController_InvariantsHold) {
  Options options;
  options.on_disk = true;
  run_seeds(options, 60001, 1000);
}

// Of a hundred seeds, one in `share` makes no plan.
Totals one_without_a_plan_in(std::uint32_t share) {
  Totals totals;
  Report report;
  for (std::uint32_t i = 0; i < 100; ++i) {
    report.has_plan = i % share != 0;
    totals.add(report);
  }
  return totals;
}

// A seed whose plan is refused proves nothing, and must not be counted as if it did.
TEST(Totals, OneSeedInFiveMakesNoPlan_IsTooFewAndIsSaid) {
  const Totals totals = one_without_a_plan_in(5);
  EXPECT_FALSE(totals.has_enough_plans());
  EXPECT_NE(totals.line().find("100 seeds (80 with a plan, 0 on disk)"), std::string::npos);
}

TEST(Totals, OneSeedInTwentyMakesNoPlan_IsEnough) {
  EXPECT_TRUE(one_without_a_plan_in(20).has_enough_plans());
}

void expect_no_violation(std::uint64_t seed) {
  Options options;
  options.seed = seed;
  options.thorough = true;
  EXPECT_TRUE(simulate(options).violations.empty()) << story(options);
}

// Each of these found a fault of the product once.
TEST(SimulationSeeds, ThatFailedOnce_InvariantsHold) {
  for (const std::uint64_t seed :
       {28U,       58U,       63U,       75U,        217U,       500U,      540U,
        918U,      1004U,     1022U,     1046U,      1413U,      1664U,     1872U,
        2266U,     2289U,     3067U,     3379U,      8288U,      287228U,   329449U,
        1104890U,  1202180U,  3066330U,  3067139U,   20273600U,  20348667U, 20627409U,
        20769881U, 50009770U, 50017304U, 60005679U,  70009193U,  60013813U, 70007615U,
        70016300U, 80021710U, 90007998U, 200127488U, 200229973U, 300032448U}) {
    expect_no_violation(seed);
  }
}

// And each of these a fault of the checks or of the simulated world.
TEST(SimulationSeeds, ThatWereMisjudgedOnce_InvariantsHold) {
  for (const std::uint64_t seed :
       {9584U,     30003416U, 30004704U, 30015304U,  20019900U,  20049958U,
        20155433U, 21041936U, 21085039U, 21106889U,  21111779U,  21117702U,
        21137662U, 20608475U, 50010575U, 50019540U,  50018409U,  60003546U,
        50003949U, 70000554U, 70005367U, 200143880U, 400054734U, 800029618U}) {
    expect_no_violation(seed);
  }
}

}  // namespace
}  // namespace sitewide::simulation
