// Zones: IANA time zones as offsets written out, so that deciding needs no time-zone data. Reads
// the system's /usr/share/zoneinfo through Howard Hinnant's date library, which only zones.cpp
// includes. Any thread.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/base/result.h"
#include "orchestrator/core/schedule.h"

namespace sitewide {

/// The zone's offsets from `from` to `until`: the first holds at `from`. An unknown zone, or a
/// system without time-zone data, is an Error of kind invalid that names the zone and one that is
/// spelled alike.
Result<std::vector<ZoneOffset>> zone_offsets(const std::string& zone, Timestamp from,
                                             Timestamp until);
/// From `now` to three years later: longer than any rollout lasts.
Result<std::vector<ZoneOffset>> zone_offsets(const std::string& zone, Timestamp now);

bool is_zone_known(const std::string& zone);
/// A zone whose name is spelled alike, or empty.
std::string nearest_zone(const std::string& zone);

}  // namespace sitewide
