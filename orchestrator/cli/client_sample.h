// ClientSample: some clients of each group, asked once what a run would ask first, and what came of
// it, by cause. Which clients is a matter of the schedule alone, so the same plan asks the same.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "adapters/registry.h"
#include "orchestrator/cli/client_probe.h"
#include "orchestrator/core/schedule.h"

namespace sitewide {

/// At most `most` of the range, evenly spread, its first and its last among them.
std::vector<std::uint32_t> spread_over(const Range& clients, std::uint32_t most);

/// Clients of one group for which the same went wrong.
struct ClientCause {
  std::string why;  ///< of several clients without what names one of them; escaped
  bool unreachable = false;
  std::vector<std::uint32_t> clients;
};

struct GroupSample {
  std::uint32_t group = 0;
  bool files = false, records = false;  ///< what the group's transport offers
  bool has_inspect = true;              ///< false: no client was asked, only reached for
  std::vector<std::uint32_t> asked;
  std::array<std::uint32_t, kClientStandings> counts{};
  std::vector<ClientCause> causes;  ///< those of most clients first
};

struct ClientSample {
  std::vector<GroupSample> groups;  ///< one for each of the schedule
  bool stuck = false;               ///< as ClientProbe's
};

/// Asks `most` clients of each group, each `within` that time. Blocks.
ClientSample sample_clients(const Schedule& schedule, const AdapterTables& tables,
                            std::uint32_t most, Duration within);

}  // namespace sitewide
