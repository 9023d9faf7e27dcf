// LiveRegion: the last lines of a terminal, painted over and over, while finished lines scroll away
// above them. Knows nothing of rollouts. Never blocks: a frame that the terminal does not take is
// left out; finished lines wait for the next one.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "orchestrator/views/screen.h"
#include "orchestrator/views/sink.h"

namespace sitewide {

enum class Style : std::uint8_t { plain, dim, bold, good, busy, warn, bad };

/// A piece of a line in one style. The text holds no control characters.
struct Span {
  std::string text;
  Style style = Style::plain;
};
using Line = std::vector<Span>;

/// Cells that a line takes.
std::size_t cells_of(const Line& line);

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
  /// Paints the region: at most rows - 1 lines, each cut to the width. False when the terminal is
  /// too slow for it now.
  bool paint(const std::vector<Line>& lines);
  /// Paints what waits, puts the cursor below and shows it. Nothing is painted afterwards but by
  /// another paint().
  void close();

 private:
  std::string render(const Line& line, std::size_t columns) const;
  std::string rise(const ScreenSize& size) const;

  Sink& sink_;
  Screen screen_;
  std::function<ScreenSize()> size_;
  std::deque<Line> waiting_;          // finished lines not yet painted
  std::vector<Line> last_;            // as asked for last
  std::vector<std::size_t> painted_;  // widths of the lines that stand there now
  bool active_ = false;               // the cursor is hidden, wrapping is off
  bool fresh_ = false;                // last_ is what stands there
};

}  // namespace sitewide
