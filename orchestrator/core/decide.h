// decide(): what should happen next. Pure: looks at the rollout and the time, nothing else; the
// same rollout and time give the same answer. The engine journals the answer, applies it and asks
// again until there is none.
//
// Costs O(1) amortised: it looks at the fronts of queues and at groups and lanes that changed,
// never at all clients.
#pragma once

#include <optional>

#include "orchestrator/core/rollout.h"

namespace sitewide {

/// The next event, or nothing when nothing is to be done before `next_wake` or the next outcome.
std::optional<Event> decide(const Rollout& rollout, Timestamp now);

/// The next instant at which decide may have something to say without a new outcome; kNever when
/// there is none.
Timestamp next_wake(const Rollout& rollout, Timestamp now);

}  // namespace sitewide
