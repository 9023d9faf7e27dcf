// What the clock decides, in a preview: windows with the times of each zone, the ramp of the rate,
// rechecks. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "orchestrator/core/schedule.h"

namespace sitewide {

/// A line for each window of the group, and below one that opens by its clients' own clocks a line
/// for each zone; then its recheck. Empty when it has none.
std::string timing_of_group(const Schedule& schedule, std::uint32_t group, Timestamp start);

/// The rate of triggers, and how it rises; empty when the plan has none.
std::string rate_in_words(const Limits& limits);

}  // namespace sitewide
