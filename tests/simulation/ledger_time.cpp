// What the ledger knows of time as a controller does, and of what waits for its time.
#include "tests/simulation/ledger.h"

namespace sitewide::simulation {
namespace {

// `client/pc1` → `pc1`.
std::string_view after_slash(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash == text.npos ? std::string_view() : text.substr(slash + 1);
}

}  // namespace

// What a controller knows of the time that passed: see ReckonedClock.
void Ledger::reckon(const Record& record, Timestamp truly) {
  const std::string& kind = record.kind;
  if (kind == "rollout_created") created = truly;
  if (kind == "controller_started") {
    if (last_truly_ != Timestamp{})
      set_back += std::max(Duration{}, (truly - last_truly_) - (record.at - last_wall_));
    reckoned_.controller_starts(truly);
    controller = truly;
  } else {
    reckoned_.advance(truly);
  }
  last_truly_ = truly;
  last_wall_ = record.at;
  const bool ends_idling = kind == "continued" || (kind == "aborted" && paused);
  if (ends_idling) reckoned_.goes_on();
  now_ = reckoned_.at(truly);
  if (ends_idling || kind == "controller_started" || kind == "clock_jumped") steady = truly;
  if (kind == "continued" && halted && !paused) past_due_accepted = true;
}

void Ledger::put_off(const Record& record) {
  const Timestamp due = now_ + (Timestamp(Duration(number_in(record.detail, "due"))) - record.at);
  const std::string_view name = after_slash(record.subject);
  if (record.subject.starts_with("client/")) {
    clients[layout_.client(name)].due = due;
    clients[layout_.client(name)].queued = false;
  } else if (record.subject.starts_with("site/")) {
    sites[layout_.site(name)].due = due;
  } else {
    groups[layout_.group(name.substr(0, name.find('/')))].ask_due = due;
  }
}

void Ledger::is_away(LedgerClient& client) const {
  if (client.away == kNever) client.away = now_;
  if (client.away_first == kNever) client.away_first = now_;
}

}  // namespace sitewide::simulation
