// AttemptRecord: what an attempt's record on a client says (attempt_record.h), as the script that
// looks at it prints it. The line comes from the client, so anything but the script's own words is
// refused. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sitewide {

/// What became of an attempt.
struct AttemptRecord {
  enum class Kind {
    finished,     ///< its program ended with exit_code
    running,      ///< it runs, as process `pid`
    interrupted,  ///< it began and did not end, and its process is gone
    given_up,     ///< it did not start and never will
    unknown,      ///< could not be read; `reason` says why
  };
  Kind kind = Kind::unknown;
  int exit_code = -1;
  std::string pid;
  std::string reason;
  bool unreachable = false;  ///< unknown: because the client cannot be reached
};

/// What the look script's output means: `finished 3`, `running 4711`, `interrupted`, `given-up`.
std::optional<AttemptRecord> parse_record(std::string_view line);

}  // namespace sitewide
