// The two ways in which SMS 1.2 writes a time into its logs. Both are local time of the machine
// that wrote them, without a zone. Pure; any thread; any bytes are accepted.
#pragma once

#include <optional>
#include <string_view>

#include "orchestrator/core/time.h"

namespace sitewide::sms {

/// A local time, kept as if it were UTC.
using LocalTime = Timestamp;

/// `06/22/99 10:39:28` (client logs). Two-digit years: the century that brings the date nearest to
/// `near`.
std::optional<LocalTime> parse_client_stamp(std::string_view text, LocalTime near);

/// `Tue Nov 10 17:56:25 1998` (server logs, Q193784); the day of the month may be padded with a
/// blank.
std::optional<LocalTime> parse_server_stamp(std::string_view text);

}  // namespace sitewide::sms
