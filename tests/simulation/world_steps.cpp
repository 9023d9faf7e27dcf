// What the execution of a step does to the world.
#include <algorithm>

#include "tests/simulation/world.h"

namespace sitewide::simulation {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

Answer done(OutcomeKind kind, std::string reason = {}) {
  Answer answer;
  answer.outcome.kind = kind;
  answer.outcome.reason = std::move(reason);
  return answer;
}

bool reads_only(Step step) {
  return step == Step::inspect || step == Step::back_up || step == Step::verify;
}

}  // namespace

// Sites are better kept than clients.
bool World::happens(Mishap mishap, const Action& action) {
  const std::uint32_t share = chance_.share(mishap);
  const bool site = action.subject.kind == Subject::Kind::site;
  return chance_.strikes(mishap, spot_of(action), site ? share / 3 : share);
}

void World::execute(const Action& action) {
  Dice dice = chance_.dice(spot_of(action));
  if (bugs_.unseeded) {
    static std::uint64_t counter = 0;
    dice = Dice(++counter);
  }
  const Duration most = std::max<Duration>(action.deadline - now(), Duration(1));
  const Timestamp end =
      true_ + dice.up_to(dice.half() ? most : std::min<Duration>(most, seconds(9)));
  if (action.step == Step::check) return ask(action, end);
  const bool goes = action.step == Step::trigger || action.step == Step::upgrade;
  if (goes && chance_.strikes(Mishap::vanishes, spot(action.subject.index))) {
    vanish(action, dice.half() ? true_ : end + dice.up_to(minutes(30)));
  }
  if (reads_only(action.step)) reads_.insert(key_of(action));
  if (off(action.subject) || happens(Mishap::unreachable, action)) {
    return answer_at(end, action, done(OutcomeKind::unreachable, "does not answer"));
  }
  arrive_in_order(action.subject);
  if (happens(Mishap::refuses, action)) {
    return answer_at(end, action, done(OutcomeKind::refused, "not here"));
  }
  if (reads_only(action.step)) return read(action, end);
  if (action.step == Step::restore) {
    const std::uint32_t c = action.subject.index;
    if (layout_.clients[c].served && !clients_[c].kept && !only_settings(c))
      return answer_at(end, action, done(OutcomeKind::refused, "nothing was kept of it"));
  }
  if (refuses(action)) {
    meets(Kind::changed_by_others);
    return answer_at(end, action, done(OutcomeKind::refused, "changed by someone else"));
  }
  const bool forces = action.step == Step::force;
  if (forces && !sites_[action.subject.index].all_servers_hold(planned_))
    return answer_at(end, action, done(OutcomeKind::failed, "a logon server holds it no longer"));
  launch(action, end, true_ + most);
}

// Every write first reads what it replaces.
bool World::refuses(const Action& action) const {
  if (action.subject.kind == Subject::Kind::site) {
    const SiteTruth& site = sites_[action.subject.index];
    const bool writes = action.step == Step::unstage || action.step == Step::force ||
                        (action.step == Step::stage && site.kept);
    return writes && is_foreign(site, planned_);
  }
  const ClientTruth& client = clients_[action.subject.index];
  const SiteTruth* site = serves(action.subject.index);
  return action.step == Step::restore && site != nullptr && client.kept && is_foreign(client, site);
}

void World::vanish(const Action& action, Timestamp when) {
  ClientTruth& client = clients_[action.subject.index];
  Dice dice = chance_.dice(spot(2, action.subject.index));
  client.off_from = when;
  client.off_until = dice.per_mille(700) ? when + dice.up_to(hours(20)) : kNever;
}

void World::read(const Action& action, Timestamp end) {
  if (happens(Mishap::never_answers, action)) return;
  if (happens(Mishap::fails, action))
    return answer_at(end, action, done(OutcomeKind::failed, "read error"));
  ClientTruth& client = clients_[action.subject.index];
  const bool right =
      holds_planned(action.subject.index) && !client.armed() && is_set(action.subject.index);
  Answer answer = done(OutcomeKind::ok);
  if (action.step == Step::inspect) answer.outcome.on_target = right;
  if (action.step == Step::verify && !right) answer = done(OutcomeKind::failed, "old version");
  if (action.step == Step::back_up) {
    if (bugs_.backup_overwrites) client.kept = false;
    keep_originals(client);
  }
  answer_at(end, action, answer);
}

// A gate may be told something else each time that it is asked.
void World::ask(const Action& action, Timestamp end) {
  if (happens(Mishap::never_answers, action)) return;
  const OutcomeKind says = happens(Mishap::fails, action)         ? OutcomeKind::failed
                           : happens(Mishap::look_blind, action)  ? OutcomeKind::inconclusive
                           : happens(Mishap::unreachable, action) ? OutcomeKind::unreachable
                                                                  : OutcomeKind::ok;
  said_.insert({action.subject, action.attempt, says});
  answer_at(end, action, done(says, "so it is"));
}

