// BeginRollout: a schedule that was approved becomes a rollout with a directory and a journal of
// its own, and is driven. Whoever calls it has asked, or was told not to.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/cli/console.h"
#include "orchestrator/core/schedule.h"

namespace sitewide {

struct ApprovedSchedule {
  Schedule schedule;
  std::string plan;                ///< the plan's bytes, kept with the rollout
  std::string preview;             ///< SHA-256 of the saved preview that approved it; or empty
  std::vector<std::string> drift;  ///< what had changed since, and was accepted
};

/// Looks once more whether the sites can be reached and nobody holds them, then creates the rollout
/// and drives it until it rests. An error leaves nothing behind.
Result<ExitCode> begin_rollout(ApprovedSchedule approved, Timestamp now, const Options& options,
                               const Console& console);

}  // namespace sitewide
