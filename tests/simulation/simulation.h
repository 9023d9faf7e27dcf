// A simulated rollout: a random plan, a world that goes wrong, people who give orders, and
// controllers that die between any two things they do. The real core, engine and journal drive it
// to its end; Judge and Audit look on. Everything follows from the seed.
#pragma once

#include <functional>
#include <optional>

#include "orchestrator/core/record.h"
#include "orchestrator/core/schedule.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/violation.h"
#include "tests/simulation/world.h"

namespace sitewide::simulation {

/// Deliberate faults, for tests of the checks.
struct Bugs {
  WorldBugs world;
  /// The engine works by this schedule, while the world and the judge keep to the right one.
  std::function<void(Schedule&)> schedule;
  /// What the journal keeps of a turn; it may change or drop records.
  std::function<void(std::vector<Record>&)> journal;
  bool nameless_orders = false;
  bool acknowledges_early = false;  ///< a commit is confirmed and is not there
};

struct Options {
  std::uint64_t seed = 0;
  bool crashes = true;
  bool orders = true;
  std::uint32_t most_deaths = 20;    ///< controllers that may die
  std::set<Struck> leave_out;        ///< mishaps that are not to happen
  int only = -1;                     ///< look for violations of this invariant alone
  bool transcript = false;           ///< keep one, for reading
  std::optional<bool> on_disk;       ///< the real journal; else by seed
  std::optional<bool> thorough;      ///< see Audit; else by seed
  std::optional<Schedule> schedule;  ///< instead of a random one
  bool calm = false;                 ///< no weather: only what the options ask for
  Bugs bugs;
};

struct Report {
  std::vector<Violation> violations;  ///< empty: all is well
  bool has_plan = false;              ///< else chance made one that cannot run: nothing was tried
  std::string end;                    ///< how it ended
  std::vector<std::string> client_states;
  std::vector<Record> records;
  std::vector<std::string> transcript;
  std::vector<Struck> struck;
  std::array<std::uint32_t, kMishaps> mishaps{};
  Met met{};
  std::uint32_t events = 0, controllers = 0, deaths = 0;
  bool on_disk = false;
};

Report simulate(const Options& options);

}  // namespace sitewide::simulation
