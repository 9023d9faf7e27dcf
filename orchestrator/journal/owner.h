// Owner: who holds a lock, as the holder wrote it into the locked file. Whoever may write that file
// may have written anything. Pure but for this_process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/core/time.h"

namespace sitewide {

struct Owner {
  std::string host;
  std::int64_t pid = 0;
  std::string user;
  Timestamp since{};

  friend bool operator==(const Owner&, const Owner&) = default;
};

/// This process.
Owner this_process(Timestamp now);
/// `pid 4711 of alice on hq1, since 2026-11-22T23:01:02Z`. Safe for a terminal.
std::string describe(const Owner& owner);

/// Four lines: host, pid, user, since.
std::string encode_owner(const Owner& owner);
/// Nothing when the text is not what encode_owner writes; the holder may be writing it just now.
std::optional<Owner> parse_owner(std::string_view text);

}  // namespace sitewide
