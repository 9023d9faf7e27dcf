// Whether what really starts, and what it really does, is covered by the journal.
#include "tests/simulation/judge.h"

namespace sitewide::simulation {

void Judge::action_starts(const Action& action) {
  if (action.subject.kind == Subject::Kind::gate) {
    const auto& asked = ledger_.groups[action.subject.index].asked;
    if (!asked || asked->attempt != action.attempt)
      found(3, subject_name(schedule_, action.subject), " is asked and that is not in the journal");
    return;
  }
  const bool of_site = action.subject.kind == Subject::Kind::site;
  const auto& open = of_site ? ledger_.sites[action.subject.index].open
                             : ledger_.clients[action.subject.index].open;
  const std::string step(sitewide::name_of(action.step));
  const std::string what = subject_name(schedule_, action.subject) + " " + step;
  if (!open || open->step != step || open->attempt != action.attempt)
    found(3, what, " starts and is not in the journal");
  if (changes_things(step) &&
      world_.launches().contains({action.subject, action.step, action.attempt}))
    found(5, what, " starts twice under one key");
  for (const auto& [key, launch] : world_.launches()) {
    if (std::get<Subject>(key) != action.subject || launch.unheard || launch.stray) continue;
    if (launch.given_up && ledger_.clients[action.subject.index].by_order) continue;
    const std::string other(sitewide::name_of(std::get<Step>(key)));
    if (launch.state == Launch::State::running) found(4, what, " starts while ", other, " runs");
    if (launch.state == Launch::State::sent && action.step == Step::restore)
      found(17, what, " starts while ", other, " may still arrive");
  }
  if (!of_site) return client_action(action);
  if (action.step == Step::force) force_starts(action.subject.index);
  if (action.step == Step::unstage) site_is_undone(action.subject.index);
}

void Judge::client_action(const Action& action) {
  const std::uint32_t c = action.subject.index;
  const Layout::Client& place = layout_.clients[c];
  const Group& plan = schedule_.groups[place.owner].plan;
  const bool restore = action.step == Step::restore;
  const std::string what = place.name + " " + std::string(sitewide::name_of(action.step));
  const std::uint32_t limit = restore ? plan.rollback_in_flight : plan.in_flight;
  if (world_.running(place.owner, restore) >= limit)
    found(9, what, ": too many at once in its group");
  if (!restore && world_.running(kNone, false) >= schedule_.limits.in_flight)
    found(9, what, ": too many at once");
  if (action.step != Step::trigger) return;
  const SiteTruth& site = world_.site(place.site);
  if (!site.all_servers_hold(world_.planned()) && !site.is_odd())
    found(33, what, ": a logon server is stale");
  if (!world_.client(c).kept) found(18, what, ": its originals are not kept");
}

void Judge::launch_begins(const Key& key) {
  const auto& [subject, step, attempt] = key;
  const auto launch = world_.launches().find(key);
  const std::string what = subject_name(schedule_, subject) + " " +
                           std::string(sitewide::name_of(step)) + " " + std::to_string(attempt);
  if (launch->second.starts > 0) found(5, what, " runs twice");
  if (launch->second.stray) return;
  for (const auto& [other, its] : world_.launches()) {
    const bool runs = its.state == Launch::State::running && other != key;
    if (runs && std::get<Subject>(other) == subject && !its.unheard && !its.given_up && !its.stray)
      found(4, what, " begins while ", sitewide::name_of(std::get<Step>(other)), " runs");
  }
  if (subject.kind != Subject::Kind::client || (step != Step::trigger && step != Step::upgrade))
    return;
  const LedgerClient& client = ledger_.clients[subject.index];
  if (client.state == "restored") found(17, what, " arrives after it was restored");
}

// A force takes every client of the site: each is kept, current, or on record.
void Judge::force_starts(std::uint32_t s) {
  if (!world_.site(s).all_servers_hold(world_.planned()) && !world_.site(s).is_odd())
    found(33, "a force while a logon server is stale");
  std::uint32_t forcing = kNone;
  for (std::uint32_t c = 0; c < layout_.clients.size(); ++c) {
    const Layout::Client& place = layout_.clients[c];
    if (place.site != s || !place.served) continue;
    const LedgerClient& client = ledger_.clients[c];
    const ScheduledGroup& owner = schedule_.groups[place.owner];
    if (owner.plan.method == Method::site_wide && forcing == kNone &&
        ledger_.groups[place.owner].waves_started > ledger_.groups[place.owner].waves_passed)
      forcing = place.owner;
    const bool looked_good =
        is_good(client.state) || (client.open && client.open->step == "converge");
    const bool changed = world_.client(c).tampered || world_.client(c).is_odd();
    const bool spared = client.state == "skipped" || client.state == "restored" ||
                        client.counts_failed ||    // force_over
                        (looked_good && changed);  // and nobody knows
    if (!world_.client(c).kept && !world_.holds_planned(c) && !spared && !client.without_backup)
      found(34, "a force reaches ", place.name, ", which is not kept and not on record");
  }
  if (forcing != kNone && !window_open(forcing, kNone, world_.wall()))
    found(12, "a force outside its window");
}

// Nobody outside the scope may lose what it has, or what it may take.
void Judge::site_is_undone(std::uint32_t s) {
  const auto tries = ledger_.sites[s].tries.find("unstage");
  if (tries != ledger_.sites[s].tries.end() && tries->second.count > 1) return;  // decided before
  for (std::uint32_t c = 0; c < layout_.clients.size(); ++c) {
    const Layout::Client& place = layout_.clients[c];
    if (place.site != s || !place.served) continue;
    const LedgerClient& client = ledger_.clients[c];
    if (client.state == "already_current")
      found(35, "a site is undone under ", place.name, ", which was current before");
    if (!ledger_.in_scope(c) && client.triggered)
      found(35, "a site is undone under ", place.name, ", which is not in the scope");
  }
}

void Judge::client_changes(std::uint32_t c, const Files& before) {
  const ClientTruth& client = world_.client(c);
  const Files& planned = client.planned;
  bool downgraded = false;
  for (std::size_t i = 0; i < planned.size(); ++i)
    downgraded = downgraded ||
                 (!planned[i].empty() && before[i] == planned[i] && client.files[i] != planned[i]);
  if (!downgraded || client.is_odd()) return;
  const LedgerClient& record = ledger_.clients[c];
  const bool not_ours =
      record.state == "skipped" || (client.current_before && record.state != "already_current");
  const bool asked = not_ours || record.state == "restored" ||
                     (record.open && goes_back(record.open->step)) || record.to_go_back;
  if (!asked) found(35, layout_.clients[c].name, " is put back and no scope names it");
}

}  // namespace sitewide::simulation
