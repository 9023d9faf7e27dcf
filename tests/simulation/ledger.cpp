#include "tests/simulation/ledger.h"

#include <algorithm>
#include <charconv>

namespace sitewide::simulation {
namespace {

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// `client/pc1` → `pc1`.
std::string_view after_slash(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash == text.npos ? std::string_view() : text.substr(slash + 1);
}

// Where the value of `"key":` begins.
std::size_t value_of(const std::string& detail, std::string_view key) {
  const std::string quoted = "\"" + std::string(key) + "\":";
  const std::size_t at = detail.find(quoted);
  return at == detail.npos ? at : at + quoted.size();
}

}  // namespace

bool names(const std::string& detail, std::string_view key, const std::string& name) {
  const std::size_t at = value_of(detail, key);
  if (at == detail.npos || detail[at] != '[') return false;
  return detail.substr(at, detail.find(']', at) - at).find("\"" + name + "\"") != detail.npos;
}

std::int64_t number_in(const std::string& detail, std::string_view key) {
  const std::size_t at = value_of(detail, key);
  std::int64_t number = 0;
  if (at != detail.npos) std::from_chars(detail.data() + at, detail.data() + detail.size(), number);
  return number;
}

std::string text_in(const std::string& detail, std::string_view key) {
  const std::size_t at = value_of(detail, key);
  if (at == detail.npos || detail[at] != '"') return {};
  return detail.substr(at + 1, detail.find('"', at + 1) - at - 1);
}

std::int64_t wave_anew(const std::string& detail, const std::string& group) {
  const std::size_t list = value_of(detail, "begin_anew");
  if (list == detail.npos) return 0;
  const std::string name = "\"wave/" + group + "/";
  const std::size_t at = detail.find(name, list);
  if (at == detail.npos || at > detail.find(']', list)) return 0;
  std::int64_t wave = 0;
  std::from_chars(detail.data() + at + name.size(), detail.data() + detail.size(), wave);
  return wave;
}

bool is_look(std::string_view step) {
  return one_of(step, {"replicate", "regenerate", "replicate_originals", "regenerate_originals",
                       "converge", "health", "converge_originals", "recheck"});
}

bool changes_things(std::string_view step) {
  return one_of(step, {"stage", "force", "unstage", "force_originals", "trigger", "upgrade",
                       "configure", "restart", "restore"});
}

bool upgrades(std::string_view step) { return step == "trigger" || step == "upgrade"; }

bool goes_back(std::string_view step) {
  return one_of(step, {"unstage", "replicate_originals", "force_originals", "regenerate_originals",
                       "restore", "converge_originals"});
}

bool is_good(std::string_view state) { return state == "upgraded" || state == "already_current"; }
bool is_bad(std::string_view state) {
  return state == "failed" || state == "lost" || state == "needs_hands";
}

bool Ledger::in_scope(std::uint32_t c, std::string_view of, const std::string& subject) const {
  const std::string_view name = after_slash(subject);
  const Layout::Client& client = layout_.clients[c];
  if (of == "rollout") return true;
  if (of == "client") return client.name == name;
  if (of == "group") return layout_.group(name) == client.owner;
  if (of != "wave") return false;
  const std::size_t slash = name.find('/');
  const std::string wave(name.substr(slash + 1));
  return layout_.group(name.substr(0, slash)) == client.owner &&
         wave == std::to_string(client.wave + 1);
}

bool Ledger::in_scope(std::uint32_t c) const { return in_scope(c, scope, scope_subject); }

std::uint32_t Ledger::failed(std::uint32_t group) const {
  std::uint32_t count = 0;
  for (std::uint32_t c = 0; c < clients.size(); ++c) {
    if (layout_.clients[c].owner == group && clients[c].counts_failed) ++count;
  }
  return count;
}

void Ledger::apply(const Record& record, Timestamp truly) {
  seq_ = record.seq;
  active_at_last_ = active(truly);
  const bool went_on = !halted && !paused;
  reckon(record, truly);
  take_in(record, truly);
  if (went_on && (halted || paused)) reckoned_.idles();
}

void Ledger::take_in(const Record& record, Timestamp truly) {
  const std::string& kind = record.kind;
  if (kind == "retry_scheduled") put_off(record);
  if (kind.starts_with("step_") || kind == "retry_scheduled") return step(record, truly);
  if (kind == "client_settled")
    return settled(layout_.client(after_slash(record.subject)), record, truly);
  if (kind == "success_withdrawn") {
    withdrawn(layout_.client(after_slash(record.subject)));
    return clocks(truly);
  }
  if (kind == "client_queued") clients[layout_.client(after_slash(record.subject))].queued = true;
  if (kind == "rate_raised") {
    ++doublings;
    rate_since = kNever;
    unknown_to_next = {};
  }
  if (kind == "forced_without_backup") {
    clients[layout_.client(after_slash(record.subject))].without_backup = true;
  } else if (kind == "controller_started") {
    fence = number_in(record.detail, "fence");
    stopping = false;
    for (std::uint32_t c = 0; c < clients.size(); ++c) {
      auto& open = clients[c].open;
      if (!open || !changes_things(open->step)) continue;
      open->in_doubt = true;
      probes_owed.insert(c);
    }
    for (std::uint32_t s = 0; s < sites.size(); ++s) {
      auto& open = sites[s].open;
      if (!open || !changes_things(open->step)) continue;
      open->in_doubt = true;
      site_probes_owed.insert(s);
    }
    ask_anew();
    up_ = true;
  } else if (kind == "controller_stopping") {
    stopping = true;
  } else if (kind == "rollout_ended") {
    ended = record.outcome;
    rolling_back = false;
    for (LedgerClient& client : clients) {
      if (client.open && is_look(client.open->step)) client.open.reset();
      if (is_good(client.state) && client.recheck.empty()) client.recheck = "missed";
    }
    for (LedgerSite& site : sites) {
      if (site.open && is_look(site.open->step)) site.open.reset();
    }
  } else {
    group_event(record, truly);
    order(record);
  }
  clocks(truly);
}

void Ledger::step(const Record& record, Timestamp truly) {
  if (record.subject.starts_with("gate/")) return gate_step(record, truly);
  if (record.kind == "step_started") return started(record, truly);
  if (record.kind == "step_finished") return finished(record, truly);
  if (record.kind == "step_noted" && record.subject.starts_with("client/")) {
    LedgerClient& client = clients[layout_.client(after_slash(record.subject))];
    const bool away = record.detail.find("\"reachable\":false") != record.detail.npos;
    if (away) is_away(client);
    if (!away) client.away = kNever;
  }
  if (record.kind != "step_in_doubt") return;
  const std::string_view name = after_slash(record.subject);
  const bool of_site = record.subject.starts_with("site/");
  auto& open = of_site ? sites[layout_.site(name)].open : clients[layout_.client(name)].open;
  if (open) open->in_doubt = true;
  if (of_site) {
    site_probes_owed.erase(layout_.site(name));
  } else {
    probes_owed.erase(layout_.client(name));
  }
}

void Ledger::started(const Record& record, Timestamp truly) {
  const std::string_view name = after_slash(record.subject);
  const OpenAttempt attempt{record.step, record.attempt, watched(truly), false, now_, truly};
  if (record.subject.starts_with("site/")) {
    LedgerSite& site = sites[layout_.site(name)];
    site.open = attempt;
    site.due = kNever;
    if (record.step == "stage" || record.step == "unstage") {
      site.ready = false;
      site.forces.clear();
    }
    site.goes_back = goes_back(record.step);
    ++site.tries[record.step].count;
    if (record.step == "stage") site.staged = seq_;
    if (record.step == "unstage") site.done.clear();
    if (record.step == "unstage" || record.step == "stage") site.needs_hands = false;
    if (record.step == "force_originals") site.forced = true;
    if (record.step != "force") return;
    site.forced = true;
    for (std::uint32_t c = 0; c < clients.size(); ++c) {  // they may take it from here on
      const Layout::Client& place = layout_.clients[c];
      if (place.site != layout_.site(name) || place.owner == kNone || !place.served) continue;
      if (clients[c].state == "already_current" || clients[c].state == "skipped") continue;
      const LedgerGroup& owner = groups[place.owner];
      if (owner.waves_started == 0 && owner.put_back == 0) continue;
      clients[c].triggered = clients[c].forced = true;
      clients[c].to_go_back = false;
    }
    return;
  }
  LedgerClient& client = clients[layout_.client(name)];
  client.open = attempt;
  client.due = kNever;
  client.queued = false;
  const bool again = client.last_step == record.step && client.last_outcome == "unreachable";
  if (is_look(record.step) && !client.late && !again) client.away = kNever;
  if (record.step == "recheck") return;
  client.state.clear();
  ++client.tries[record.step].count;
  if (!upgrades(record.step)) return;
  if (client.first_trigger == kNever) client.first_trigger = active(truly);
  if (rate_since == kNever) rate_since = active(truly);
  client.triggered = client.at_risk = true;
  client.to_go_back = false;
}

void Ledger::finished(const Record& record, Timestamp truly) {
  const std::string_view name = after_slash(record.subject);
  const bool of_site = record.subject.starts_with("site/");
  const auto end = [&](auto& subject) {
    subject.open.reset();
    Tries& tries = subject.tries[record.step];
    tries.ended = truly;
    tries.outcome = record.outcome;
    if (record.outcome == "unreachable") tries.unlimited = true;
    if (record.outcome != "ok") return;
    subject.tries.erase(record.step);
    if (changes_things(record.step)) subject.done.insert(record.step);
  };
  if (of_site) {
    LedgerSite& site = sites[layout_.site(name)];
    site_probes_owed.erase(layout_.site(name));
    if (record.step == "replicate" && record.outcome == "ok") site.ready = true;
    return end(site);
  }
  const std::uint32_t c = layout_.client(name);
  probes_owed.erase(c);
  const bool in_doubt = clients[c].open && clients[c].open->in_doubt;
  const bool never_began = (record.outcome == "unreachable" && !in_doubt) ||
                           record.outcome == "cancelled" || record.outcome == "refused";
  // What nobody heard of may have begun, and may begin yet.
  const bool unheard_of = in_doubt && record.outcome != "ok" && layout_.clients[c].unrecorded;
  if (upgrades(record.step) && (!never_began || unheard_of)) clients[c].ran = true;
  const bool still_runs = in_doubt && record.outcome == "timed_out" && record.step != "restore";
  if (still_runs || (upgrades(record.step) && unheard_of)) clients[c].may_arrive = true;
  if (record.step == "restore" && record.outcome == "ok" && ++clients[c].restores == 1)
    clients[c].first_restore = truly;
  if (record.step == "recheck" && record.outcome != "failed")
    clients[c].recheck = record.outcome == "ok" ? "ok" : "missed";
  if (record.outcome == "ok") clients[c].away = kNever;
  if (record.outcome == "unreachable") is_away(clients[c]);
  if (record.step != "recheck") {
    clients[c].last_step = record.step;
    clients[c].last_outcome = record.outcome;
    if (clients[c].open) clients[c].last_begun = clients[c].open->begun;
  }
  end(clients[c]);
}

// A failure of its group, which has not passed any more.
void Ledger::withdrawn(std::uint32_t c) {
  if (c >= clients.size()) return;
  clients[c].state = "failed";
  clients[c].counts_failed = true;
  LedgerGroup& group = groups[layout_.clients[c].owner];
  if (group.state == "passed") group.state = "started";
  group.withdrawn = group.halted = halted = true;
  if (failed(layout_.clients[c].owner) > group.tolerated + group.acknowledged)
    group.breached = true;
}

void Ledger::settled(std::uint32_t c, const Record& record, Timestamp truly) {
  const std::string& state = record.outcome;
  if (c >= clients.size()) return;
  LedgerClient& client = clients[c];
  client.settled_at = watched(truly);
  client.settled_truly = truly;
  client.settled_reckoned = now_;
  client.queued = false;
  client.due = kNever;
  client.recheck.clear();
  client.state = state;
  client.settled = true;
  if (client.open && is_look(client.open->step)) client.open.reset();
  client.at_risk = false;
  client.late = state == "late";
  client.final_late = client.late && record.detail.find("\"final\":true") != record.detail.npos;
  if (client.late) is_away(client);
  if (!client.late) client.away_first = kNever;
  if (is_bad(state)) client.counts_failed = true;
  if (state == "restored") client.restored = seq_, client.restored_twice = client.restores > 1;
  client.restores = 0;
  if (state == "restored")
    client.triggered = client.forced = false, client.ran = client.may_arrive, client.done.clear();
  if (state == "late" && !client.forced) client.triggered = false;
  if (state == "late") {
    client.tries.clear();
    client.done.erase("restart");
    client.done.erase("configure");  // begun anew behind the force, and repeatable
  }
}

void Ledger::group_event(const Record& record, Timestamp truly) {
  const std::string& kind = record.kind;
  const std::string_view name = after_slash(record.subject);
  const std::uint32_t g = layout_.group(name.substr(0, name.find('/')));
  if (kind == "halted" || kind == "breached") {
    halted = true;
    if (g != kNone) {
      groups[g].halted = true;
      if (groups[g].state == "passed") groups[g].state = "started";  // it is to pass again
    }
    if (kind == "breached") groups[g].breached = true;
    if (record.subject.starts_with("site/")) {
      LedgerSite& site = sites[layout_.site(name)];
      site.needs_hands = rolling_back && site.goes_back;
    }
  }
  if (kind == "rollback_finished") rolling_back = false;
  if (g == kNone) return;
  LedgerGroup& group = groups[g];
  if (kind == "group_started") group.state = "started";
  if (kind == "group_passed") group.state = "passed";
  if (kind == "wave_started") {
    for (std::uint32_t c = 0; c < clients.size(); ++c) {  // who is tried again begins with it
      const Layout::Client& place = layout_.clients[c];
      LedgerClient& client = clients[c];
      if (place.owner != g || place.wave != group.waves_started || client.open) continue;
      client.tries.clear();
      if (!client.late || !client.settled) continue;
      const bool by_order = client.by_order;
      client.state = "late";
      begin_anew(c);
      client.by_order = by_order;
    }
    ++group.waves_started;
  }
  if (kind == "wave_passed") ++group.waves_passed;
  if (kind == "wave_passed" || kind == "group_started") group.gates_passed = 0;
  if (kind == "gate_opened") {
    group.gate_since = active(truly);
    group.gate_opened = now_;
  }
  if (kind == "gate_opened" || kind == "gate_passed") {
    group.gate_open = kind == "gate_opened";
    group.ask_due = {};
  }
  if (kind == "gate_passed") ++group.gates_passed;
  if (kind == "gate_opened" || kind == "gate_passed") {
    group.asked.reset();
    group.asking = {};
    group.verdict.clear();
  }
  if (kind == "acknowledged")
    group.acknowledged += static_cast<std::uint32_t>(number_in(record.detail, "count"));
  if (kind == "approved")
    group.approvals.insert(std::to_string(number_in(record.detail, "wave")) + "/" +
                           text_in(record.detail, "name"));
}

}  // namespace sitewide::simulation
