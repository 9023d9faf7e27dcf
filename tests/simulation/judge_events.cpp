// What may stand in a journal after what stands there already.
#include <algorithm>

#include "tests/simulation/judge.h"

namespace sitewide::simulation {

namespace {

std::string_view name_part(const Record& record) {
  return std::string_view(record.subject).substr(record.subject.find('/') + 1);
}

}  // namespace

void Judge::turn(std::span<const Record> records) {
  in_turn_.clear();
  was_paused_ = ledger_.paused;
  was_halted_ = ledger_.halted;
  was_rolling_back_ = ledger_.rolling_back;
  for (const Record& record : records) {
    if (record.seq != ++seq_) found(1, "event ", std::to_string(record.seq), " follows no other");
    event(record);
    ledger_.apply(record, world_.truly());
  }
  // A turn that saw the clock jump decides nothing.
  const bool jumped = std::any_of(records.begin(), records.end(), [](const Record& record) {
    return record.kind == "clock_jumped";
  });
  if (!jumped) after_turn();
}

void Judge::event(const Record& record) {
  const std::string& kind = record.kind;
  notes_order(record);
  if (kind == "controller_started") {
    if (number_in(record.detail, "fence") <= ledger_.fence)
      found(24, "a controller with a number that was used before");
  } else if (kind == "step_started") {
    starts(record);
  } else if (kind == "step_finished") {
    finishes(record);
  } else if (kind == "retry_scheduled") {
    put_off(record);
  } else if (kind == "forced_without_backup") {
    goes_without_backup(record, layout_.client(name_part(record)));
  } else if (kind == "client_settled") {
    settles(record);
  } else if (kind == "rollback_started") {
    rollback_starts(record);
  } else if (kind == "rollback_finished") {
    rollback_finishes(record);
  } else if (kind == "rollout_ended") {
    rollout_ends(record);
  } else if (kind == "rate_raised") {
    rate_raised(record);
  } else if (kind == "success_withdrawn") {
    withdraws(record, layout_.client(name_part(record)));
  } else if (kind == "paused" && text_in(record.detail, "user").empty()) {
    plan_pauses();
  } else if (kind == "continued" && text_in(record.detail, "user").empty()) {
    if (!ledger_.paused || !ledger_.halted) found(31, "a pause ends, and nothing is halted");
  } else {
    ordered(record);
    group_event(record);
  }
}

void Judge::starts(const Record& record) {
  const std::string what = record.subject + " " + record.step;
  const bool look = is_look(record.step), back = goes_back(record.step);
  if (ledger_.stopping) found(13, what, " starts while the controller leaves");
  if (ledger_.paused && !look) found(13, what, " starts while paused");
  if (ledger_.aborted == "drain" || ledger_.aborted == "cancel")
    found(13, what, " starts after an abort");
  if (!ledger_.aborted.empty() && !look && !back) found(13, what, " starts after an abort");
  if (!ledger_.probes_owed.empty() || !ledger_.site_probes_owed.empty())
    found(8, what, " starts before an attempt in doubt was looked for");
  if ((ledger_.halted || ledger_.rolling_back) && !look && !back)
    found(11, what, " starts while halted or rolling back");
  const std::string_view name = name_part(record);
  if (record.subject.starts_with("client/")) {
    const std::uint32_t c = layout_.client(name);
    if (c == kNone) return found(15, "a step of a client that is not in the plan: ", name);
    return client_starts(record, c);
  }
  if (record.subject.starts_with("gate/")) return gate_is_asked(record);
  const std::uint32_t s = layout_.site(name);
  if (s == kNone) return found(15, "a step of a site that is not in the plan: ", name);
  const LedgerSite& site = ledger_.sites[s];
  if (site.open) found(4, what, " starts while ", site.open->step, " is open");
  if (site.done.contains(record.step) && record.step == "stage")
    found(6, what, " starts again after it went well");
  if (record.step == "force") force_is_decided(s);
  if (!look && record.step != "force") {
    StepPolicy policy;
    policy.attempts = schedule_.sites[s].plan.attempts;
    policy.backoff = schedule_.sites[s].plan.backoff;
    policy.backoff_max = schedule_.sites[s].plan.backoff_max;
    const auto tried = site.tries.find(record.step);
    tries(record, tried == site.tries.end() ? nullptr : &tried->second, policy);
  }
}

void Judge::client_starts(const Record& record, std::uint32_t c) {
  const LedgerClient& client = ledger_.clients[c];
  const Layout::Client& place = layout_.clients[c];
  const std::string what = place.name + " " + record.step;
  if (client.open) found(4, what, " starts while ", client.open->step, " is open");
  if (client.done.contains(record.step) && !goes_back(record.step))
    found(6, what, " starts again after it went well");
  const Group& plan = schedule_.groups[place.owner].plan;
  StepPolicy policy;
  policy.attempts = plan.attempts;
  policy.backoff = plan.backoff;
  policy.backoff_max = plan.backoff_max;
  const auto tried = client.tries.find(record.step);
  const Tries* before = tried == client.tries.end() ? nullptr : &tried->second;
  if (goes_back(record.step)) {  // who is off is waited for
    if (before == nullptr || !before->unlimited) tries(record, before, policy);
    return;
  }
  if (record.step == "recheck") return recheck_starts(c);
  late_is_tried(record, c);
  const LedgerGroup& group = ledger_.groups[place.owner];
  if (group.state != "started" && group.state != "passed")
    found(10, what, " starts before its group");
  // One that was triggered goes on when only an earlier wave is put back.
  if (place.wave >= group.waves_started && !client.triggered)
    found(10, what, " starts before its wave");
  if (is_look(record.step)) return;
  // One that was triggered and is off is waited for until it is lost, and so is one that a force
  // reached, of whatever group.
  const bool forced = place.site != kNone && place.served && ledger_.sites[place.site].forced;
  const bool patient = (plan.method == Method::site_wide || client.ran || forced) &&
                       before != nullptr && before->unlimited;
  if (!patient) tries(record, before, policy);
  if (upgrades(record.step)) trigger_starts(record, c);
}

// Attempts are counted, and there is time between them, in true time.
void Judge::tries(const Record& record, const Tries* tries, const StepPolicy& policy) {
  if (tries == nullptr || tries->count == 0) return;
  const std::string what = record.subject + " " + record.step;
  if (tries->count >= policy.attempts) found(16, what, " is tried too often");
  if (tries->outcome == "cancelled" || tries->ended == Timestamp{}) return;
  Duration wait = policy.backoff;
  for (std::uint32_t i = 1; i < tries->count && wait < policy.backoff_max; ++i) wait *= 2;
  wait = std::min(wait, policy.backoff_max);
  if (world_.truly() - tries->ended < wait) found(16, what, " is tried again too soon");
}

void Judge::trigger_starts(const Record& record, std::uint32_t c) {
  const Layout::Client& place = layout_.clients[c];
  const std::string what = place.name + " " + record.step;
  if (!window_open(place.owner, c, record.at)) found(12, what, " starts outside its window");
  triggers_at_rate(what);
  if (ledger_.clients[c].at_risk) return;
  const auto [at_risk, unproven] = at_risk_beside(c);
  if (unproven >= unproven_limit(place.owner)) found(9, what, ": more than `unproven` at once");
  if (at_risk >= strict_bound(c)) {
    found(11, what, ": a strict wave could fail by more than its budget and one, ",
          std::to_string(ledger_.failed(place.owner)), " failed and ", std::to_string(at_risk + 1),
          " at risk");
  }
}

// Other clients of its group that were triggered and have not settled; and those of them that are
// not in doubt.
std::pair<std::uint32_t, std::uint32_t> Judge::at_risk_beside(std::uint32_t c) const {
  std::uint32_t at_risk = 0, unproven = 0;
  for (std::uint32_t other = 0; other < ledger_.clients.size(); ++other) {
    const LedgerClient& client = ledger_.clients[other];
    if (other == c || layout_.clients[other].owner != layout_.clients[c].owner || !client.at_risk)
      continue;
    ++at_risk;
    if (!client.open || !client.open->in_doubt) ++unproven;
  }
  return {at_risk, unproven};
}

// How many may be at risk at once, so that a strict wave fails by its budget and one at most.
std::uint32_t Judge::strict_bound(std::uint32_t c) const {
  const Layout::Client& place = layout_.clients[c];
  const Group& plan = schedule_.groups[place.owner].plan;
  const bool strict = place.wave == 0 ? plan.strict.value_or(true) : plan.strict.value_or(false);
  if (!strict || plan.method == Method::site_wide) return kNone;
  const std::uint32_t bound = budget_of(place.owner) + 1, failed = ledger_.failed(place.owner);
  return bound > failed ? bound - failed : 0;
}

std::uint32_t Judge::budget_of(std::uint32_t group) const {
  return layout_.groups[group].tolerate_failed + ledger_.groups[group].acknowledged;
}

void Judge::finishes(const Record& record) {
  if (record.subject.starts_with("gate/")) return gate_answers(record);
  const std::string_view name = name_part(record);
  const bool of_site = record.subject.starts_with("site/");
  const std::uint32_t index = of_site ? layout_.site(name) : layout_.client(name);
  if (index == kNone) return found(15, "an end of nobody: ", record.subject);
  const auto& open = of_site ? ledger_.sites[index].open : ledger_.clients[index].open;
  if (!open || open->step != record.step || open->attempt != record.attempt)
    return found(1, record.subject, " ", record.step, " ends and was not begun");
  const bool known = record.outcome != "unreachable" && record.outcome != "timed_out";
  if (of_site && known && world_.site(index).stopped)
    found(45, record.subject, " ", record.step, " is over, and its services stand still");
  if (record.outcome != "timed_out" || !is_look(record.step)) return;
  Duration within{};
  if (of_site) {
    within = schedule_.sites[index].plan.replication_within;
  } else {
    const Group& plan = schedule_.groups[layout_.clients[index].owner].plan;
    within = record.step == "health"               ? plan.health.within
             : record.step == "converge_originals" ? plan.rollback_within
             : record.step == "recheck"            ? plan.recheck_within
                                                   : plan.converge_within;
  }
  if (ledger_.watched(world_.truly()) - open->since < within)
    found(25, record.subject, " ", record.step, " is given up too soon");
}

void Judge::group_event(const Record& record) {
  const std::string_view name = name_part(record);
  const std::uint32_t g = layout_.group(name.substr(0, name.find('/')));
  if (g == kNone) return;
  const ScheduledGroup& plan = schedule_.groups[g];
  const LedgerGroup& group = ledger_.groups[g];
  const std::string& kind = record.kind;
  if (!ledger_.plan_may_go_on() && (kind == "group_started" || kind == "wave_started"))
    found(11, record.subject, " starts while nothing may");
  if (kind == "group_started") {
    for (const std::uint32_t before : plan.after) {
      const std::string& state = ledger_.groups[before].state;
      if (ledger_.groups[before].withdrawn)
        found(39, record.subject, " starts behind a success that was withdrawn");
      if (state != "passed" && state != "skipped")
        found(10, record.subject, " starts before ", schedule_.groups[before].plan.name,
              " has passed");
    }
    if (group.gates_passed < plan.plan.before.size())
      found(10, record.subject, " starts before its gates");
  }
  if (kind == "wave_started") {
    if (group.waves_passed != group.waves_started)
      found(10, record.subject, " starts before the wave before it has passed");
    if (group.waves_started > 0 && group.gates_passed < plan.plan.after_wave.size())
      found(14, record.subject, " starts before the gates after the wave before it");
  }
  if (kind == "wave_passed") wave_passes(record, g);
  if (kind == "gate_passed") gate_passes(record, g);
  if (kind == "breached" && ledger_.failed(g) <= budget_of(g) && group.verdict != "failed")
    found(11, record.subject, " is a breach within the budget");
}

void Judge::gate_passes(const Record& record, std::uint32_t g) {
  const LedgerGroup& group = ledger_.groups[g];
  const Group& plan = schedule_.groups[g].plan;
  const std::vector<Gate>& gates = group.state == "started" ? plan.after_wave : plan.before;
  const auto position = static_cast<std::size_t>(number_in(record.detail, "position"));
  if (position != group.gates_passed || position >= gates.size())
    return found(14, record.subject, ": a gate passes out of turn");
  const Gate& gate = gates[position];
  if (gate.kind == Gate::Kind::soak &&
      ledger_.active(world_.truly()) - group.gate_since < gate.soak)
    found(14, record.subject, " soaks too short");
  if (gate.asks() && (group.asked || group.verdict != "ok"))
    found(14, record.subject, " passes, and its last answer was no pass: `", group.verdict, "`");
  const std::string approval =
      std::to_string(number_in(record.detail, "wave")) + "/" + gate.approval;
  if (gate.kind == Gate::Kind::approval && !group.approvals.contains(approval))
    found(14, record.subject, " goes on without approval ", gate.approval);
}

void Judge::wave_passes(const Record& record, std::uint32_t g) {
  const LedgerGroup& group = ledger_.groups[g];
  const auto wave = static_cast<std::uint32_t>(group.waves_passed);
  std::uint32_t good = 0, skipped = 0, all = 0, late = 0;
  for (std::uint32_t c = 0; c < layout_.clients.size(); ++c) {
    const Layout::Client& place = layout_.clients[c];
    if (place.owner != g) continue;
    const LedgerClient& client = ledger_.clients[c];
    late += client.late ? 1 : 0;
    if (place.wave != wave) continue;
    ++all;
    // One that is tried again after it was late has settled its wave.
    if (!client.settled) found(10, record.subject, " passes without ", place.name);
    good += is_good(client.state) ? 1 : 0;
    skipped += client.state == "skipped" ? 1 : 0;
  }
  if (ledger_.failed(g) > budget_of(g))
    found(11, record.subject, " passes over its budget of failures");
  if (late > layout_.groups[g].tolerate_late)
    found(11, record.subject, " passes over its budget of late ones");
  const bool needed = wave == 0 || wave < group.put_back;
  if (all == 0 || (needed && good == 0 && skipped < all))
    found(14, record.subject, " passes without evidence");
}

void Judge::after_turn() {
  const bool looked = ledger_.probes_owed.empty() && ledger_.site_probes_owed.empty();
  for (std::uint32_t g = 0; g < ledger_.groups.size(); ++g) {
    const LedgerGroup& group = ledger_.groups[g];
    if (group.verdict == "failed" && looked && ledger_.plan_may_go_on())
      found(14, schedule_.groups[g].plan.name, ": a gate failed, and nothing halts");
    if (group.breached || !ledger_.aborted.empty() || !ledger_.ended.empty()) continue;
    if (ledger_.failed(g) > budget_of(g))
      found(11, schedule_.groups[g].plan.name, " is over its budget and nobody says so");
  }
}

}  // namespace sitewide::simulation
