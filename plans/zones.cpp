#include "plans/zones.h"

#include <date/tz.h>

#include <exception>
#include <string_view>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr auto kAhead = std::chrono::hours(24 * 366 * 3);

const date::time_zone* find_zone(const std::string& zone) {
  try {
    return date::locate_zone(zone);
  } catch (const std::exception&) {
    return nullptr;
  }
}

Error unknown_zone(const std::string& zone) {
  const std::string near = nearest_zone(zone);
  std::string message = "unknown time zone `" + escaped(zone, 60) + "`";
  if (!near.empty()) message += "; a similar name exists: `" + near + "`";
  return {ErrorKind::invalid, message};
}

}  // namespace

Result<std::vector<ZoneOffset>> zone_offsets(const std::string& name, Timestamp from,
                                             Timestamp until) {
  const date::time_zone* zone = find_zone(name);
  if (zone == nullptr) return unknown_zone(name);
  std::vector<ZoneOffset> offsets;
  try {
    auto at = std::chrono::floor<std::chrono::seconds>(from);
    while (at < until) {
      const date::sys_info info = zone->get_info(at);
      const Duration offset = info.offset;
      // Two stretches may differ in name only.
      if (offsets.empty() || offsets.back().offset != offset) {
        offsets.push_back({offsets.empty() ? from : Timestamp(at), offset});
      }
      if (info.end <= at) break;
      at = info.end;
    }
  } catch (const std::exception& error) {
    return Error{ErrorKind::invalid,
                 "the time zone `" + name + "` cannot be read: " + escaped(error.what(), 200)};
  }
  return offsets;
}

Result<std::vector<ZoneOffset>> zone_offsets(const std::string& zone, Timestamp now) {
  return zone_offsets(zone, now, now + kAhead);
}

bool is_zone_known(const std::string& zone) { return find_zone(zone) != nullptr; }

std::string nearest_zone(const std::string& zone) {
  try {
    const date::tzdb& database = date::get_tzdb();
    std::vector<std::string_view> names;
    for (const date::time_zone& known : database.zones) names.push_back(known.name());
    const std::string_view near = nearest(zone, names);
    if (!near.empty()) return std::string(near);
    // People often name the city alone.
    for (const std::string_view name : names) {
      const std::string_view city = name.substr(name.rfind('/') + 1);
      if (equals_ignoring_case(city, zone)) return std::string(name);
    }
  } catch (const std::exception&) {
    // Without time-zone data there is nothing to propose.
  }
  return {};
}

}  // namespace sitewide
