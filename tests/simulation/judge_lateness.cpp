// Whether what is due happens when it is due. When a controller waits, all that the plan asks for
// at this time is done or under way, and it wakes for what is due next.
#include <algorithm>

#include "tests/simulation/judge.h"

namespace sitewide::simulation {

using std::chrono::minutes;
using std::chrono::seconds;

namespace {

// What never answers is given up on so long after its deadline; a look takes two minutes at most,
// and what is judged is looked at once more before.
constexpr Duration kGrace = seconds(31);
constexpr Duration kLooks = minutes(5);

std::vector<std::string_view> procedure_of(const Group& plan, bool configures) {
  std::vector<std::string_view> steps;
  const auto add = [&](bool has, std::string_view step) {
    if (has) steps.push_back(step);
  };
  const bool command = plan.method == Method::command;
  add(!command || !plan.command.inspect.empty(), "inspect");
  add(!command || !plan.command.back_up.empty(), "back_up");
  add(plan.method == Method::upgrade_bat, "trigger");
  add(command, "upgrade");
  add(!plan.restart.by_user, "restart");
  add(!command, "converge");
  add(!command && configures, "configure");
  add(command && !plan.command.verify.empty(), "verify");
  add(plan.health.kind != Health::Kind::none, "health");
  return steps;
}

}  // namespace

// The step that a client does next, after what it did last; empty when there is none.
std::string_view Judge::next_step(std::uint32_t c) const {
  const LedgerClient& client = ledger_.clients[c];
  const std::vector<std::string_view>& steps = procedures_[layout_.clients[c].owner];
  if (client.last_step.empty() || client.state == "late") return steps.front();
  const auto last = std::find(steps.begin(), steps.end(), client.last_step);
  if (last == steps.end()) return {};
  if (client.last_outcome != "ok") return *last;
  return last + 1 == steps.end() ? std::string_view() : *(last + 1);
}

void Judge::learn_procedures() {
  for (const ScheduledGroup& group : schedule_.groups)
    procedures_.push_back(procedure_of(group.plan, !schedule_.hotfix.parts.client.empty()));
}

void Judge::waits(Timestamp until) {
  if (!violations_.wants(42) || !ledger_.ended.empty()) return;
  truly_ = world_.truly();
  reckoned_ = ledger_.reckoned(truly_);
  until_ = until;
  attempts_are_late();
  const bool looked = ledger_.probes_owed.empty() && ledger_.site_probes_owed.empty();
  if (!ledger_.plan_may_go_on() || !looked) return;
  if (is_too_old()) return found(42, "rollout_within is over, and nothing halts");
  for (std::uint32_t g = 0; g < ledger_.groups.size(); ++g) group_is_late(g);
  for (std::uint32_t s = 0; s < ledger_.sites.size(); ++s) site_is_late(s);
  clients_are_late();
}

// `due` is reckoned.
template <class... Words>
void Judge::must_wake(Timestamp due, const Words&... words) {
  if (due >= kNever) return;
  const Duration left = due - reckoned_;
  if (left <= Duration{}) {
    found(42, words..., ", is due and not done");
  } else if (until_ > truly_ + left) {
    found(42, words..., ", is due in ", format_duration(left), ", and nobody wakes for it");
  }
}

bool Judge::is_too_old() const {
  const auto& within = schedule_.limits.rollout_within;
  return within && !ledger_.past_due_accepted &&
         truly_ >= ledger_.created + *within + ledger_.set_back;
}

// --- attempts ---

Duration Judge::timeout_of(const std::string& step, std::uint32_t c) const {
  const Group& plan = schedule_.groups[layout_.clients[c].owner].plan;
  const bool command = plan.method == Method::command;
  if (step == "trigger" || (step == "restart" && !command)) return plan.trigger_timeout;
  if (step == "upgrade" || step == "restart") return plan.command_timeout;
  return plan.inspect_timeout;
}

Duration Judge::within_of(const std::string& step, const Group& plan) {
  if (step == "health") return plan.health.within;
  if (step == "converge_originals") return plan.rollback_within;
  return step == "recheck" ? plan.recheck_within : plan.converge_within;
}

// How long a client may be away until it is lost; kNever when nothing but its step's own time ends
// that.
std::optional<Duration> Judge::patience_of(std::uint32_t c) const {
  const Group& plan = schedule_.groups[layout_.clients[c].owner].plan;
  if (plan.restart.by_user) return plan.lost_after;
  return plan.lost_after.value_or(std::chrono::hours(1)) + plan.restart.wait;
}

// Each service of the site may be stopped and started besides.
Duration Judge::site_timeout_of(const std::string& step, std::uint32_t s) const {
  Duration timeout = minutes(10);
  if (step != "stage" && step != "unstage") return timeout;
  for (const SitePart& part : schedule_.hotfix.parts.site) {
    for (std::size_t i = 0; i < 2 * part.services.size(); ++i)
      timeout += schedule_.sites[s].plan.services.within;
  }
  return timeout;
}

void Judge::attempts_are_late() {
  for (std::uint32_t c = 0; c < ledger_.clients.size(); ++c) {
    const auto& open = ledger_.clients[c].open;
    if (open) attempt_is_late(c, *open);
  }
  for (std::uint32_t s = 0; s < ledger_.sites.size(); ++s) {
    const auto& open = ledger_.sites[s].open;
    if (!open) continue;
    const Site& plan = schedule_.sites[s].plan;
    const Duration timeout = site_timeout_of(open->step, s);
    if (is_look(open->step)) {
      look_is_late(open->begun + plan.replication_within, plan.replication_poll, *open,
                   layout_.site_names[s]);
    } else if (!open->in_doubt) {
      is_overdue(*open, timeout, layout_.site_names[s]);
    } else {
      look_is_late(open->begun + timeout + plan.replication_within, plan.replication_poll, *open,
                   layout_.site_names[s]);
    }
  }
}

void Judge::attempt_is_late(std::uint32_t c, const OpenAttempt& open) {
  const LedgerClient& client = ledger_.clients[c];
  const Layout::Client& place = layout_.clients[c];
  const Group& plan = schedule_.groups[place.owner].plan;
  if (is_look(open.step)) {
    Timestamp over = open.begun + within_of(open.step, plan);
    const auto patience = patience_of(c);
    if (patience && client.away < kNever && open.step != "recheck")
      over = std::min(over, std::max(open.begun, client.away) + *patience);
    const Duration poll = open.step == "health"    ? plan.health.poll
                          : open.step == "recheck" ? plan.retry_late
                                                   : plan.converge_poll;
    return look_is_late(over, poll, open, place.name);
  }
  if (!open.in_doubt) return is_overdue(open, timeout_of(open.step, c), place.name);
  // An attempt in doubt is looked for as long as a client may be away.
  Duration longest = plan.lost_after.value_or(plan.converge_within);
  Timestamp from = open.begun;
  if (open.step == "restore") {
    longest = plan.rollback_within;
    from = std::max(from, ledger_.rollback_since);
  }
  look_is_late(from + timeout_of(open.step, c) + longest, plan.converge_poll, open, place.name);
}

// Runs although its deadline is over: by then somebody says that nobody knows how it ended.
void Judge::is_overdue(const OpenAttempt& open, Duration timeout, const std::string& name) {
  const Timestamp since = std::max({open.truly, ledger_.controller, ledger_.steady});
  if (truly_ > since + timeout + kGrace + ledger_.set_back)
    found(42, name, " ", open.step, " is past its deadline, and nobody gives it up");
}

// Nobody is judged before a look of this controller, made since the last order or clock jump.
void Judge::look_is_late(Timestamp over, Duration poll, const OpenAttempt& open,
                         const std::string& name) {
  if (ledger_.paused || ledger_.aborted == "cancel") return;
  const Duration looks = poll + kLooks;
  if (reckoned_ > over + looks && truly_ > std::max(open.truly, ledger_.steady) + looks)
    found(42, name, " ", open.step, " is looked at although its time is over");
}

// --- groups and their gates ---

// A group that has passed, too, when its failed clients are ordered to begin anew.
bool Judge::is_tried_again(std::uint32_t g) const {
  for (std::uint32_t c = 0; c < ledger_.clients.size(); ++c) {
    if (layout_.clients[c].owner == g && !ledger_.clients[c].settled) return true;
  }
  return false;
}

void Judge::group_is_late(std::uint32_t g) {
  const LedgerGroup& group = ledger_.groups[g];
  const Group& plan = schedule_.groups[g].plan;
  if (group.state == "passed" || group.state == "skipped") return;
  if (group.state.empty()) {
    for (const std::uint32_t before : schedule_.groups[g].after) {
      const std::string& state = ledger_.groups[before].state;
      if ((state != "passed" && state != "skipped") || is_tried_again(before)) return;
    }
    if (group.gates_passed < plan.before.size())
      return gate_is_late(g, plan.before[group.gates_passed], "0");
    return found(42, plan.name, " may start, and does not");
  }
  if (group.waves_started > group.waves_passed) return wave_is_late(g);
  const auto waves = static_cast<std::size_t>(group.waves_passed);
  if (waves > 0 && group.gates_passed < plan.after_wave.size())
    return gate_is_late(g, plan.after_wave[group.gates_passed], std::to_string(waves));
  if (waves < layout_.groups[g].waves)
    return found(42, plan.name, " may start its next wave, and does not");
  if (!is_tried_again(g)) found(42, plan.name, " neither passes nor halts");
}

void Judge::wave_is_late(std::uint32_t g) {
  const auto wave = static_cast<std::uint32_t>(ledger_.groups[g].waves_passed);
  for (std::uint32_t c = 0; c < ledger_.clients.size(); ++c) {
    const Layout::Client& place = layout_.clients[c];
    if (place.owner == g && place.wave == wave && !ledger_.clients[c].settled) return;
  }
  found(42, schedule_.groups[g].plan.name, ": a wave has settled, and neither passes nor halts");
}

void Judge::gate_is_late(std::uint32_t g, const Gate& gate, const std::string& wave) {
  const LedgerGroup& group = ledger_.groups[g];
  const std::string what = schedule_.groups[g].plan.name + ": a gate";
  if (!group.gate_open) return found(42, what, " does not open");
  if (gate.kind == Gate::Kind::soak) return must_wake(group.gate_opened + gate.soak, what);
  if (gate.kind == Gate::Kind::approval) {
    if (group.approvals.contains(wave + "/" + gate.approval))
      found(42, what, " is approved and holds");
    return;
  }
  if (group.asked) return is_overdue(*group.asked, gate.inquiry.policy.timeout, what);
  if (group.verdict == "ok" || group.verdict == "failed")
    return found(42, what, " was told and does nothing");
  must_wake(group.ask_due, what, " asks");
}

// --- sites and clients ---

void Judge::site_is_late(std::uint32_t s) {
  const LedgerSite& site = ledger_.sites[s];
  if (site.open || site.ready || site.goes_back) return;
  for (std::uint32_t c = 0; c < ledger_.clients.size(); ++c) {
    const Layout::Client& place = layout_.clients[c];
    const bool wants = place.site == s && place.served && place.owner == place.group &&
                       ledger_.groups[place.owner].state == "started";
    if (!wants) continue;
    must_wake(site.due >= kNever ? reckoned_ : site.due, layout_.site_names[s], " is made ready");
    return;
  }
}

void Judge::clients_are_late() {
  std::vector<std::uint32_t> running(ledger_.groups.size(), 0);
  std::uint32_t all = 0;
  for (std::uint32_t c = 0; c < ledger_.clients.size(); ++c) {
    const auto& open = ledger_.clients[c].open;
    if (!open || is_look(open->step)) continue;
    ++all;
    if (open->step != "restore") ++running[layout_.clients[c].owner];
  }
  for (std::uint32_t c = 0; c < ledger_.clients.size(); ++c) {
    const std::uint32_t g = layout_.clients[c].owner;
    if (g == kNone) continue;
    const bool slot =
        running[g] < schedule_.groups[g].plan.in_flight && all < schedule_.limits.in_flight;
    client_is_late(c, slot);
  }
}

// A client that nothing is done with waits for its time, a slot, its site, or what holds triggers
// back.
void Judge::client_is_late(std::uint32_t c, bool slot) {
  const LedgerClient& client = ledger_.clients[c];
  const Layout::Client& place = layout_.clients[c];
  const Group& plan = schedule_.groups[place.owner].plan;
  if (client.open || client.final_late) return;
  if (is_good(client.state)) {
    if (plan.recheck.count() > 0 && client.recheck.empty())
      must_wake(client.queued ? reckoned_ : client.settled_reckoned + plan.recheck, place.name,
                " is proven again");
    return;
  }
  const LedgerGroup& group = ledger_.groups[place.owner];
  const bool begun =
      (group.state == "started" || group.state == "passed") && place.wave < group.waves_started;
  if ((!client.state.empty() && !client.late) || !begun) return;
  // Its originals are put back by slots of their own.
  if (goes_back(client.last_step) || client.last_step == "converge_originals") return;
  const std::string_view step = next_step(c);
  if (step.empty()) return found(42, place.name, " has done all its steps and does not settle");
  const Timestamp due = client.queued            ? reckoned_
                        : client.state == "late" ? client.settled_reckoned + plan.retry_late
                        : client.due < kNever    ? client.due
                                                 : reckoned_;
  if (due > reckoned_) return must_wake(due, place.name, " ", step);
  if (is_look(step) ? is_behind_a_force(c) : !slot || !may_begin(c, step)) return;
  must_wake(due, place.name, " ", step);
}

// A forced client waits for its force, and for the copy lists that follow it.
bool Judge::is_behind_a_force(std::uint32_t c) const {
  const Layout::Client& place = layout_.clients[c];
  const std::string& last = ledger_.clients[c].last_step;
  return schedule_.groups[place.owner].plan.method == Method::site_wide &&
         (last.empty() || last == "inspect" || last == "back_up");
}

// Those that are tried again and found on target count too, though they were not triggered again.
std::uint32_t Judge::may_be_at_risk_beside(std::uint32_t c) const {
  std::uint32_t count = 0;
  for (std::uint32_t other = 0; other < ledger_.clients.size(); ++other) {
    const LedgerClient& client = ledger_.clients[other];
    const bool may_be = client.at_risk || (client.triggered && client.state.empty());
    if (other != c && layout_.clients[other].owner == layout_.clients[c].owner && may_be) ++count;
  }
  return count;
}

bool Judge::may_begin(std::uint32_t c, std::string_view step) const {
  const LedgerClient& client = ledger_.clients[c];
  const Layout::Client& place = layout_.clients[c];
  if (place.served && !ledger_.sites[place.site].ready) return false;
  if (step == "restart" && is_behind_a_force(c)) return false;
  // What was kept of a client that was triggered once is not kept anew: its trigger is next.
  const bool triggers =
      upgrades(step) || (step == "back_up" && client.first_trigger != kNever) || client.triggered;
  if (!triggers) return true;
  if (schedule_.groups[place.owner].plan.method == Method::site_wide) return false;
  if (!window_open(place.owner, c, world_.wall()) || !rate_allows()) return false;
  if (client.at_risk) return true;
  const std::uint32_t at_risk = may_be_at_risk_beside(c);
  return at_risk < unproven_limit(place.owner) && at_risk < strict_bound(c);
}

}  // namespace sitewide::simulation
