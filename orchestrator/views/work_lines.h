// Work lines: what is under way on clients, slowest first, and who was in trouble last. Pure; the
// cost is that of the lines asked for.
#pragma once

#include "orchestrator/views/live_lines.h"

namespace sitewide {

/// At most `most` lines; one more than fit counts the rest.
std::vector<Line> work_lines(const LiveView& view, std::size_t most, const ScreenSize& size);
/// The latest clients that did not end well, with the reason; at most `most`.
std::vector<Line> trouble_lines(const LiveView& view, std::size_t most, const ScreenSize& size);

}  // namespace sitewide
