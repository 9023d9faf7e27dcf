#include "orchestrator/views/question.h"

#include <algorithm>

#include "orchestrator/base/check.h"
#include "orchestrator/views/typed.h"

namespace sitewide {
namespace {

constexpr std::size_t kReasonMax = 200;
// As many as have a key of their own.
constexpr std::size_t kShown = 9;

}  // namespace

Question::Question(std::string verb, std::vector<Choice> choices)
    : verb_(std::move(verb)),
      choices_(std::move(choices)),
      stage_(choices_.size() > 1 ? Stage::which : Stage::whether) {
  check(!choices_.empty(), "a question needs something to ask for");
}

Order Question::order() const {
  Order order = choices_[chosen_].order;
  order.by.reason = reason_;
  return order;
}

Question::State Question::press(const Key& key) {
  if (key.pasted && stage_ != Stage::why) return State::open;
  if (key.kind == Key::Kind::escape) return State::given_up;
  switch (stage_) {
    case Stage::which:
      return press_which(key);
    case Stage::whether:
      return press_whether(key);
    case Stage::why:
      return press_why(key);
  }
  return State::open;
}

Question::State Question::press_which(const Key& key) {
  if (key.kind == Key::Kind::up && chosen_ > 0) --chosen_;
  if (key.kind == Key::Kind::down && chosen_ + 1 < choices_.size()) ++chosen_;
  if (key.kind == Key::Kind::enter) stage_ = Stage::whether;
  if (key.kind != Key::Kind::text) return State::open;
  if (key.text == "q" || key.text == "n") return State::given_up;
  const std::size_t number = static_cast<std::size_t>(key.text.front() - '1');
  if (key.text.front() >= '1' && number < std::min(choices_.size(), kShown)) {
    chosen_ = number;
    stage_ = Stage::whether;
  }
  return State::open;
}

Question::State Question::press_whether(const Key& key) {
  if (key.kind != Key::Kind::text) return State::open;
  if (key.text == "y") return State::answered;
  if (key.text == "n" || key.text == "q") return State::given_up;
  if (key.text == "r") stage_ = Stage::why;
  return State::open;
}

Question::State Question::press_why(const Key& key) {
  if (key.kind == Key::Kind::enter && !key.pasted) return State::answered;
  type(reason_, key, kReasonMax);
  return State::open;
}

std::vector<Line> Question::lines(std::size_t most) const {
  std::vector<Line> lines;
  if (stage_ == Stage::why) {
    lines.push_back({{verb_ + " " + choices_[chosen_].words + ", because: ", Style::warn},
                     {reason_, Style::bold},
                     {"_", Style::dim},
                     {"   enter gives the order, esc does not", Style::dim}});
  } else if (stage_ == Stage::whether) {
    lines.push_back({{verb_ + " " + choices_[chosen_].words + "?  ", Style::warn},
                     {"y yes   r yes, with a reason   n no", Style::bold}});
  } else {
    lines.push_back({{verb_ + " which?  ", Style::warn},
                     {"a number, or arrows and enter; esc for none", Style::dim}});
    const std::size_t room = std::min({choices_.size(), kShown, most > 1 ? most - 1 : 1});
    const std::size_t first = chosen_ < room ? 0 : chosen_ - room + 1;
    for (std::size_t i = first; i < first + room; ++i) {
      const bool here = i == chosen_;
      const std::string number = i < kShown ? std::to_string(i + 1) : " ";
      lines.push_back({{(here ? "> " : "  ") + number + "  " + choices_[i].words,
                        here ? Style::bold : Style::plain}});
    }
  }
  if (lines.size() > most) lines.resize(most);
  return lines;
}

}  // namespace sitewide
