// The pane in which a person finds a client by a part of its name and sees how it stands: state,
// what it waits for, attempts, what its program printed last. Costs O(clients) when what is looked
// for changes, else O(lines shown).
#pragma once

#include "orchestrator/views/pane.h"

namespace sitewide {

class FindPane : public Pane {
 public:
  bool press(const Key& key, const LiveView& view, const ScreenSize& size) override;
  std::vector<Line> lines(const LiveView& view, const ScreenSize& size) override;

 private:
  void look(const Schedule& schedule);
  std::vector<Line> details(std::uint32_t client, const LiveView& view, std::size_t room,
                            std::size_t columns);

  std::string wanted_;
  bool looked_ = false;
  std::vector<std::uint32_t> found_;
  std::size_t chosen_ = 0;
  std::int64_t output_of_ = 0;  // the event whose output is kept
  std::vector<std::string> output_;
};

}  // namespace sitewide
