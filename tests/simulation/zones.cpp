#include "tests/simulation/zones.h"

#include <algorithm>

namespace sitewide::simulation {
namespace {

using std::chrono::hours;

Timestamp at(std::string_view text) { return *parse_timestamp(text); }

const TestZone& utc() {
  static const TestZone zone{"UTC", {}, {}, kNever};
  return zone;
}

}  // namespace

const std::vector<TestZone>& test_zones() {
  // Simulated rollouts begin on 2026-11-23 at 21:00.
  static const std::vector<TestZone> zones{
      {"Test/East", hours(9), hours(9), kNever},
      {"Test/Spring", hours(-8), hours(-7), at("2026-11-24T10:00:00Z")},
      {"Test/Autumn", hours(2), hours(1), at("2026-11-25T01:00:00Z")}};
  return zones;
}

const TestZone& test_zone(std::string_view name) {
  const auto& zones = test_zones();
  const auto found = std::find_if(zones.begin(), zones.end(),
                                  [&](const TestZone& zone) { return zone.name == name; });
  return found == zones.end() ? utc() : *found;
}

Result<std::vector<ZoneOffset>> offsets_of(const std::string& name) {
  const TestZone& zone = test_zone(name);
  std::vector<ZoneOffset> offsets{{Timestamp{}, zone.before}};
  if (zone.change < kNever) offsets.push_back({zone.change, zone.after});
  return offsets;
}

}  // namespace sitewide::simulation
