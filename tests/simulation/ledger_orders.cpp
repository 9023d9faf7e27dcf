// What the ledger makes of orders.
#include "tests/simulation/ledger.h"

namespace sitewide::simulation {
namespace {

// `client/pc1` → `pc1`.
std::string_view after_slash(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash == text.npos ? std::string_view() : text.substr(slash + 1);
}

}  // namespace

void Ledger::begin_anew(std::uint32_t c) {
  LedgerClient& client = clients[c];
  if (client.open) return;
  if (!is_bad(client.state) && client.state != "restored" && client.state != "late") return;
  client.state.clear();
  client.tries.clear();
  client.done.clear();
  client.due = client.away = client.away_first = kNever;
  client.queued = false;
  client.last_step.clear();
  client.last_outcome.clear();
  client.counts_failed = client.at_risk = client.late = client.final_late = false;
  client.settled = false;
  client.by_order = true;
  if (client.may_arrive) client.triggered = true;
}

void Ledger::order(const Record& record) {
  const std::string& kind = record.kind;
  if (kind == "paused") paused = true;
  if (kind == "aborted") aborted = text_in(record.detail, "policy"), paused = false;
  if (kind == "continued") {
    ask_anew();
    for (LedgerSite& site : sites) site.tries.clear(), site.done.clear();
    for (std::uint32_t c = 0; !paused && c < clients.size(); ++c) {
      if (!clients[c].late) continue;
      clients[c].tries.clear();
      const Layout::Client& place = layout_.clients[c];
      const LedgerGroup& group = groups[place.owner];
      const bool waited_for = group.waves_started > group.waves_passed &&
                              place.wave == static_cast<std::uint32_t>(group.waves_passed);
      if (group.halted && waited_for && place.owner == place.group) begin_anew(c);
    }
    if (!paused) {
      halted = false;
      for (LedgerGroup& group : groups) group.breached = group.halted = group.withdrawn = false;
    }
    paused = false;
  }
  const auto each = [&](auto visit) {
    const bool whole = record.subject == "rollout";
    const std::string of(record.subject.substr(0, record.subject.find('/')));
    for (std::uint32_t c = 0; c < clients.size(); ++c) {
      if (whole || in_scope(c, of, record.subject)) visit(c);
    }
  };
  if (kind == "retry_ordered") each([&](std::uint32_t c) { begin_anew(c); });
  if (kind == "skipped") {
    each([&](std::uint32_t c) {
      LedgerClient& client = clients[c];
      if (client.triggered || (!client.state.empty() && !client.late)) return;
      client.state = "skipped";
      client.due = kNever;
      client.settled = true;
      client.late = false;
    });
    if (record.subject.starts_with("group/")) {
      LedgerGroup& group = groups[layout_.group(after_slash(record.subject))];
      group.state = "skipped";
      group.asked.reset();
      group.verdict.clear();
    }
  }
  if (kind == "rollback_started") rollback_starts(record);
}

}  // namespace sitewide::simulation
