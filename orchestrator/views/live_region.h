// LiveRegion: the last lines of a terminal, painted over and over, while finished lines scroll away
// above them. Knows nothing of rollouts. Never blocks: a frame that the terminal does not take is
// left out; finished lines wait for the next one. Writes few bytes: lines that stand there already
// are left alone.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "orchestrator/views/line.h"
#include "orchestrator/views/screen.h"
#include "orchestrator/views/sink.h"

namespace sitewide {

class LiveRegion {
 public:
  /// Borrows the sink. `size` is asked at each repaint.
  LiveRegion(Sink& sink, Screen screen, std::function<ScreenSize()> size);
  /// Leaves what was painted last on the screen and shows the cursor again.
  ~LiveRegion();
  LiveRegion(const LiveRegion&) = delete;
  LiveRegion& operator=(const LiveRegion&) = delete;

  ScreenSize size() const { return size_(); }
  /// Adds a finished line: it scrolls above the region with the next paint. Long lines are not cut.
  void scroll(Line line);
  /// Where a frame goes: below what scrolls by, or over the whole screen, which shows afterwards
  /// what it showed before. Finished lines wait as long as the whole screen is taken.
  enum class Extent : std::uint8_t { below, whole };
  /// Paints the region: at most rows - 1 lines, each cut to the width. False when the terminal is
  /// too slow for it now.
  bool paint(const std::vector<Line>& lines, Extent extent = Extent::below);
  /// What stands on the screen is not what was painted: the next paint() does all of it.
  void distrust() { trusted_ = false; }
  /// Paints what waits, puts the cursor below and shows it. Nothing is painted afterwards but by
  /// another paint(), which begins anew.
  void close();

 private:
  /// A line as it stands on the screen.
  struct Painted {
    std::string text;
    std::size_t width = 0;
    friend bool operator==(const Painted&, const Painted&) = default;
  };
  Painted render(const Line& line, std::size_t columns) const;
  std::string rise(const ScreenSize& size) const;
  std::string afresh(const std::vector<Painted>& lines, const ScreenSize& size);
  std::string changes(const std::vector<Painted>& lines, const ScreenSize& size) const;
  std::string change_extent(Extent extent);

  Sink& sink_;
  Screen screen_;
  std::function<ScreenSize()> size_;
  std::deque<Line> waiting_;      // finished lines not yet painted
  std::vector<Line> last_;        // as asked for last
  std::vector<Painted> painted_;  // what stands there now
  std::vector<Painted> beneath_;  // what stands below what scrolls by, while the whole is taken
  ScreenSize painted_size_;
  Extent extent_ = Extent::below;
  bool active_ = false;   // the cursor is hidden, wrapping is off
  bool fresh_ = false;    // last_ is what stands there
  bool trusted_ = false;  // nobody else wrote over it
};

}  // namespace sitewide
