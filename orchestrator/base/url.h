// Url: the address of a web server as a plan may write it. Strict: what is accepted is sent as it
// stands, so nothing in it can end a line or begin another header. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "orchestrator/base/result.h"

namespace sitewide {

struct Url {
  bool secure = false;     ///< https
  std::string host;        ///< a name or an address in lower case; of IPv6 without its brackets
  std::uint16_t port = 0;  ///< as written, else 80 or 443
  std::string target;      ///< path and query as written; at least `/`

  bool is_ipv6() const { return host.find(':') != std::string::npos; }
  /// What stands in a Host header: brackets around IPv6, and the port unless it is the scheme's.
  std::string authority() const;
  /// The whole address. Read again it gives the same.
  std::string text() const;
  /// Scheme, host and port alone: path and query may hold what is nobody's business.
  std::string origin() const;
};

inline constexpr std::size_t kLongestUrl = 2048;

/// Reads `http://` or `https://`, host, port, path and query. Refused with a reason that says what
/// to write instead: other schemes, user names and passwords, fragments, blanks, bytes that are not
/// ASCII, a `%` without two hex digits.
Result<Url> parse_url(std::string_view text);

}  // namespace sitewide