// A launch arrives now, or late; does its work, or not; and somebody hears of it, or nobody does.
void World::launch(const Action& action, Timestamp end, Timestamp deadline) {
  const Key key = key_of(action);
  Dice dice = chance_.dice(spot_of(action) + 1);
  Launch& launch = launches_[key];
  launch.state = Launch::State::sent;
  launch.keyed = keeps_records(action);
  launch.child = dice.half();
  const bool unrecorded = action.subject.kind == Subject::Kind::client &&
                          layout_.clients[action.subject.index].unrecorded;
  const bool late =
      happens(Mishap::launch_late, action) || (unrecorded && happens(Mishap::slow_carrier, action));
  const bool lost = late || happens(Mishap::answer_lost, action);
  const bool silent = !lost && happens(Mishap::never_answers, action);
  const bool fails = happens(Mishap::fails, action);
  const bool program = action.step == Step::upgrade || action.step == Step::restart;
  const bool lies = program && !fails && happens(Mishap::lies, action);
  launch.half = happens(Mishap::half_done, action);
  launch.takes =
      fails ? happens(Mishap::late_failure, action) : !lies && !(launch.half && (lost || silent));
  const Duration span = std::max<Duration>(deadline - true_, Duration(1));
  const Timestamp arrives = late ? true_ + dice.up_to(3 * span) : true_;
  launch.ends = lost || silent ? arrives + dice.up_to(2 * span) : end;
  if (late) {
    at(arrives, {[this, key] { begins(key); }, false, key});
  } else {
    begins(key);
  }
  if (happens(Mishap::delivered_twice, action))
    at(arrives + (launch.ends - arrives) / 2, {[this, key] { begins(key); }, false, key});
  if (silent) return;
  if (lost) {
    Answer answer = done(OutcomeKind::timed_out, "connection lost");
    answer.kind = Answer::Kind::in_doubt;
    return answer_at(end, action, answer);
  }
  at(launch.ends, {[this, action, fails, lies] {
                     const Launch& ended = launches_[key_of(action)];
                     const bool stands = ended.takes || lies || bugs_.says_restored;
                     Answer answer = fails || !stands ? done(OutcomeKind::failed, "exit code 5")
                                                      : done(OutcomeKind::ok);
                     answer_at(true_, action, answer);
                   },
                   true, key});
}

// A key that its client remembers does not run twice; what is repeatable does, and does no harm.
void World::begins(const Key& key) {
  Launch& launch = launches_[key];
  if (launch.state == Launch::State::gone && launch.starts == 0) return;
  if (launch.starts > 0 && (launch.keyed || launch.state != Launch::State::running) &&
      !bugs_.launches_twice)
    return;
  if (off(std::get<Subject>(key))) {
    if (launch.starts == 0) launch.state = Launch::State::gone;
    return;
  }
  if (launch.starts > 0 && !bugs_.launches_twice) return;  // again, with the same effect
  if (witness != nullptr) witness->launch_begins(key);
  ++launch.starts;
  launch.state = Launch::State::running;
  const Step step = std::get<Step>(key);
  const bool stops = step == Step::stage || step == Step::unstage;
  if (stops && schedule_.hotfix.parts.stop_services())
    sites_[std::get<Subject>(key).index].stopped = true;
  at(launch.ends, {[this, key] { ends(key); }, false, key});
}

void World::ends(const Key& key) {
  Launch& launch = launches_[key];
  if (launch.state != Launch::State::running) return;
  launch.state = Launch::State::ended;
  const Subject& subject = std::get<Subject>(key);
  if (subject.kind == Subject::Kind::site) sites_[subject.index].stopped = false;
  if (launch.stray && launch.takes) meets(Kind::stray_takes_effect);
  if (launch.takes) {
    take_effect(key, false);
  } else if (launch.half) {
    take_effect(key, true);
  }
}

void World::take_effect(const Key& key, bool half) {
  const auto& [subject, step, attempt] = key;
  if (subject.kind == Subject::Kind::site) return take_site_effect(subject.index, step, half);
  ClientTruth& client = clients_[subject.index];
  const Files before = client.files;
  const SiteTruth* site = serves(subject.index);
  if (step == Step::upgrade && !client.broken) {
    client.files.front() = client.planned.front();
    if (!half) client.files = client.planned;
  } else if (step == Step::trigger && !half) {
    flag_upgrade(client);
  } else if (step == Step::configure) {
    client.setting = half ? "half" : "new";
  } else if (step == Step::restart && site != nullptr) {
    log_on(client, *site, true_);
  } else if (step == Step::restore && !bugs_.says_restored) {
    restore(subject.index, half);
  }
  if (witness != nullptr) witness->client_changes(subject.index, before);
  expect_log_on(subject.index);
}

