// Totals: what a number of seeds did, as the one line that a soak and the tests print.
#pragma once

#include <string>

#include "tests/simulation/simulation.h"

namespace sitewide::simulation {

struct Totals {
  std::uint64_t seeds = 0, plans = 0, on_disk = 0, events = 0, controllers = 0, deaths = 0;
  std::uint64_t orders = 0, jumps = 0, faults = 0, violations = 0;

  Met met{};  ///< in how many seeds, by kind

  void add(const Report& report);
  void add(const Totals& other);
  /// At least nine of ten seeds made a plan that runs.
  bool has_enough_plans() const;
  /// `simulation: 20000 seeds (19000 with a plan, 312 on disk), 4700000 events, 190000 controllers,
  /// …`.
  std::string line() const;
  /// `met: 5230 x unrecorded transport, …`: in how many seeds, by kind.
  std::string kinds() const;
};

}  // namespace sitewide::simulation
