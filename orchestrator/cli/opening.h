// Opening: the events that a controller begins with. Each order is judged by what the events before
// it make of the rollout, as if a live controller had taken them one by one. Costs a copy of the
// rollout's state. Threads: one. Borrows the stored rollout.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/cli/stored_rollout.h"
#include "orchestrator/engine/order_source.h"

namespace sitewide {

class Opening {
 public:
  /// Begins with the controller, and with the rollout itself where it died before its first event.
  Opening(const StoredRollout& stored, Timestamp now, const Actor& by);

  /// Takes the orders that lie in the rollout's folder, oldest first; they were given before all
  /// that follows. Those that do not apply are refused on record. Returns the ids of those that
  /// make no event, for it is so already: nothing but their answer is missing.
  std::vector<std::string> take(const std::vector<IncomingOrder>& waiting);
  /// Adds what an order does: false when it is so already; an error, when it does not apply, adds
  /// nothing.
  Result<bool> give(const Order& order);

  /// The rollout after these events.
  const Rollout& rollout() const { return rollout_; }
  /// Whether any order has added to them.
  bool has_orders() const { return has_orders_; }
  std::vector<Event> events() const { return events_; }

 private:
  void add(Event event);
  void add_all(std::vector<Event> events);

  const SubjectIndex& subjects_;
  Timestamp now_;
  Rollout rollout_;
  std::vector<Event> events_;
  bool has_orders_ = false;
};

/// The orders that wait in the rollout's folder, oldest first; files that are no orders are left
/// out. Changes nothing.
Result<std::vector<IncomingOrder>> waiting_orders(const RolloutDirectory& directory);

/// Refuses on record, and answers, the orders that lie there although the rollout has ended: no
/// controller will ever take them, and one that puts the rollout back must not. A rollback stays.
/// The caller holds the lease.
Result<> refuse_left_orders(StoredRollout& stored, Journal& journal, Timestamp now);

}  // namespace sitewide
