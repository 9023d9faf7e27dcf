// Pcmwin.log: the health check of Q237690. The unpatched Pcmwin32 stops for about 50 seconds (the
// redirector's 45 second SessTimeout, Q148426) after "Looking for instruction file"; the patched
// one does not.
//
// A line is `[MM/DD/YY HH:MM:SS] Package Command Manager ==> text` (Q237690, Q231378); the stamp
// may be missing (Q188578) and the arrow may be `=>` (Q166765). Pure; any thread; any bytes are
// accepted; time is linear in their number.
#pragma once

#include <optional>
#include <string_view>

#include "adapters/sms/log_time.h"

namespace sitewide::sms {

struct ClientLogLine {
  std::optional<LocalTime> at;  ///< absent: the line has no stamp
  std::string_view component;
  std::string_view text;
};

/// One line of a client log; nothing when it is not one. `near` settles the century of its
/// two-digit year.
std::optional<ClientLogLine> parse_client_log_line(std::string_view line, LocalTime near);

struct PcmVerdict {
  enum class Kind {
    healthy,       ///< at least one look-up counted, and none was slow
    slow,          ///< one took kSlow or longer
    inconclusive,  ///< none counted yet
  };
  Kind kind = Kind::inconclusive;
  Duration longest{};  ///< of those that counted
  int counted = 0;
};

/// From this gap on the redirector has timed out (SessTimeout, Q148426).
inline constexpr Duration kSlow = std::chrono::seconds(45);

/// Judges the look-ups ("Looking for instruction file") that were stamped after `after`: how long
/// until the next line. One without a stamp, or whose next line has none or an earlier one, does
/// not count, unless even the gap to a later stamped line is short enough. `now` settles the
/// century; lines stamped a day or more behind it do not count.
PcmVerdict judge_pcm_log(std::string_view text, std::optional<LocalTime> after, LocalTime now);

}  // namespace sitewide::sms
