// Rollouts that nobody drives any more and that a new one would run into.
#pragma once

#include <string>

#include "orchestrator/cli/stored_rollout.h"

namespace sitewide {

/// Why a rollout of `schedule` must wait: another rollout of this state directory was left in the
/// middle of a step that stops services of one of its sites, and only its own resume knows which of
/// them to start again; or one of which that cannot be known, for its journal is damaged. Empty: it
/// need not wait. Rollouts of which nothing can be read say nothing.
std::string must_wait_because(const StateDirectory& state, const Schedule& schedule);

}  // namespace sitewide
