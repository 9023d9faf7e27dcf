// What logging in on clients, sites and servers takes and this machine does not have: secrets and
// programs.
#pragma once

#include <vector>

#include "orchestrator/core/problem.h"
#include "orchestrator/core/schedule.h"

namespace sitewide {

/// Warnings, at the place of the site, transport or gate in the plan. Nobody is logged in on, and
/// no secret is shown.
Problems missing_logins(const std::vector<Site>& sites, const std::vector<Transport>& transports);
Problems missing_for(const std::vector<Group>& groups);  ///< for what their gates ask
/// Both, for what a schedule needs.
Problems missing_logins(const Schedule& schedule);

/// What is about to be done by the schedule.
enum class Deed : std::uint8_t { upgrade, rollback };
/// An error of kind refused while anything is missing for it, before anything is done: a step that
/// is refused for want of a password is never tried again, and counts as its client's failure. A
/// rollback asks no gates.
Result<> check_logins(const Schedule& schedule, Deed deed);

}  // namespace sitewide
