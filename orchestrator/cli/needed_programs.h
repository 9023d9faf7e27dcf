// Programs of this machine that a rollout starts, and whether they are there. Blocks for a look at
// each folder of PATH; starts nothing.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/core/schedule.h"

namespace sitewide {

/// Whether the program, a path or a name that PATH is searched for, is there and may be started.
bool can_be_started(const std::string& program);

/// A program, and the first thing that it is needed for: `transport shop`, `site HQ`, `group all`.
struct NeededProgram {
  std::string program;
  std::string needed_for;
};

/// Each program once. Those whose name holds a placeholder are left out, and those that run on
/// clients: nobody knows what is there.
std::vector<NeededProgram> needed_programs(const Schedule& schedule);

}  // namespace sitewide
