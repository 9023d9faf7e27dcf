// The lines that stand at the bottom of a terminal while a rollout runs. Pure; costs
// O(groups + sites), whatever the number of clients.
#pragma once

#include <vector>

#include "orchestrator/views/activity.h"
#include "orchestrator/views/line.h"
#include "orchestrator/views/outlook.h"
#include "orchestrator/views/pace.h"
#include "orchestrator/views/screen.h"
#include "orchestrator/views/terminal_options.h"

namespace sitewide {

/// Below this width a screen shows the groups alone, without bars.
inline constexpr std::size_t kNarrow = 60;

/// What the main screen is made of. Borrows all of it.
struct LiveView {
  const Rollout& rollout;
  Timestamp now;
  const TerminalOptions& options;
  const std::vector<Pace>& paces;  ///< one a group, or none
  const Activity& activity;
  const Outlook& outlook;
  /// Stand near the end: a question, or what became of an order.
  const std::vector<Line>& foot;
  /// `foot` is a question: keys mean something else now.
  bool asking = false;
};

/// At most size.rows - 1 lines; they are cut to the width when painted.
std::vector<Line> live_lines(const LiveView& view, const ScreenSize& size);

}  // namespace sitewide
