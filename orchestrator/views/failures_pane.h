// The pane of all clients that did not end well, equal reasons together. Costs O(those clients)
// when one comes or goes, else O(lines shown).
#pragma once

#include "orchestrator/views/pane.h"
#include "orchestrator/views/trouble.h"

namespace sitewide {

class FailuresPane : public Pane {
 public:
  bool press(const Key& key, const LiveView& view, const ScreenSize& size) override;
  std::vector<Line> lines(const LiveView& view, const ScreenSize& size) override;

 private:
  /// A line of the list: the head of a cause, or one of its clients.
  struct Entry {
    std::size_t cause = 0;
    std::size_t client = SIZE_MAX;  ///< within the cause; SIZE_MAX: its head
  };
  void look(const LiveView& view);
  Line line_of(const Entry& entry, const LiveView& view, const ScreenSize& size) const;

  Scroll scroll_;
  std::vector<Cause> causes_;
  std::vector<Entry> entries_;
  std::uint64_t version_ = 0;
  Timestamp looked_{};
};

}  // namespace sitewide
