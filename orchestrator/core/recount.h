// recount(): whether the numbers that a rollout keeps while events come in are those one gets by
// counting all its clients anew, and its whole state as text. For tests and for audits: both cost
// O(clients). Pure.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/core/rollout.h"

namespace sitewide {

/// One line a number that does not add up, with what is kept and what was counted. Empty: all do.
std::vector<std::string> recount(const Rollout& rollout);

/// Everything that events change, one fact a line; two rollouts with equal text are equal. Caches
/// are left out.
std::string state_text(const Rollout& rollout);

}  // namespace sitewide
