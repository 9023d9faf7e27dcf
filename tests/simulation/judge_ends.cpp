// Whether what is reported is true: of clients as they settle, of rollbacks, and of the end.
#include <algorithm>

#include "orchestrator/cli/exit_code.h"
#include "orchestrator/core/summary.h"
#include "tests/simulation/judge.h"

namespace sitewide::simulation {

namespace {

std::string_view name_part(const Record& record) {
  return std::string_view(record.subject).substr(record.subject.find('/') + 1);
}

std::string_view name_of_scope(Scope scope) {
  constexpr std::string_view kNames[] = {"none", "wave", "group", "rollout", "client", "site"};
  return kNames[static_cast<std::size_t>(scope)];
}

}  // namespace

bool Judge::holds_originals(std::uint32_t c) const {
  const ClientTruth& client = world_.client(c);
  return world_.has_files_back(c) && !client.armed() && client.setting == client.original_setting;
}

// Kept only after a force had reached it: what was kept are not its originals.
bool Judge::was_kept_late(std::uint32_t c) const {
  const ClientTruth& real = world_.client(c);
  const Layout::Client& place = layout_.clients[c];
  return place.site != kNone && place.served && ledger_.sites[place.site].forced && real.kept &&
         (real.kept_files != real.original || real.kept_phase != "INSTALLED");
}

void Judge::settles(const Record& record) {
  const std::uint32_t c = layout_.client(name_part(record));
  if (c == kNone) return found(15, "a client that is not in the plan: ", record.subject);
  const LedgerClient& client = ledger_.clients[c];
  const Layout::Client& place = layout_.clients[c];
  const ClientTruth& real = world_.client(c);
  const std::string what = place.name + " is reported " + record.outcome;
  const bool cut = client.open && is_look(client.open->step) && !ledger_.aborted.empty();
  if (client.open && !cut) found(8, what, " while ", client.open->step, " is open");
  const Group& plan = schedule_.groups[place.owner].plan;
  const bool proves = place.served || !plan.command.verify.empty();
  if ((record.outcome == "upgraded" && proves) || record.outcome == "already_current") {
    // What outlived its look may flag it once more behind its proof: for the same files.
    const bool armed = place.served && real.armed() && !has_strays(c);
    const bool right = world_.holds_planned(c) && !armed && world_.is_set(c);
    if (!right && !real.is_odd()) found(7, what, " and holds ", world_.held_by(Subject::client(c)));
    if (record.outcome == "upgraded" && plan.health.kind != Health::Kind::none &&
        !world_.is_well(c))
      found(7, what, " and does not do well");
  }
  is_given_up(record, c);
  if (record.outcome == "failed" && client.last_outcome == "ok")
    found(7, what, " and all that was done with it went well");
  const bool forced = place.site != kNone && place.served && ledger_.sites[place.site].forced;
  // What was given up and may still run may arrive behind the proof: an operator took that risk.
  const bool at_risk = client.may_arrive && client.by_order;
  if (record.outcome == "restored" && !holds_originals(c) && !was_kept_late(c) && !at_risk)
    found(18, what, " and holds ", world_.held_by(Subject::client(c)));
  if (record.outcome == "restored") put_back_twice(c, what);
  if (record.outcome == "late" && !forced && !holds_originals(c) && !real.is_odd() &&
      !has_strays(c))
    found(7, what, " and something was done to it: ", world_.held_by(Subject::client(c)));
  for (const auto& [key, launch] : world_.launches()) {
    if (std::get<Subject>(key) != Subject::client(c) || launch.unheard || launch.stray) continue;
    if (launch.given_up && client.by_order) continue;
    const bool under_way =
        launch.state == Launch::State::running || launch.state == Launch::State::sent;
    if (under_way && record.outcome != "lost" && record.outcome != "needs_hands")
      found(8, what, " while an attempt of it is under way");
  }
}

bool Judge::has_strays(std::uint32_t c) const {
  const auto& launches = world_.launches();
  return std::any_of(launches.begin(), launches.end(), [&](const auto& entry) {
    return std::get<Subject>(entry.first) == Subject::client(c) && entry.second.stray;
  });
}

Duration Judge::between_restores(std::uint32_t c) const {
  const Group& plan = schedule_.groups[layout_.clients[c].owner].plan;
  return plan.method == Method::command ? plan.command_timeout : plan.trigger_timeout;
}

// What outlived its look may have its way after the first restore.
void Judge::put_back_twice(std::uint32_t c, const std::string& what) {
  const LedgerClient& client = ledger_.clients[c];
  if (!has_strays(c) || client.restores == 0) return;  // or its site went back, and it with it
  if (client.restores < 2) return found(44, what, " and what was never heard of may arrive");
  if (world_.truly() - client.first_restore < between_restores(c))
    found(44, what, " too soon after the first time");
}

void Judge::rollback_starts(const Record& record) {
  const std::string scope = text_in(record.detail, "scope");
  const bool by_plan = text_in(record.detail, "user").empty();
  if (!by_plan && text_in(record.detail, "reason").empty()) found(31, "a rollback for no reason");
  for (std::uint32_t c = 0; scope != "client" && c < ledger_.clients.size(); ++c) {
    const Layout::Client& place = layout_.clients[c];
    if (!ledger_.clients[c].triggered || !ledger_.in_scope(c, scope, record.subject)) continue;
    const std::int64_t wave = wave_anew(record.detail, layout_.group_names[place.owner]);
    if (wave == 0 || wave > place.wave + 1)
      found(10, record.subject, " puts back ", place.name, ", and its wave does not begin anew");
  }
  const bool of_group = record.subject.starts_with("group/") || record.subject.starts_with("wave/");
  if (by_plan && of_group) {
    const std::string_view name = name_part(record);
    const std::uint32_t g = layout_.group(name.substr(0, name.find('/')));
    const Scope planned = schedule_.groups[g].plan.on_breach;
    if (scope != name_of_scope(planned))
      found(37, record.subject, " rolls back ", scope, ", not ", name_of_scope(planned));
  }
}

void Judge::rollback_finishes(const Record& record) {
  for (std::uint32_t c = 0; c < ledger_.clients.size(); ++c) {
    const LedgerClient& client = ledger_.clients[c];
    if (!ledger_.in_scope(c)) continue;
    if (client.triggered && client.state != "needs_hands")
      found(37, record.kind, " without ", layout_.clients[c].name);
  }
}

// What nobody looked at, and what an operator left out, is nobody's to put back; who was forced
// takes what is staged anew, at any log-on; and an operator who has a client put back while its
// attempt may run still, takes that upon himself.
bool Judge::is_ours(std::uint32_t c) const {
  const LedgerClient& client = ledger_.clients[c];
  const Layout::Client& place = layout_.clients[c];
  const bool forced = place.site != kNone && place.served && ledger_.sites[place.site].forced;
  if (forced && ledger_.sites[place.site].staged > client.restored) return false;
  if (client.state == "skipped") return false;
  if (world_.client(c).current_before && client.state != "already_current") return false;
  if (world_.client(c).is_odd() || was_kept_late(c)) return false;
  for (const auto& [key, launch] : world_.launches()) {
    const bool may_arrive = launch.given_up || launch.stray;  // which the report says
    if (std::get<Subject>(key) == Subject::client(c) && may_arrive) return false;
  }
  return true;
}

void Judge::rollout_ends(const Record& record) {
  const std::string& result = record.outcome;
  const bool whole = result == "completed" || result == "completed_with_failures";
  for (std::uint32_t c = 0; c < ledger_.clients.size(); ++c) {
    const LedgerClient& client = ledger_.clients[c];
    const std::string& name = layout_.clients[c].name;
    if (client.open && changes_things(client.open->step) && result != "needs_hands")
      found(8, result, " while ", name, " is in doubt");
    if (whole && client.state.empty()) found(15, result, " and ", name, " has no end");
    if (result == "completed" && !is_good(client.state) && client.state != "skipped")
      found(15, "completed, and ", name, " is ", client.state);
    if (result != "rolled_back") continue;
    const ClientTruth& real = world_.client(c);
    const bool back = world_.has_files_back(c) && real.setting == real.original_setting;
    if (!back && is_ours(c))
      found(19, "rolled back, and ", name, " holds ", world_.held_by(Subject::client(c)));
  }
  rechecks_are_over(result);
  for (std::uint32_t s = 0; result == "rolled_back" && s < ledger_.sites.size(); ++s) {
    const SiteTruth& site = world_.site(s);
    if (site.source != site.original && site.source.front() != kOdd)
      found(19, "rolled back, and a site is staged");
  }
  for (std::uint32_t s = 0; result != "needs_hands" && s < ledger_.sites.size(); ++s) {
    if (world_.site(s).stopped)
      found(45, result, ", and services of ", layout_.site_names[s], " stand still");
  }
}

bool Judge::hands_are_needed() const {
  return std::any_of(ledger_.clients.begin(), ledger_.clients.end(),
                     [](const LedgerClient& client) { return client.state == "needs_hands"; }) ||
         std::any_of(ledger_.sites.begin(), ledger_.sites.end(),
                     [](const LedgerSite& site) { return site.needs_hands; });
}

// What the shell is told when the controller leaves a rollout that is halted.
void Judge::halts(const Rollout& rollout) {
  const int expected = hands_are_needed() ? 16 : 11;
  const int code = static_cast<int>(exit_code_of(rollout));
  if (code != expected)
    found(30, "halted with exit code ", std::to_string(code), ", not ", std::to_string(expected));
}

void Judge::reports(const Rollout& rollout) {
  if (!rollout.ended()) return;
  const Summary summary = summarize(rollout);
  StateCounts counts{};
  const bool cut_short = !ledger_.aborted.empty();  // then some are in the middle of something
  bool hands = ledger_.ended == "needs_hands";
  for (std::uint32_t c = 0; c < ledger_.clients.size(); ++c) {
    const std::string& state = ledger_.clients[c].state;
    hands = hands || (!cut_short && state == "needs_hands");
    const auto word = word_from<ClientState>(state);
    if (word) ++counts[static_cast<std::size_t>(*word)];
  }
  for (const ClientState state :
       {ClientState::upgraded, ClientState::already_current, ClientState::late, ClientState::failed,
        ClientState::lost, ClientState::restored, ClientState::needs_hands, ClientState::skipped}) {
    if (!cut_short && summary.count(state) != counts[static_cast<std::size_t>(state)])
      found(32, "the screens count ", std::to_string(summary.count(state)), " ",
            sitewide::name_of(state), ", the journal ",
            std::to_string(counts[static_cast<std::size_t>(state)]));
  }
  reconciles(rollout);
  bool breached = false;
  for (const LedgerGroup& group : ledger_.groups) breached = breached || group.breached;
  for (const LedgerSite& site : ledger_.sites) hands = hands || site.needs_hands;
  int expected = 0;
  if (ledger_.ended == "completed_with_failures") expected = 10;
  if (ledger_.ended == "rolled_back" && breached) expected = 11;
  if (ledger_.ended == "aborted") expected = 12;
  if (hands) expected = 16;
  const int code = static_cast<int>(exit_code_of(rollout));
  if (code != expected && !(cut_short && code == 16))
    found(30, "ended ", ledger_.ended, " with exit code ", std::to_string(code), ", not ",
          std::to_string(expected));
}

}  // namespace sitewide::simulation
