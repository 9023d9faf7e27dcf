// Zones of a simulated plan: made up, so that their clocks change while it runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/core/compile.h"

namespace sitewide::simulation {

/// A zone whose clock changes once.
struct TestZone {
  const char* name;
  Duration before, after;  ///< local time less UTC
  Timestamp change;
};

/// A zone by its name; UTC for one that does not exist.
const TestZone& test_zone(std::string_view name);
/// Those that clients live in.
const std::vector<TestZone>& test_zones();
/// The same zones, as plans are compiled with.
Result<std::vector<ZoneOffset>> offsets_of(const std::string& name);

}  // namespace sitewide::simulation
