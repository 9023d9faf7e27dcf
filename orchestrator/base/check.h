// check(): an assertion that stays on in release builds. A failed check is a bug in Sitewide, never
// bad input; aborting is safe because a restart replays the journal.
#pragma once

namespace sitewide {

/// Prints `what` with its place to stderr and aborts. The place is the caller's: the compiler's own
/// functions stand in for std::source_location, which clang-tidy 14 cannot read.
[[noreturn]] void check_failed(const char* what, const char* file = __builtin_FILE(),
                               int line = __builtin_LINE());

/// Aborts the program unless `condition` holds.
inline void check(bool condition, const char* what, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  if (!condition) check_failed(what, file, line);
}

}  // namespace sitewide
