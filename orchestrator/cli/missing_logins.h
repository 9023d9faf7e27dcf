// What logging in on servers takes and this machine does not have: secrets and programs.
#pragma once

#include <vector>

#include "orchestrator/core/problem.h"
#include "orchestrator/core/schedule.h"

namespace sitewide {

/// Warnings, at the place of the site or transport in the plan. Nobody is logged in on, and no
/// secret is shown.
Problems missing_logins(const std::vector<Site>& sites, const std::vector<Transport>& transports);
/// The same for what a schedule needs, which `run` and `resume` refuse without.
Problems missing_logins(const Schedule& schedule);

}  // namespace sitewide
