// A problem found in a plan or an inventory: what, where, and what to do. Rendering with the
// offending line is plans/diagnostics' work.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/core/plan.h"

namespace sitewide {

/// `message` and `help` are lowercase fragments without a full stop.
struct Problem {
  enum class Severity : std::uint8_t { error, warning };
  Severity severity = Severity::error;
  Place place;
  std::string message;
  std::string help;              ///< what to do; may be empty
  std::optional<Place> related;  ///< a second place, for instance the first definition
  std::string related_label;     ///< what stands there
  bool near_secret = false;      ///< a secret may stand in its line, which is not shown then
};

using Problems = std::vector<Problem>;

}  // namespace sitewide
