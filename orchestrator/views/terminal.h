// Terminal: a rollout live on a terminal: what is notable scrolls by; below it stand one line a
// group, the sites that are busy and what is waited for. Repaints at most twelve times a second;
// costs O(groups + sites) a repaint.
#pragma once

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

/// The lines of the live region: a pure function of what is shown, for tests and for `watch`.
std::vector<Line> live_lines(const Rollout& rollout, Timestamp now, const std::vector<Pace>& paces,
                             const TerminalOptions& options, const ScreenSize& size);

class Terminal : public Reporter {
 public:
  /// Borrows the sink.
  Terminal(Sink& sink, TerminalOptions options);
  void report(std::span<const JournaledEvent> events, const Rollout& rollout) override;
  void tick(Timestamp now, const Rollout& rollout) override;
  /// Paints the last state and gives the terminal back.
  void finish(const Rollout& rollout);

 private:
  void repaint(Timestamp now, const Rollout& rollout);
  bool shown(const Event& event, const Rollout& rollout);

  Sink& sink_;
  TerminalOptions options_;
  LiveRegion region_;
  std::vector<Pace> paces_;
  std::set<std::uint32_t> told_late_;
  Timestamp painted_{};
  bool stale_ = true;  // something changed since the last paint
};

}  // namespace sitewide
