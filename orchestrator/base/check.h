// check(): an assertion that stays on in release builds. A failed check is a bug in Sitewide, never bad input; aborting
// is safe because a restart replays the journal.
#pragma once

#include <source_location>

namespace sitewide {

/// Prints `what` with its place to stderr and aborts.
[[noreturn]] void check_failed(const char* what,
                               const std::source_location& where = std::source_location::current());

/// Aborts the program unless `condition` holds.
inline void check(bool condition, const char* what,
                  const std::source_location& where = std::source_location::current()) {
  if (!condition) check_failed(what, where);
}

}  // namespace sitewide
