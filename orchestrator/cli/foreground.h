// Foreground: the process at the terminal while its controller drives the rollout.
#pragma once

#include "orchestrator/cli/controller_process.h"

namespace sitewide {

/// Shows the rollout until its controller ends, and returns the controller's exit code; or until
/// somebody leaves, and says how to come back. Ctrl-c and SIGTERM are passed on.
Result<ExitCode> watch_controller(ControllerProcess& process, const Options& options,
                                  const Console& console);

}  // namespace sitewide
