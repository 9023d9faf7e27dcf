// What a rollout keeps others off: its sites and clients, by what is really reached.
#pragma once

#include "orchestrator/core/schedule.h"
#include "orchestrator/journal/admission.h"

namespace sitewide {

/// The site's root as a canonical path, or as the plan has it where there is none.
std::string canonical_root(const Site& site);

/// A site by its root's canonical path; a client that is a folder by that folder, any other by its
/// address in lower case, over whichever transport.
Claims claims_of(const Schedule& schedule);
/// What claim number `claim` of those is: `site HQ`, `client pc001`.
std::string describe_claim(const Schedule& schedule, std::uint32_t claim);

}  // namespace sitewide
