#include "orchestrator/cli/opening.h"

#include <utility>

#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/order_files.h"
#include "orchestrator/core/event_codec.h"

namespace sitewide {

Opening::Opening(const StoredRollout& stored, Timestamp now, const Actor& by)
    : subjects_(stored.subjects), now_(now), rollout_(stored.rollout) {
  if (rollout_.id().empty())
    add(RolloutCreated{stored.directory.id(), stored.schedule.digest, SITEWIDE_VERSION, by});
  add(controller_started(stored, now));
}

std::vector<std::string> Opening::take(const std::vector<IncomingOrder>& waiting) {
  std::vector<std::string> are_so;
  for (const IncomingOrder& pending : waiting) {
    if (rollout_.has_order(pending.id)) continue;  // its event is there, and its file outlived it
    Order order = pending.order;
    order.by.order = pending.id;
    auto events = to_events(rollout_, subjects_, order, now_);
    if (!events) {
      add_all({OrderRefused{order.verb, events.error().message, order.by}});
    } else if (events->empty()) {
      are_so.push_back(pending.id);
    } else {
      add_all(std::move(*events));
    }
  }
  return are_so;
}

Result<bool> Opening::give(const Order& order) {
  auto events = to_events(rollout_, subjects_, order, now_);
  if (!events) return events.error();
  if (events->empty()) return false;
  add_all(std::move(*events));
  return true;
}

void Opening::add(Event event) {
  rollout_.apply(event, now_);
  events_.push_back(std::move(event));
}

void Opening::add_all(std::vector<Event> events) {
  for (Event& event : events) add(std::move(event));
  has_orders_ = true;
}

Result<std::vector<IncomingOrder>> waiting_orders(const RolloutDirectory& directory) {
  const auto files = Orders(directory.orders()).pending();
  if (!files) return files.error();
  std::vector<IncomingOrder> waiting;
  for (const PendingOrder& file : *files) {
    auto order = decode_order(file.text);
    if (order) waiting.push_back({file.id, std::move(*order)});
  }
  return waiting;
}

Result<> refuse_left_orders(StoredRollout& stored, Journal& journal, Timestamp now) {
  Rollout& rollout = stored.rollout;
  if (!rollout.ended()) return {};
  OrderFiles files(stored.directory.orders());
  for (IncomingOrder& left : files.pending()) {
    if (const auto refusal = rollout.refusal_of(left.id)) {
      files.answer(left.id, refusal->empty(), *refusal);
      continue;
    }
    left.order.by.order = left.id;
    const auto events = to_events(rollout, stored.subjects, left.order, now);
    if (events) continue;
    const std::string& why = events.error().message;
    const Event refused = OrderRefused{left.order.verb, why, left.order.by};
    std::vector<Record> records{encode(stored.schedule, refused, now)};
    if (auto appended = journal.append(records, {}); !appended) return appended;
    rollout.apply(refused, now);
    files.answer(left.id, false, why);
  }
  return {};
}

}  // namespace sitewide
