// ClientProbe: asks clients of a schedule once what a run would ask first, through the same
// adapters: the `inspect` step. It starts nothing else, keeps nothing and writes nothing. Blocks
// until each has answered or was given up.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "adapters/registry.h"
#include "orchestrator/core/schedule.h"
#include "orchestrator/preview/saved_preview.h"

namespace sitewide {

struct ClientProbe {
  std::vector<SavedClient> clients;  ///< one for each of the schedule; `unknown` who was not asked
  std::array<std::uint32_t, kClientStandings> counts{};
  std::uint32_t in_flight = 0;  ///< so many were asked at a time, at most
  Duration took{};
  bool stuck = false;  ///< a thread hangs in a dead share: leave by leave_stuck()

  std::uint32_t count(ClientStanding standing) const {
    return counts[static_cast<std::size_t>(standing)];
  }
};

/// Who is asked, and how long each may take.
struct Questions {
  std::vector<std::uint32_t> clients;  ///< of the schedule
  /// At most so long, however long the plan lets an `inspect` take; zero: as the plan says.
  Duration within{};
};

/// Whether a run would ask the client anything that changes nothing.
bool can_be_asked(const Schedule& schedule, std::uint32_t client);

ClientProbe probe_clients(const Schedule& schedule, AdapterTables tables,
                          const Questions& questions);
/// The same of every client, for as long as the plan lets it.
ClientProbe probe_clients(const Schedule& schedule, AdapterTables tables);
/// The same through the adapters of this version.
ClientProbe probe_clients(const Schedule& schedule);

/// Ends the process with `code` without destructors, which would wait for the stuck thread.
[[noreturn]] void leave_stuck(int code);

}  // namespace sitewide
