// The pane that says what the keys do and what the marks mean.
#pragma once

#include "orchestrator/views/pane.h"

namespace sitewide {

class HelpPane : public Pane {
 public:
  bool press(const Key& key, const LiveView& view, const ScreenSize& size) override;
  std::vector<Line> lines(const LiveView& view, const ScreenSize& size) override;

 private:
  Scroll scroll_;
};

}  // namespace sitewide
