// Shrinking: makes a failing seed small by leaving out mishaps, as many as can go while the same
// invariant is still broken, and tells the story that is left.
#pragma once

#include <string>

#include "tests/simulation/simulation.h"

namespace sitewide::simulation {

/// The options of a run that fails, with fewer mishaps; the same options when it does not fail.
Options shrunk(Options failing, std::uint32_t most_runs = 400);

/// What is wrong with the run, what had to happen for it, and its last events, for a person.
std::string story(Options failing, std::size_t last_lines = 60);

}  // namespace sitewide::simulation
