// Readiness: what is missing before a rollout begins: programs and secrets here, places of the
// sites, and clients, of which a sample is asked. `validate --probe`. Everything is read only, and
// has an end even where mounts and servers are dead.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <utility>
#include <vector>

#include "adapters/registry.h"
#include "orchestrator/cli/client_sample.h"
#include "orchestrator/cli/compiled_plan.h"
#include "orchestrator/cli/looks.h"

namespace sitewide {

/// One thing that is missing, or may be.
struct Finding {
  std::string about;  ///< `site HQ, logon server S1, /mnt/s1`, `3 of 5 sampled clients of shop`
  sms::Lack lack;
  std::vector<std::string> clients;  ///< whom it concerns; empty: no clients
};

struct Readiness {
  std::vector<Finding> findings;  ///< what stops a rollout first
  ClientSample sample;
  std::uint32_t sites = 0, logon_servers = 0;
  Duration took{};
  bool stuck = false;  ///< a thread hangs: leave by leave_stuck()

  /// Whether anything is missing that stops a rollout or part of it.
  bool lacks_anything() const;
};

struct ProbeReach {
  std::uint32_t clients = 5;  ///< of each group, at most
  /// For each place and each client: longer than they wait for an answer themselves.
  Duration within = std::chrono::seconds(40);
};

/// `plan` has no errors. Blocks.
Readiness look_for_lacks(const CompiledPlan& plan, const AdapterTables& tables,
                         const ProbeReach& reach);

/// For people; `concise`: a line a finding, and nothing else.
std::string readiness_text(const Schedule& schedule, const Readiness& readiness, bool concise);
/// The same as NDJSON objects, each with its type: `probe.group`, `probe.finding`, `probe.summary`.
std::vector<std::pair<std::string, boost::json::object>> readiness_json(const Schedule& schedule,
                                                                        const Readiness& readiness);

}  // namespace sitewide
