// The looks (looks.h) at the sites of a schedule: each root, each logon server, Maintenance Manager
// and each service that is to be stopped, side by side.
#pragma once

#include <vector>

#include "orchestrator/cli/looks.h"
#include "orchestrator/core/schedule.h"

namespace sitewide {

struct SiteLooks {
  std::vector<Look> looks;
  std::uint32_t sites = 0;
  std::uint32_t logon_servers = 0;
};

/// The sites that any group needs. The looks borrow the schedule; programs that ask for a service
/// are given `within`, less a moment in which they can be ended.
SiteLooks site_looks(const Schedule& schedule, Timestamp now, Duration within);

}  // namespace sitewide
