// Waits until a rollout goes no further by itself: for scripts that follow one that somebody else
// drives. Reads only.
#pragma once

#include <optional>

#include "orchestrator/cli/stored_rollout.h"

namespace sitewide {

/// True when nothing moves any more: it has ended, is halted and at rest, or paused with nothing
/// running; it only waits for approvals; or nobody drives it.
bool stands_still(const Rollout& rollout, bool controlled);

/// Follows the rollout's journal beyond what was read until it stands still, or for `most`;
/// nothing: however long that takes. Answers whether a controller drives it. Blocks.
Result<bool> await_rest(StoredRollout& stored, std::optional<Duration> most);

}  // namespace sitewide
