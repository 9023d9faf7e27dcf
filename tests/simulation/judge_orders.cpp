// Whether orders stand in the journal, with who and why, before anybody is told that they do.
#include "tests/simulation/judge.h"

namespace sitewide::simulation {

namespace {

bool is_order(const std::string& kind) {
  return kind == "paused" || kind == "continued" || kind == "aborted" || kind == "approved" ||
         kind == "skipped" || kind == "retry_ordered" || kind == "acknowledged" ||
         kind == "order_refused";
}

}  // namespace

void Judge::notes_order(const Record& record) {
  const std::string id = text_in(record.detail, "order");
  if (id.empty()) return;
  in_turn_.insert(record.kind);
  orders_.insert(record.kind == "order_refused" ? "refused " + id : id);
}

void Judge::ordered(const Record& record) {
  if (!is_order(record.kind)) return;
  const bool named = !text_in(record.detail, "user").empty();
  const bool reasoned = !text_in(record.detail, "reason").empty() || record.kind == "order_refused";
  if (!named || !reasoned) found(31, record.kind, " of nobody, or for no reason");
}

// What is so already makes no event, and is answered all the same. A turn of nothing else makes no
// record, so what holds now counts as well as what held before the last records.
bool Judge::is_done_already(const Order& order) const {
  if (order.verb == "pause") return was_paused_ || ledger_.paused || in_turn_.contains("paused");
  if (order.verb == "continue") {
    const bool went_on = !was_paused_ && !was_halted_;
    return went_on || (!ledger_.paused && !ledger_.halted) || in_turn_.contains("continued");
  }
  if (order.verb == "abort") return !ledger_.aborted.empty() || in_turn_.contains("aborted");
  if (order.verb == "rollback")
    return was_rolling_back_ || ledger_.rolling_back || in_turn_.contains("rollback_started");
  const std::string name = order.subject.substr(0, order.subject.find('/'));
  const std::uint32_t g = layout_.group(name), c = layout_.client(name);
  if (order.verb == "skip") {
    return (g != kNone && ledger_.groups[g].state == "skipped") ||
           (c != kNone && ledger_.clients[c].state == "skipped");
  }
  if (order.verb != "approve" || g == kNone) return false;
  const std::string wave = order.subject == name ? "0" : order.subject.substr(name.size() + 1);
  return ledger_.groups[g].approvals.contains(wave + "/" + order.name);
}

void Judge::order_answered(const IncomingOrder& order, bool accepted) {
  const std::string& verb = order.order.verb;
  if (!accepted) {
    if (!orders_.contains("refused " + order.id))
      found(31, "`", verb, "` is refused, and the journal does not say so");
  } else if (!orders_.contains(order.id) && !is_done_already(order.order)) {
    found(31, "`", verb, "` is answered and is not in the journal");
  }
}

}  // namespace sitewide::simulation
