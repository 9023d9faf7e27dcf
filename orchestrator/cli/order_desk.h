// OrderDesk: hands orders from a screen to the live controller, by the same files as other
// processes do, and looks for the answers without waiting for them. Threads: one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "orchestrator/cli/stored_rollout.h"
#include "orchestrator/core/order.h"
#include "orchestrator/journal/orders.h"

namespace sitewide {

class OrderDesk {
 public:
  /// What became of an order, for the screen. Escaped.
  struct Reply {
    std::string text;
    bool refused = false;
  };

  /// Borrows the rollout.
  explicit OrderDesk(const StoredRollout& stored);

  /// Judges the order by what is known here, and posts it when it may apply. What is known at once
  /// is the answer; else nothing, and replies() has it later.
  std::optional<Reply> give(Order order, Timestamp now);
  /// The answers that have come, and the orders that got none in time.
  std::vector<Reply> replies(Timestamp now);

 private:
  struct Posted {
    std::string id;
    std::string words;
    Timestamp at{};
  };

  const StoredRollout& stored_;
  Orders orders_;
  std::vector<Posted> waiting_;
};

}  // namespace sitewide
