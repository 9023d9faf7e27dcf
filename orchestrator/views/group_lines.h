// Group lines: one line a group with its bar, counts, rate and expected end. Pure; O(groups).
#pragma once

#include "orchestrator/core/summary.h"
#include "orchestrator/views/live_lines.h"

namespace sitewide {

/// At most `room` lines; when there are more groups, those in which something goes on come before
/// the others, and a last line counts the rest.
std::vector<Line> group_lines(const Summary& summary, const LiveView& view, std::size_t room,
                              const ScreenSize& size);

}  // namespace sitewide
