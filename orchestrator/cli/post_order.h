// Hands an order to a live controller and waits for its answer.
#pragma once

#include "orchestrator/cli/console.h"
#include "orchestrator/core/order.h"
#include "orchestrator/journal/rollout_directory.h"

namespace sitewide {

Result<ExitCode> post_order(const RolloutDirectory& directory, const Order& order,
                            const Console& console);

}  // namespace sitewide