void World::restore(std::uint32_t c, bool half) {
  ClientTruth& client = clients_[c];
  const SiteTruth* site = serves(c);
  const bool went_back = site != nullptr && site->went_back;
  const bool by_site = went_back && client.files.front() == site->original.front();
  if (client.kept && !half) {
    for (std::size_t i = 0; i < client.files.size(); ++i) {
      if (client.kept_files[i].empty() && !client.files[i].empty())
        meets(Kind::client_file_deleted);
    }
    if (!schedule_.hotfix.parts.map.empty() && went_back) meets(Kind::restored_after_map_edit);
    put_back(client, site);
  } else if (client.kept) {
    if (!by_site) client.files.front() = client.kept_files.front();
  } else if (only_settings(c)) {
    if (!half) client.setting = client.original_setting;
  } else if (!half) {
    client.files = client.original;  // a program of the plan that needs no backup
  }
}

/// A client that has its files back from its site keeps them, whatever was kept of it and when;
/// what it was given besides is taken back. One of which nothing was kept must have them.
bool World::only_settings(std::uint32_t c) const {
  const Layout::Client& where = layout_.clients[c];
  if (!where.served || where.site == kNone || !sites_[where.site].went_back) return false;
  if (!clients_[c].kept) return has_files_back(c) && !clients_[c].armed();
  return clients_[c].files == sites_[where.site].original;
}

void World::take_site_effect(std::uint32_t s, Step step, bool half) {
  SiteTruth& site = sites_[s];
  const bool lists = step == Step::force || step == Step::force_originals;
  if (lists && half) return;
  if (lists) {
    ++site.map;
    site.went_back = step == Step::force_originals;
  } else {
    if (step == Step::stage && !site.kept) site.original = site.source;
    site.kept = true;
    const Files& wanted = step == Step::stage ? planned_ : site.original;
    for (std::size_t i = 0; i < wanted.size() && !half; ++i) {
      if (wanted[i].empty() && !site.source[i].empty()) meets(Kind::site_file_deleted);
    }
    site.source.front() = wanted.front();
    if (!half) site.source = wanted;
  }
  site_changes(s, lists);
}

// Maintenance Manager comes by at each logon server.
void World::site_changes(std::uint32_t s, bool lists) {
  const std::uint32_t change = ++changes_[s];
  for (std::uint32_t i = 0; i < sites_[s].servers.size(); ++i) {
    Dice dice = chance_.dice(spot(3, s, i, change));
    if (chance_.strikes(Mishap::server_never, spot(s, i))) continue;
    Duration delay = dice.up_to(lists ? minutes(20) : minutes(40));
    const Mishap late = lists ? Mishap::lists_late : Mishap::server_lags;
    if (chance_.strikes(late, spot(s, i, change))) delay += dice.up_to(hours(4));
    at(true_ + delay, {[this, s, i, lists] {
                         SiteTruth& site = sites_[s];
                         ServerTruth& server = site.servers[i];
                         if (!lists) return copy_to_server(site, server);
                         server.list = site.map;
                         server.lists_new_files =
                             !schedule_.hotfix.parts.map.empty() && !site.went_back;
                         for (std::uint32_t c = 0; c < clients_.size(); ++c) {
                           if (layout_.clients[c].site == s) expect_log_on(c);
                         }
                       },
                       false,
                       {}});
  }
}

void World::expect_log_on(std::uint32_t c) {
  ClientTruth& client = clients_[c];
  const Layout::Client& where = layout_.clients[c];
  if (client.log_on_comes || !where.served || where.site == kNone) return;
  const SiteTruth& site = sites_[where.site];
  if (site.servers.empty()) return;
  if (!client.armed() && client.list == site.servers[client.server].list) return;
  client.log_on_comes = true;
  Dice dice = chance_.dice(spot(4, c, site.map, ++times_[{Subject::client(c), Step::converge, 0}]));
  at(true_ + dice.up_to(minutes(60)), {[this, c] { logs_on(c); }, false, {}});
}

void World::logs_on(std::uint32_t c) {
  ClientTruth& client = clients_[c];
  client.log_on_comes = false;
  if (off(Subject::client(c))) {
    if (client.off_until >= kNever) return;
    client.log_on_comes = true;
    return at(client.off_until, {[this, c] { logs_on(c); }, false, {}});
  }
  if (true_ < client.in_use_until) {
    client.log_on_comes = true;
    return at(client.in_use_until, {[this, c] { logs_on(c); }, false, {}});
  }
  const Files before = client.files;
  log_on(client, sites_[layout_.clients[c].site], true_);
  if (witness != nullptr) witness->client_changes(c, before);
}

// What was sent to a client before arrives before what is sent now, or not at all.
void World::arrive_in_order(const Subject& subject) {
  for (auto& [key, launch] : launches_) {
    if (std::get<Subject>(key) != subject || launch.state != Launch::State::sent) continue;
    if (!launch.unheard || launch.stray) continue;
    if (chance_.dice(spot(5, subject.index, launch.starts)).half()) {
      launch.state = Launch::State::gone;
      continue;
    }
    begins(key);
    ends(key);
  }
}

}  // namespace sitewide::simulation
