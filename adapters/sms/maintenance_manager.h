// Maintman.log: what Maintenance Manager is doing, and whether it does anything at all (Q125452,
// Q122055). It alone copies Client.src to the logon servers; Sitewide waits for it and says what it
// sees. Hints for a person: nothing is decided by them, for tracing may be off and then silence
// proves nothing (Q122055). Pure; any thread; any bytes are accepted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/sms/log_time.h"

namespace sitewide::sms {

/// `<text>~   $$<COMPONENT><Ddd Mon dd HH:MM:SS YYYY~><thread=HEX>`; later versions write
/// parentheses for brackets.
struct ServerLogLine {
  std::string_view text;  ///< without the `~` at its ends
  std::string_view component;
  LocalTime at{};
};
std::optional<ServerLogLine> parse_server_log_line(std::string_view line);

struct MaintenanceReport {
  std::optional<LocalTime> last_line;  ///< of the server's clock; absent: no line could be read
  std::string last_server;             ///< that it said it was "Working on logon server" last
  /// The newest trouble that the log names, for a person. With one logon server, until Maintenance
  /// Manager begins on that server anew: the free-disk check that fails (error 144, F10), rights
  /// (error 183, events 116 and 117, F13). With System.map (event 237, F15), for a day of the log.
  /// Empty: none.
  std::string trouble;
};
MaintenanceReport read_maintenance_log(std::string_view text);

}  // namespace sitewide::sms
