// Controls: what the keys of a live screen do. Holds which pane is open and what is being asked,
// and says what the person wants of the program; it carries nothing out. Pure.
#pragma once

#include <memory>
#include <optional>

#include "orchestrator/views/pane.h"
#include "orchestrator/views/question.h"

namespace sitewide {

/// What a key asks of the program.
struct Wish {
  enum class Kind : std::uint8_t { nothing, order, leave, redraw, remark };
  Kind kind = Kind::nothing;
  Order order{};         ///< kind order; who gives it is not filled in
  std::string remark{};  ///< kind remark: why the key does nothing now
};

class Controls {
 public:
  Wish press(const Key& key, const LiveView& view, const ScreenSize& size);
  /// The pane that has the screen, or null.
  Pane* pane() const { return pane_.get(); }
  void close_pane() { pane_.reset(); }
  bool asking() const { return question_.has_value(); }
  /// What is being asked, to stand at the foot of the main screen.
  std::vector<Line> question(std::size_t most) const;

 private:
  Wish press_main(const Key& key, const LiveView& view);
  Wish approve(const Rollout& rollout);
  Wish go_on(const Rollout& rollout);

  std::unique_ptr<Pane> pane_;
  std::optional<Question> question_;
};

}  // namespace sitewide
