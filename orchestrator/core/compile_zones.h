// Zones of clients, as a label of theirs names them, for windows that open by each client's own
// clock. Part of compile(); not for others to include.
#pragma once

#include <vector>

#include "orchestrator/core/compile.h"

namespace sitewide {

/// By inventory index, the zone of each client whose group has such a window, as a place in the
/// schedule's zones, which it fills; kNone for the others. A label that is missing or names no zone
/// is a problem at the client's own place.
std::vector<std::uint32_t> zones_of_clients(const Plan& plan, const ClientTable& inventory,
                                            const std::vector<std::uint32_t>& group_of,
                                            const ZoneLookup& lookup, Compiled& out);

}  // namespace sitewide
