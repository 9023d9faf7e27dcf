// What belongs to the clock: windows in clients' own zones, the ramp of the rate, rechecks; and the
// final reconciliation.
#include <algorithm>
#include <vector>

#include "orchestrator/core/reconciliation.h"
#include "tests/simulation/judge.h"
#include "tests/simulation/zones.h"

namespace sitewide::simulation {

namespace {

// A window's begin on a local day, by the clock on the wall: the first instant that shows it, or
// the change that skips it.
Timestamp begin_of(const Window& window, const TestZone& zone, std::chrono::sys_days day) {
  const Timestamp local = Timestamp(day) + window.start;
  if (local - zone.before < zone.change) return local - zone.before;
  return std::max(local - zone.after, zone.change);
}

bool is_open(const Window& window, const TestZone& zone, Timestamp at) {
  using std::chrono::days;
  for (int back = -1; back <= 4; ++back) {
    const auto day = std::chrono::floor<days>(at) - days(back);
    const auto weekday = (day.time_since_epoch().count() % 7 + 7 + 3) % 7;  // a Thursday is day 0
    const Timestamp begin = begin_of(window, zone, day);
    if (window.days[static_cast<std::size_t>(weekday)] && begin <= at &&
        at < begin + window.length - window.needs)
      return true;
  }
  return false;
}

}  // namespace

// `client` may be kNone: then no window may ask for its zone.
bool Judge::window_open(std::uint32_t group, std::uint32_t client, Timestamp at) const {
  const std::vector<ScheduledWindow>& windows = schedule_.groups[group].windows;
  return windows.empty() || std::any_of(windows.begin(), windows.end(), [&](const auto& window) {
           const std::string& label = window.window.zone_label;
           if (label.empty()) return is_open(window.window, test_zone(window.window.zone), at);
           if (client == kNone) return false;
           const std::string zone(schedule_.clients.label(client, label));
           return is_open(window.window, test_zone(zone), at);
         });
}

// The rate after the doublings so far.
Rate Judge::rate_now() const {
  Rate rate = schedule_.limits.rate;
  if (!schedule_.limits.ramp) return rate;
  for (std::uint32_t i = 0; i < ledger_.doublings; ++i) rate.count *= 2;
  const Rate& to = schedule_.limits.ramp->to;
  return rate.count * to.per > to.count * rate.per ? to : rate;
}

// As far as a controller can know, after a clock that jumped.
bool Judge::rate_allows() const {
  const Rate rate = rate_now();
  if (rate.count == 0 || last_trigger_ == Timestamp{}) return true;
  const Duration passed =
      std::min(world_.truly() - last_trigger_, world_.wall() - last_trigger_wall_);
  return passed >= std::max(rate.per / rate.count, trigger_gap_);
}

void Judge::triggers_at_rate(const std::string& what) {
  const Rate rate = rate_now();
  if (rate.count == 0) return;
  const bool ramp = schedule_.limits.ramp.has_value();
  Duration passed = world_.truly() - last_trigger_;
  // A clock that jumped while no controller looked cannot be told from time that passed.
  if (last_trigger_by_ != ledger_.fence)
    passed = std::max(passed, world_.wall() - last_trigger_wall_);
  if (last_trigger_ != Timestamp{} && passed < rate.per / rate.count)
    found(ramp ? 38 : 9, what, " starts faster than the rate");
  trigger_gap_ = rate.per / rate.count;
  last_trigger_ = world_.truly();
  last_trigger_wall_ = world_.wall();
  last_trigger_by_ = ledger_.fence;
}

// Of the clients that were triggered before `cut`: how many, and how many of them are not proven.
std::pair<std::uint32_t, std::uint32_t> Judge::unproven_before(Timestamp cut) const {
  std::uint32_t count = 0, unproven = 0;
  for (const LedgerClient& client : ledger_.clients) {
    if (client.first_trigger == kNever || client.first_trigger >= cut) continue;
    ++count;
    unproven += client.state == "upgraded" ? 0 : 1;
  }
  return {count, unproven};
}

// Nine in ten of those that were triggered while it was held are proven, and it was used. A
// controller does not know how long the one before it lived after its last event, so it may hold
// the rate for that much longer.
void Judge::rate_raised(const Record& record) {
  if (!schedule_.limits.ramp || ledger_.rate_since == kNever)
    return found(38, record.kind, " and nobody was triggered at the rate");
  const Timestamp held = ledger_.rate_since + schedule_.limits.ramp->double_every;
  if (ledger_.active(world_.truly()) < held) found(38, record.kind, " too soon");
  std::uint32_t used = 0, acknowledged = 0;
  std::vector<Timestamp> cuts{held};
  for (const LedgerClient& client : ledger_.clients) {
    if (client.first_trigger == kNever) continue;
    used += client.first_trigger >= ledger_.rate_since ? 1 : 0;
    if (client.first_trigger >= held && client.first_trigger - held < ledger_.unknown_to_next)
      cuts.push_back(client.first_trigger + Duration(1));
  }
  for (const LedgerGroup& group : ledger_.groups) acknowledged += group.acknowledged;
  const bool is_proven = std::any_of(cuts.begin(), cuts.end(), [&](Timestamp cut) {
    const auto [count, unproven] = unproven_before(cut);
    return unproven <= count / 10 + acknowledged;
  });
  if (!is_proven) {
    const auto [count, unproven] = unproven_before(held);
    found(38, record.kind, " though ", std::to_string(unproven), " of ", std::to_string(count),
          " are not proven");
  }
  if (used < rate_now().count) found(38, record.kind, " of a rate that was hardly used");
}

void Judge::recheck_starts(std::uint32_t c) {
  const LedgerClient& client = ledger_.clients[c];
  const std::string& name = layout_.clients[c].name;
  const Duration after = schedule_.groups[layout_.clients[c].owner].plan.recheck;
  if (!is_good(client.state)) found(40, name, " is proven again and is ", client.state);
  if (!client.recheck.empty()) found(40, name, " is proven again twice");
  if (ledger_.watched(world_.truly()) - client.settled_at < after)
    found(40, name, " is proven again too soon");
}

void Judge::withdraws(const Record& record, std::uint32_t c) {
  const LedgerClient& client = ledger_.clients[c];
  if (!is_good(client.state)) found(39, record.subject, " is withdrawn and was ", client.state);
  if (world_.holds_planned(c) && world_.is_set(c))
    found(39, record.subject, " is withdrawn and holds what it shall");
}

// At a good end nobody's recheck is missing.
void Judge::rechecks_are_over(const std::string& result) {
  if (result != "completed" && result != "completed_with_failures") return;
  for (std::uint32_t c = 0; c < ledger_.clients.size(); ++c) {
    const LedgerClient& client = ledger_.clients[c];
    const std::uint32_t owner = layout_.clients[c].owner;
    if (owner == kNone || schedule_.groups[owner].plan.recheck.count() == 0) continue;
    if (is_good(client.state) && client.recheck.empty())
      found(40, result, " and ", layout_.clients[c].name, " was not proven again");
  }
}

void Judge::reconciles(const Rollout& rollout) {
  const Reconciliation all = reconcile(rollout);
  std::vector<std::uint32_t> seen(ledger_.clients.size(), 0);
  const bool cut_short = !ledger_.aborted.empty();
  for (std::size_t i = 0; i < kEndings; ++i) {
    const auto ending = static_cast<Ending>(i);
    std::string word(sitewide::name_of(ending));
    if (ending == Ending::late_for_good) word = "late";
    if (ending == Ending::withdrawn) word = "failed";
    for (const std::uint32_t c : all.lists[i]) {
      ++seen.at(c);
      const bool good = ending == Ending::on_target || ending == Ending::not_rechecked;
      const bool midway = ending >= Ending::in_doubt;  // nothing was reported of it yet
      const std::string& state = ledger_.clients[c].state;
      const bool says_so = good     ? is_good(state)
                           : midway ? state.empty() || (cut_short && !is_good(state))
                                    : cut_short || state == word;
      if (!says_so)
        found(41, layout_.clients[c].name, " ended ", state, " and is listed as ", word);
      if (!good && reason_of_ending(rollout, c).empty())
        found(41, layout_.clients[c].name, " is listed as ", word, " for no reason");
      const bool restores = state == "restored" && ledger_.clients[c].restored_twice;
      if (restores && reason_of_ending(rollout, c).find("may still arrive") == std::string::npos)
        found(44, layout_.clients[c].name, " is listed as ", word, " without its doubt");
    }
  }
  for (std::uint32_t c = 0; c < seen.size(); ++c) {
    if (seen[c] != 1)
      found(41, layout_.clients[c].name, " is in ", std::to_string(seen[c]), " lists");
  }
}

}  // namespace sitewide::simulation
