// Question: asked at the foot of a live screen before an order is given: which of several, whether,
// and if one likes why. Knows keys and lines only. Pure.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/core/order.h"
#include "orchestrator/views/keys.h"
#include "orchestrator/views/line.h"

namespace sitewide {

class Question {
 public:
  struct Choice {
    std::string words;  ///< escaped
    Order order;
  };
  /// `verb` is what is asked, such as `approve`; at least one choice. With one there is nothing to
  /// choose.
  Question(std::string verb, std::vector<Choice> choices);

  enum class State : std::uint8_t { open, answered, given_up };
  State press(const Key& key);
  /// The order that was confirmed, its reason filled in where one was given.
  Order order() const;
  /// At most `most` lines.
  std::vector<Line> lines(std::size_t most) const;

 private:
  enum class Stage : std::uint8_t { which, whether, why };
  State press_which(const Key& key);
  State press_whether(const Key& key);
  State press_why(const Key& key);

  std::string verb_;
  std::vector<Choice> choices_;
  std::size_t chosen_ = 0;
  Stage stage_;
  std::string reason_;
};

}  // namespace sitewide
