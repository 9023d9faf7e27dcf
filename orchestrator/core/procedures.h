// Procedures: the ordered steps that a method compiles to, for a client and for a site, with each
// step's policy (design 5). Pure.
#pragma once

#include "orchestrator/core/schedule.h"

namespace sitewide {

/// Fills the procedure of a group: steps, restore, converge_originals; and the default of
/// converge_within. `parts`: the hotfix's; those of clients become the step `configure`.
void add_client_procedure(ScheduledGroup& group, const Parts& parts);
/// Fills the steps of a site; one attempt of stage has time for all its parts.
void add_site_procedure(ScheduledSite& site, const Parts& parts);

}  // namespace sitewide
