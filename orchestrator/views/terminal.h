// Terminal: a rollout live on a terminal: what is notable scrolls by; below it stand one line a
// group, the sites that are busy and what is waited for. Repaints at most twelve times a second;
// costs O(groups + sites) a repaint.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "orchestrator/views/live_region.h"
#include "orchestrator/views/pace.h"
#include "orchestrator/views/reporter.h"

namespace sitewide {

struct TerminalOptions {
  Screen screen;
  std::function<ScreenSize()> size;
  /// The last line of the region, such as `ctrl-c stops safely`; may be empty.
  std::string hint;
  /// Rollouts of at most so many clients show each client that went well.
  std::uint32_t client_lines_max = 100;
  bool controlled = true;
};

class Terminal : public Reporter {
 public:
  /// Borrows the sink; one that takes nothing while something is pending (make_fd_sink(fd, 0))
  /// makes a slow terminal miss frames instead of falling behind.
  Terminal(Sink& sink, TerminalOptions options);
  void report(std::span<const JournaledEvent> events, const Rollout& rollout) override;
  void tick(Timestamp now, const Rollout& rollout) override;
  /// Scrolls a remark of the program itself by, and puts `hint` below the region from now on.
  void say(const std::string& text, const std::string& hint);
  /// Paints the last state and gives the terminal back.
  void finish(const Rollout& rollout);

 private:
  void repaint(Timestamp now, const Rollout& rollout);

  TerminalOptions options_;
  LiveRegion region_;
  std::vector<Pace> paces_;           // one a group, of its wave
  std::vector<std::uint32_t> waves_;  // that the pace is of
  std::set<std::uint32_t> told_late_;
  Timestamp painted_{};
  bool stale_ = true;  // something changed since the last paint
};

}  // namespace sitewide
