// Controller: wires the concrete classes together and drives one rollout: real adapters, the
// journal, orders from the rollout's folder, the views, signals.
#pragma once

#include <memory>
#include <vector>

#include "orchestrator/cli/console.h"
#include "orchestrator/cli/controller_process.h"
#include "orchestrator/cli/stored_rollout.h"
#include "orchestrator/journal/admission.h"

namespace sitewide {

/// What a controller holds while it lives: the rollout's lease, and its sites and clients.
struct Hold {
  Lease lease;
  std::optional<Admission> admission;
};

/// Takes lease and claims; an error of kind held names who has them.
Result<Hold> take_hold(const StateDirectory& state, const RolloutDirectory& directory,
                       const Schedule& schedule, Timestamp now);
/// The rollout's lease alone.
Result<Lease> take_lease(const RolloutDirectory& directory, Timestamp now);
Result<Admission> take_claims(const StateDirectory& state, const RolloutDirectory& directory,
                              const Schedule& schedule);

/// Drives the rollout until it rests or is interrupted, and says how it stands on the way. Returns
/// its exit code.
ExitCode drive(StoredRollout& stored, Journal& journal, std::vector<Event> first,
               const Options& options, const Console& console, ControllerProcess& process);

/// The event every controller begins with. Deadlines move by the time since the last one was alive.
ControllerStarted controller_started(const StoredRollout& stored, Timestamp now);
/// Who gives the orders of this process.
Actor this_operator(const std::string& reason);

}  // namespace sitewide
