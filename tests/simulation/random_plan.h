// Random plans: everything that the plan language can say about a rollout, in small.
#pragma once

#include <optional>

#include "orchestrator/core/schedule.h"
#include "tests/simulation/dice.h"

namespace sitewide::simulation {

/// When the simulated rollouts begin.
Timestamp simulation_start();

/// A schedule of 1 to 4 groups over up to two sites; nothing when chance made a plan that compile()
/// refuses.
std::optional<Schedule> random_schedule(Dice& dice);

}  // namespace sitewide::simulation
