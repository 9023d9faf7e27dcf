// How an order reaches a rollout from another process: as a file for its controller, live or to
// come. orchestrator/README.md has what each order does in each state.
#pragma once

#include <optional>

#include "orchestrator/cli/console.h"
#include "orchestrator/core/order.h"
#include "orchestrator/journal/rollout_directory.h"

namespace sitewide {

/// What becomes of an order when nothing drives the rollout.
enum class Unattended {
  waits,    ///< it lies there until a resume takes it
  resumes,  ///< its command starts a controller that carries it out
  refused,  ///< it makes sense for a live controller alone
};
Unattended when_unattended(std::string_view verb);

/// Says what became of the order.
void tell_order(const Console& console, const RolloutDirectory& directory, const Order& order,
                const std::string& result);

/// Hands the order to the rollout's controller and says what it answered; one that may wait is left
/// for the next controller. Nothing: no controller took it, and none will. An error of kind refused
/// is the controller's own answer, or that it gave none in time.
Result<std::optional<ExitCode>> post_order(const RolloutDirectory& directory, const Order& order,
                                           const Console& console);

}  // namespace sitewide
