// Pane: what takes the whole screen for a while: failures, finding a client, help. It only looks.
#pragma once

#include <vector>

#include "orchestrator/views/keys.h"
#include "orchestrator/views/live_lines.h"

namespace sitewide {

class Pane {
 public:
  virtual ~Pane() = default;
  /// Does what the key says; false: the pane is to be closed.
  virtual bool press(const Key& key, const LiveView& view, const ScreenSize& size) = 0;
  /// At most size.rows - 1 lines.
  virtual std::vector<Line> lines(const LiveView& view, const ScreenSize& size) = 0;
};

/// Where the visible part of a long list begins, moved by keys and kept within the list.
class Scroll {
 public:
  /// Whether the key moves lists.
  bool press(const Key& key, std::size_t page);
  /// The first line to show of a list of `all` when `page` fit.
  std::size_t first(std::size_t all, std::size_t page);

 private:
  std::size_t first_ = 0;
};

}  // namespace sitewide
