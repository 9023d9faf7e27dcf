// Steps: `site_steps` and `client_steps`, read from a plan's hotfix or from a catalogue entry, and
// what they need of the plan's sites and transports. Pure.
#pragma once

#include <string>

#include "orchestrator/core/plan.h"
#include "plans/readers.h"

namespace sitewide {

/// Replaces `parts.site` and `parts.map` by what `site_steps` says; paths of fragments stay as they
/// are written.
void read_site_parts(const Values& hotfix, Parts& parts, Reading& reading);
/// Replaces `parts.client` by what `client_steps` says.
void read_client_parts(const Values& hotfix, Parts& parts, Reading& reading);
/// Services that are stopped and not started, files that nothing copies. `has_files`: the hotfix
/// has some.
void check_site_parts(const Parts& parts, bool has_files, Reading& reading);
/// Programs that sites and transports must name, and methods that a step excludes.
void check_parts_in_plan(const Plan& plan, Reading& reading);

}  // namespace sitewide
