#include "orchestrator/views/controls.h"

#include "orchestrator/views/approvals.h"
#include "orchestrator/views/failures_pane.h"
#include "orchestrator/views/find_pane.h"
#include "orchestrator/views/help_pane.h"

namespace sitewide {
namespace {

Wish ordered(Order order) { return {Wish::Kind::order, std::move(order), {}}; }
Wish remark(std::string text) { return {Wish::Kind::remark, {}, std::move(text)}; }

Order order_of(std::string verb) {
  Order order;
  order.verb = std::move(verb);
  return order;
}

}  // namespace

Wish Controls::press(const Key& key, const LiveView& view, const ScreenSize& size) {
  if (key.kind == Key::Kind::redraw) return {Wish::Kind::redraw, {}, {}};
  if (pane_) {
    if (!pane_->press(key, view, size)) pane_.reset();
    return {};
  }
  if (!question_) return press_main(key, view);
  switch (question_->press(key)) {
    case Question::State::open:
      return {};
    case Question::State::given_up:
      question_.reset();
      return {};
    case Question::State::answered:
      break;
  }
  Order order = question_->order();
  question_.reset();
  return ordered(std::move(order));
}

// What was pasted is not meant for the rollout.
Wish Controls::press_main(const Key& key, const LiveView& view) {
  if (key.kind != Key::Kind::text || key.pasted) return {};
  if (key.text == "q") return {Wish::Kind::leave, {}, {}};
  if (key.text == "p") return ordered(order_of("pause"));
  if (key.text == "c") return go_on(view.rollout);
  if (key.text == "a") return approve(view.rollout);
  if (key.text == "f") pane_ = std::make_unique<FailuresPane>();
  if (key.text == "/") pane_ = std::make_unique<FindPane>();
  if (key.text == "?" || key.text == "h") pane_ = std::make_unique<HelpPane>();
  return {};
}

Wish Controls::approve(const Rollout& rollout) {
  std::vector<Question::Choice> choices;
  for (AwaitedApproval& awaited : awaited_approvals(rollout))
    choices.push_back({std::move(awaited.words), std::move(awaited.order)});
  if (choices.empty()) return remark("nothing waits for an approval now");
  question_.emplace("approve", std::move(choices));
  return {};
}

// After a halt something is wrong, and going on is not to be a slip of the finger.
Wish Controls::go_on(const Rollout& rollout) {
  if (!rollout.halted()) return ordered(order_of("continue"));
  question_.emplace("continue", std::vector<Question::Choice>{
                                    {"although the rollout is halted", order_of("continue")}});
  return {};
}

std::vector<Line> Controls::question(std::size_t most) const {
  return question_ ? question_->lines(most) : std::vector<Line>();
}

}  // namespace sitewide
