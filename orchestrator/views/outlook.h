// Outlook: when things will be over, as a forecast says that somebody else made. Plain value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "orchestrator/core/time.h"

namespace sitewide {

struct Outlook {
  std::optional<Timestamp> end;                  ///< of the rollout
  std::vector<std::optional<Timestamp>> groups;  ///< when each passes; nothing: it does not, or did
  /// It is taken for granted that somebody gives the approvals at once, or goes on after a pause.
  bool needs_somebody = false;
};

/// `~18:40 UTC` on the same day, else `~2026-11-24 18:40 UTC`.
std::string describe_expected(Timestamp at, Timestamp now);
/// `~12m`; `~1m` for less, and for what is overdue.
std::string describe_left(Timestamp at, Timestamp now);

}  // namespace sitewide
