// Instants and durations as the core sees them: whole milliseconds of UTC. Pure; no clock is read
// here.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sitewide {

using Duration = std::chrono::milliseconds;
using Timestamp = std::chrono::sys_time<Duration>;

/// Later than anything that happens; "no deadline".
inline constexpr Timestamp kNever{Duration{INT64_MAX / 4}};

/// `2026-11-22T23:01:02.345Z`; without milliseconds when they are zero.
std::string format_timestamp(Timestamp at);
/// Reads what format_timestamp writes.
std::optional<Timestamp> parse_timestamp(std::string_view text);

/// The shortest exact form of the plan language: `90s`, `10m`, `24h`, `5d`, `1500ms`.
std::string format_duration(Duration duration);
/// Reads `30s 10m 24h 5d` and `250ms`: a whole number and one unit. Nothing else is a duration;
/// negative ones are not.
std::optional<Duration> parse_duration(std::string_view text);
/// For people: the two largest units that matter, `2h 5m`, `41s`, `3d 4h`.
std::string describe_duration(Duration duration);

}  // namespace sitewide
