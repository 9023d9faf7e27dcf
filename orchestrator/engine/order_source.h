// OrderSource: where orders from other processes come from. The engine journals an order before it
// is dropped here, and says what became of it. Threads: the engine's.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/core/order.h"

namespace sitewide {

struct IncomingOrder {
  std::string id;
  Order order;
};

class OrderSource {
 public:
  virtual ~OrderSource() = default;
  /// Orders that lie there, oldest first. Must be cheap: it is asked several times a second.
  virtual std::vector<IncomingOrder> pending() = 0;
  /// The order is journaled, or refused with a reason; it need not be offered again.
  virtual void answer(const std::string& id, bool accepted, const std::string& why) = 0;
  /// When to ask again at the latest; kNever when no order can come any more.
  virtual Timestamp ask_again(Timestamp now) { return now + std::chrono::milliseconds(200); }
};

}  // namespace sitewide
