// What a rollout keeps others off: its sites and clients, by what is really reached.
#pragma once

#include "orchestrator/core/schedule.h"
#include "orchestrator/journal/admission.h"

namespace sitewide {

/// A site by its root's canonical path; a client that is a folder by that folder, any other by its
/// address in lower case, over whichever transport.
Claims claims_of(const Schedule& schedule);
/// What claim number `claim` of those is: `site HQ`, `client pc001`.
std::string describe_claim(const Schedule& schedule, std::uint32_t claim);

}  // namespace sitewide
