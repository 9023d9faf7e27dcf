// Programs of this machine that a rollout starts. Pure; whether they are there says startable.h.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/core/schedule.h"

namespace sitewide {

/// A program, and the first thing that it is needed for: `transport shop`, `site HQ`, `group all`.
struct NeededProgram {
  std::string program;
  std::string needed_for;
};

/// Each program once. Those whose name holds a placeholder are left out, and those that run on
/// clients: nobody knows what is there.
std::vector<NeededProgram> needed_programs(const Schedule& schedule);

}  // namespace sitewide
