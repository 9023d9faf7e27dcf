// Fault: why a client could not be reached over SSH, or was lost. A plain value.
#pragma once

#include <chrono>
#include <string>

namespace sitewide::ssh {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

/// One that was kept from an earlier step answers within this, or is replaced: it may have gone
/// silent without anybody's knowing.
inline constexpr std::chrono::seconds kReusedAnswers{10};

struct Fault {
  enum class Kind {
    unreachable,  ///< nothing was started there; another time it may be reached
    denied,       ///< it answers and does not let us in, or we do not let it: never retried
    lost,         ///< the connection went in the middle
    late,         ///< the deadline passed
    stopped,      ///< nobody waits any more (stopper.h)
  };
  Kind kind = Kind::unreachable;
  std::string reason;  ///< a lowercase fragment that names the host; safe to show
};

}  // namespace sitewide::ssh
