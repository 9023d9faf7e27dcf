// Causes: the clients that are not where they should be, grouped by why, for the report. Pure but
// for the lookup of outputs.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/views/history.h"
#include "orchestrator/views/report.h"

namespace sitewide {

/// Clients that went wrong for the same reason. Reasons are the same when they differ in numbers
/// and in the client's own name only.
struct Reason {
  std::string reason;                  ///< as the first client has it; may be empty; not escaped
  std::vector<std::uint32_t> clients;  ///< in the order of the schedule
};

/// The most urgent first, then those of most clients; without a reason last.
std::vector<Reason> causes_of(const Rollout& rollout, const History& history);

/// Each cause with its clients and what one of them printed.
std::string causes_html(const Rollout& rollout, const History& history,
                        const std::vector<Reason>& causes, const OutputLookup& outputs,
                        std::size_t output_limit);

/// A program's output with control characters made visible, its middle left out beyond `limit`
/// bytes.
std::string output_excerpt(const Output& output, std::size_t limit);

}  // namespace sitewide
