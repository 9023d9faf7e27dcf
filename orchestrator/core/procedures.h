// Procedures: the ordered steps that a method compiles to, for a client and for a site, with each
// step's policy (design 5). Pure.
#pragma once

#include "orchestrator/core/schedule.h"

namespace sitewide {

/// Fills the procedure of a group: steps, restore, converge_originals; and the default of
/// converge_within.
void add_client_procedure(ScheduledGroup& group);
/// Fills the steps of a site.
void add_site_procedure(ScheduledSite& site);

}  // namespace sitewide
