// What the ledger knows of rollbacks, and of groups that begin anew after them.
#include <algorithm>

#include "tests/simulation/ledger.h"

namespace sitewide::simulation {
namespace {

std::string_view after_slash(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash == text.npos ? std::string_view() : text.substr(slash + 1);
}

}  // namespace

void Ledger::group_begins_anew(std::uint32_t g, std::int64_t wave) {
  LedgerGroup& group = groups[g];
  for (std::uint32_t c = 0; c < clients.size(); ++c) {
    if (layout_.clients[c].owner != g) continue;
    if (!clients[c].triggered && layout_.clients[c].wave + 1 >= wave)
      clients[c].due = kNever;  // it begins with its wave
    if (!clients[c].triggered || !in_scope(c)) continue;
    group.put_back = std::max<std::int64_t>(group.put_back, layout_.clients[c].wave + 1);
  }
  group.waves_started = group.waves_passed = wave - 1;
  group.gates_passed = 0;
  group.gate_open = false;
  group.ask_due = {};
  group.asked.reset();
  group.asking = {};
  group.verdict.clear();
  if (group.state == "passed" || group.state == "skipped") group.state = "started";
  std::erase_if(group.approvals, [&](const std::string& approval) {
    return approval.front() != '0' && std::stoll(approval) >= wave;
  });
}

void Ledger::rollback_starts(const Record& record) {
  rolling_back = true;
  rollback_since = now_;
  ended.clear();
  scope = text_in(record.detail, "scope");
  scope_subject = record.subject;
  for (std::uint32_t s = 0; s < sites.size(); ++s) {
    sites[s].tries.clear();
    const bool undone = names(record.detail, "undo_sites", layout_.site_names[s]);
    if (undone) sites[s].needs_hands = false;
    if (undone && sites[s].open && is_look(sites[s].open->step)) sites[s].open.reset();
  }
  for (std::uint32_t g = 0; g < groups.size(); ++g) {
    const std::int64_t wave = wave_anew(record.detail, layout_.group_names[g]);
    if (wave > 0) group_begins_anew(g, wave);
  }
  for (std::uint32_t c = 0; c < clients.size(); ++c) {
    LedgerClient& client = clients[c];
    if (!in_scope(c)) continue;
    client.to_go_back = true;
    if (!client.open || client.open->step != "restore") client.restores = 0;  // it ends first
    if (!text_in(record.detail, "user").empty()) client.by_order = true;
    const bool is_going_back = client.open && goes_back(client.open->step);
    if ((client.triggered || client.state == "needs_hands") && !is_going_back) {
      client.due = client.away = client.away_first = kNever;
      client.tries.clear();
    }
    if (client.triggered && client.open && is_look(client.open->step) &&
        client.open->step != "converge_originals")
      client.open.reset();
  }
  for (std::uint32_t g = 0; g < groups.size(); ++g) {
    const bool all = scope == "rollout" && groups[g].waves_started > 0;
    const std::string_view name = after_slash(record.subject);
    if (all || g == layout_.group(name.substr(0, name.find('/')))) groups[g].halted = true;
  }
  if (text_in(record.detail, "user").empty()) return;
  halted = true;
  aborted.clear();
  for (std::uint32_t g = 0; g < groups.size(); ++g) {
    if (failed(g) > groups[g].tolerated + groups[g].acknowledged) groups[g].breached = true;
  }
}

}  // namespace sitewide::simulation
