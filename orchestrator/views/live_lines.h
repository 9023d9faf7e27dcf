// The lines that stand at the bottom of a terminal while a rollout runs. Pure; O(groups + sites).
#pragma once

#include <vector>

#include "orchestrator/views/terminal.h"

namespace sitewide {

/// `paces`: one a group, or none. At most size.rows - 1 lines; they are cut to the width when
/// painted.
std::vector<Line> live_lines(const Rollout& rollout, Timestamp now, const std::vector<Pace>& paces,
                             const TerminalOptions& options, const ScreenSize& size);

}  // namespace sitewide
