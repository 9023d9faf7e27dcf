// Terminal: a rollout live on a terminal: what is notable scrolls by; below it stand one line a
// group, the sites that are busy, who was in trouble last, what is under way and what is waited
// for. Keys open panes over the whole screen and ask for orders; the Terminal only says what is
// asked for. Repaints at most twelve times a second; costs O(groups + sites) a repaint.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "orchestrator/views/controls.h"
#include "orchestrator/views/live_region.h"
#include "orchestrator/views/reporter.h"
#include "orchestrator/views/wording.h"

namespace sitewide {

class Terminal : public Reporter {
 public:
  /// Borrows the sink; one that takes nothing while something is pending (make_fd_sink(fd, 0))
  /// makes a slow terminal miss frames instead of falling behind. `past` is what was under way
  /// before the first event that is reported.
  Terminal(Sink& sink, TerminalOptions options, Activity past = {});
  void report(std::span<const JournaledEvent> events, const Rollout& rollout) override;
  void tick(Timestamp now, const Rollout& rollout) override;
  /// What the key asks for beyond the screen itself, which shows its effect at once.
  Wish press(const Key& key, Timestamp now, const Rollout& rollout);
  /// Scrolls a remark of the program itself by. Escaped already.
  void say(const std::string& text);
  /// What ctrl-c does from now on.
  void hint(const std::string& text);
  /// Shows for a while at the foot what became of an order.
  void answer(const std::string& text, Level level, Timestamp now);
  void expect(Outlook outlook);
  /// The terminal shows something else, or has another size: everything is painted anew.
  void refresh();
  /// Gives the terminal back for a while; the next repaint takes it again.
  void give_back() { region_.close(); }
  /// While held nothing is painted: the terminal is somebody else's now.
  void hold(bool held) { held_ = held; }
  /// Paints the last state and gives the terminal back.
  void finish(const Rollout& rollout);

 private:
  struct Answer {
    std::string text;
    Level level = Level::info;
    Timestamp until{};
  };
  void repaint(Timestamp now, const Rollout& rollout);
  void paint(Timestamp now, const Rollout& rollout);
  std::vector<Line> foot() const;
  template <class Use>
  auto with_view(Timestamp now, const Rollout& rollout, const std::vector<Line>& foot, Use use);

  TerminalOptions options_;
  LiveRegion region_;
  Activity activity_;
  Controls controls_;
  Outlook outlook_;
  Answer answer_;
  std::vector<Pace> paces_;           // one a group, of its wave
  std::vector<std::uint32_t> waves_;  // that the pace is of
  std::set<std::uint32_t> told_late_;
  Timestamp painted_{};
  bool held_ = false;
  bool stale_ = true;  // something changed since the last paint
};

}  // namespace sitewide
