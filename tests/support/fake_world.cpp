#include "tests/support/fake_world.h"

#include "orchestrator/core/step.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::string words(const Schedule& schedule, const Action& action) {
  return subject_name(schedule, action.subject) + " " + std::string(name_of(action.step)) + " " +
         std::to_string(action.attempt);
}

}  // namespace

Weather random_weather(Dice& dice) {
  Weather weather;
  const auto some = [&](std::uint32_t most) {
    return dice.per_mille(400) ? dice.below(most + 1) : 0U;
  };
  weather.fails = some(300);
  weather.unreachable = some(200);
  weather.refuses = some(50);
  weather.in_doubt = some(200);
  weather.never = some(100);
  weather.lies = some(200);
  weather.off = some(500);
  weather.never_proven = some(200);
  weather.site_fails = some(200);
  weather.current = some(300);
  return weather;
}

FakeWorld::FakeWorld(const Schedule& schedule, Timestamp start, std::uint64_t seed)
    : FakeWorld(schedule, start, seed, [&] {
        Dice dice(seed + 77);
        return random_weather(dice);
      }()) {}

FakeWorld::FakeWorld(const Schedule& schedule, Timestamp start, std::uint64_t seed,
                     const Weather& weather)
    : schedule_(schedule),
      dice_(seed + 1),
      weather_(weather),
      now_(start),
      clients_(schedule.clients.size()),
      sites_(schedule.sites.size()) {
  for (Client& client : clients_) {
    client.current = client.has_new = dice_.per_mille(weather_.current);
    client.never = dice_.per_mille(weather_.never_proven);
    if (!dice_.per_mille(weather_.off)) continue;
    client.off_from = start + dice_.up_to(hours(6)) - minutes(120);
    client.off_until = dice_.half() ? client.off_from + dice_.up_to(hours(10)) : kNever;
  }
}

void FakeWorld::must(bool holds, const std::string& what) {
  if (!holds) violations_.push_back(format_timestamp(now_) + " " + what);
}

Answer FakeWorld::done(OutcomeKind kind, std::string reason) const {
  Answer answer;
  answer.outcome.kind = kind;
  answer.outcome.reason = std::move(reason);
  return answer;
}

void FakeWorld::at(Timestamp when, Pending pending) {
  pending_.emplace(std::max(when, now_), std::move(pending));
}

void FakeWorld::answer_at(Timestamp when, const Action& action, Answer answer) {
  at(when, {[this, action, answer] {
              running_.erase(key_of(action));
              answers_->deliver(action, answer);
            },
            true, key_of(action)});
}

bool FakeWorld::off(const Subject& subject) const {
  if (subject.kind != Subject::Kind::client) return false;
  const Client& client = clients_[subject.index];
  return now_ >= client.off_from && now_ < client.off_until;
}

std::uint32_t FakeWorld::running(std::uint32_t group, bool restores) const {
  std::uint32_t count = 0;
  for (const auto& [subject, step, attempt] : running_) {
    if (subject.kind != Subject::Kind::client || (step == Step::restore) != restores) continue;
    const std::uint32_t owner = schedule_.lanes[schedule_.owner_lane(subject.index)].group;
    if (group == kNone || owner == group) ++count;
  }
  return count;
}

void FakeWorld::check_start(const Action& action) {
  const std::string what = words(schedule_, action);
  for (const auto& [subject, step, attempt] : running_) {
    const bool same = subject == action.subject && has_effect(step);
    must(!same, what + " starts while " + std::string(name_of(step)) + " runs");
  }
  for (const auto& [key, effect] : effects_) {
    const bool same = std::get<Subject>(key) == action.subject && effect == Effect::coming;
    must(!same, what + " starts while " + std::string(name_of(std::get<Step>(key))) +
                    " may still take effect");
  }
  must(!effects_.contains(key_of(action)) || !has_effect(action.step), what + " starts twice");
  if (action.subject.kind != Subject::Kind::client) return;
  const std::uint32_t owner = schedule_.lanes[schedule_.owner_lane(action.subject.index)].group;
  const Group& plan = schedule_.groups[owner].plan;
  const bool restore = action.step == Step::restore;
  must(running(owner, restore) < (restore ? plan.rollback_in_flight : plan.in_flight),
       what + ": too many at once in its group");
  must(restore || running(kNone, false) < schedule_.limits.in_flight, what + ": too many at once");
  if (action.step == Step::restore) {
    must(!schedule_.groups[owner].restore.policy.attempts == 0, what + ": nothing to restore with");
  }
  if (action.step == Step::trigger) {
    const std::uint32_t s = schedule_.site_of(action.subject.index);
    must(sites_[s].staged && sites_[s].servers_new, what + ": its logon servers are stale");
    must(clients_[action.subject.index].backed_up, what + ": not backed up");
  }
}

void FakeWorld::start(const Action& action, Answers& answers) {
  answers_ = &answers;
  if (action.purpose == Purpose::execute) {
    check_start(action);
    execute(action);
  } else {
    look(action);
  }
}

void FakeWorld::stop(const Action& action) {
  for (auto it = pending_.begin(); it != pending_.end();) {
    const bool read =
        it->second.answer && it->second.key == key_of(action) && !has_effect(action.step);
    it = read ? pending_.erase(it) : std::next(it);
  }
  if (!has_effect(action.step)) running_.erase(key_of(action));
}

void FakeWorld::execute(const Action& action) {
  const Key key = key_of(action);
  const bool effect = has_effect(action.step);
  const bool site = action.subject.kind == Subject::Kind::site;
  const auto happens = [&](std::uint32_t share) {
    return dice_.per_mille(site ? std::min(share, weather_.site_fails) : share);
  };
  const Duration most = std::max<Duration>(action.deadline - now_, Duration(1));
  const Timestamp end =
      now_ + dice_.up_to(dice_.half() ? most : std::min<Duration>(most, seconds(9)));
  running_.insert(key);
  if (off(action.subject) || happens(weather_.unreachable)) {
    if (effect) effects_[key] = Effect::none;
    return answer_at(end, action, done(OutcomeKind::unreachable, "does not answer"));
  }
  if (happens(weather_.refuses)) {
    effects_[key] = Effect::none;
    return answer_at(end, action, done(OutcomeKind::refused, "not here"));
  }
  if (!effect) {
    if (dice_.per_mille(weather_.never)) return;
    Answer answer = done(happens(weather_.fails) ? OutcomeKind::failed : OutcomeKind::ok);
    if (answer.outcome.kind == OutcomeKind::failed) answer.outcome.reason = "read error";
    if (action.step == Step::inspect)
      answer.outcome.on_target = clients_[action.subject.index].has_new;
    if (action.step == Step::verify && !clients_[action.subject.index].has_new) {
      answer = done(OutcomeKind::failed, "old version");
    }
    if (action.step == Step::back_up && answer.outcome.kind == OutcomeKind::ok) {
      clients_[action.subject.index].backed_up = true;
    }
    return answer_at(end, action, answer);
  }
  const bool lost = happens(weather_.in_doubt);
  const bool never = !lost && happens(weather_.never);
  const bool fails = happens(weather_.fails);
  const bool takes = fails || lost || never ? dice_.per_mille(300) : !happens(weather_.lies);
  effects_[key] = takes ? Effect::coming : Effect::none;
  const Timestamp when = lost || never ? now_ + dice_.up_to(2 * most) : end;
  if (takes) {
    at(when, {[this, action, key] {
                if (effects_[key] == Effect::coming) take_effect(action);
              },
              false, key});
  }
  if (never) return;
  Answer answer = done(fails ? OutcomeKind::failed : OutcomeKind::ok, fails ? "exit code 5" : "");
  if (lost) {
    answer.kind = Answer::Kind::in_doubt;
    answer.outcome = {OutcomeKind::timed_out, "connection lost", -1, false, false, {}};
  }
  // Sites are told the truth: what they hold is read back after it was written.
  if (site && !lost && !fails && !takes) answer = done(OutcomeKind::failed, "not written");
  if (action.step == Step::restore && !lost && !fails && !takes) {
    answer = done(OutcomeKind::failed, "not written");
  }
  answer_at(end, action, answer);
}

void FakeWorld::force(std::uint32_t s) {
  sites_[s].regenerates_at = now_ + dice_.up_to(minutes(20));
  for (std::uint32_t c = 0; c < clients_.size(); ++c) {
    if (schedule_.site_of(c) != s) continue;
    clients_[c].armed = true;
    clients_[c].takes_at = sites_[s].regenerates_at + dice_.up_to(minutes(90));
  }
}

void FakeWorld::take_effect(const Action& action) {
  effects_[key_of(action)] = Effect::stands;
  running_.erase(key_of(action));
  const std::uint32_t index = action.subject.index;
  if (action.subject.kind == Subject::Kind::site) {
    Site& site = sites_[index];
    const bool stages = action.step == Step::stage, unstages = action.step == Step::unstage;
    if (stages || unstages) {
      site.staged = stages;
      site.replicates_at = now_ + dice_.up_to(minutes(40));
    } else {
      force(index);
    }
    return;
  }
  Client& client = clients_[index];
  if (action.step == Step::upgrade) client.has_new = !client.never;
  if (action.step == Step::trigger) {
    client.armed = true;
    client.takes_at = now_ + dice_.up_to(minutes(60));
  }
  if (action.step == Step::restore) {
    client.has_new = client.armed = false;
  }
}

void FakeWorld::look(const Action& action) {
  const Duration takes = dice_.up_to(seconds(dice_.per_mille(50) ? 100 : 2));
  at(now_ + takes, {[this, action] {
                      answers_->deliver(
                          action, action.purpose == Purpose::poll ? poll(action) : probe(action));
                    },
                    true, key_of(action)});
}

Answer FakeWorld::poll(const Action& action) {
  Answer pending;
  pending.kind = Answer::Kind::pending;
  if (off(action.subject) || dice_.per_mille(weather_.unreachable / 4)) {
    pending.kind = Answer::Kind::in_doubt;
    pending.outcome.reason = "off";
    return pending;
  }
  if (dice_.per_mille(weather_.fails / 20)) return done(OutcomeKind::failed, "poll failed");
  if (action.subject.kind == Subject::Kind::site) {
    Site& site = sites_[action.subject.index];
    const bool copies = action.step == Step::replicate || action.step == Step::replicate_originals;
    if (copies && now_ >= site.replicates_at) site.servers_new = site.staged;
    const bool wanted = action.step == Step::replicate;
    const bool holds =
        copies ? site.staged == wanted && site.servers_new == wanted : now_ >= site.regenerates_at;
    pending.outcome.reason = "1 of 2 logon servers";
    return holds ? done(OutcomeKind::ok) : pending;
  }
  Client& client = clients_[action.subject.index];
  if (action.step == Step::health) return done(OutcomeKind::ok);
  if (client.armed && now_ >= client.takes_at && !client.never) {
    const std::uint32_t s = schedule_.site_of(action.subject.index);
    client.has_new = s == kNone || sites_[s].servers_new;
    client.armed = false;
  }
  pending.outcome.reason = dice_.half() ? "component in use" : "waits for log-on";
  const bool wanted = action.step == Step::converge;
  return client.has_new == wanted ? done(OutcomeKind::ok) : pending;
}

Answer FakeWorld::probe(const Action& action) {
  Answer answer;
  answer.outcome.reason = "does not answer";
  const Key key = key_of(action);
  if (off(action.subject) || dice_.per_mille(weather_.unreachable)) {
    answer.kind = Answer::Kind::in_doubt;
    answer.outcome.kind = OutcomeKind::unreachable;
    if (action.purpose == Purpose::abandon) {  // its tombstone will stop what has not begun
      if (effects_[key] == Effect::coming) effects_[key] = Effect::none;
      running_.erase(key);
    }
    return answer;
  }
  if (action.purpose == Purpose::abandon && effects_[key] == Effect::coming)
    effects_[key] = Effect::none;
  if (effects_[key] == Effect::coming) {
    answer.kind = Answer::Kind::pending;
    answer.outcome.reason = "still running";
    return answer;
  }
  running_.erase(key);
  if (effects_[key] == Effect::stands) {
    answer.outcome = {OutcomeKind::ok, "", -1, false, true, {}};
    return answer;
  }
  answer.outcome.reason.clear();
  if (dice_.half()) {
    answer.kind = Answer::Kind::no_effect;
  } else {
    answer.outcome.kind = OutcomeKind::failed;
    answer.outcome.reason = "exit code 1";
  }
  return answer;
}

void FakeWorld::wait(Timestamp until) {
  if (on_wait) on_wait();
  if (pending_.empty() || pending_.begin()->first > until) {
    if (until >= kNever) {
      if (on_parked) on_parked();
      return;
    }
    now_ = std::max(now_, until);
    return;
  }
  now_ = std::max(now_, pending_.begin()->first);
  while (!pending_.empty() && pending_.begin()->first <= now_) {
    const Pending next = std::move(pending_.begin()->second);
    pending_.erase(pending_.begin());
    next.happens();
  }
}

void FakeWorld::move_clock(Duration by) {
  now_ += by;
  jump_ += by;
  std::multimap<Timestamp, Pending> moved;
  for (auto& [when, pending] : pending_) moved.emplace(when + by, std::move(pending));
  pending_ = std::move(moved);
  const auto move = [&](Timestamp& when) {
    if (when < kNever && when != Timestamp{}) when += by;
  };
  for (Client& client : clients_) {
    move(client.takes_at);
    move(client.off_from);
    move(client.off_until);
  }
  for (Site& site : sites_) {
    move(site.replicates_at);
    move(site.regenerates_at);
  }
}

Duration FakeWorld::jump() {
  const Duration by = jump_;
  jump_ = {};
  return by;
}

void FakeWorld::controller_died() {
  answers_ = nullptr;
  for (auto it = pending_.begin(); it != pending_.end();) {
    it = it->second.answer ? pending_.erase(it) : std::next(it);
  }
  // Children of the controller may die with it.
  for (auto& [key, effect] : effects_) {
    if (effect == Effect::coming && dice_.half()) effect = Effect::none;
  }
  std::erase_if(running_, [&](const Key& key) {
    const auto effect = effects_.find(key);
    return effect == effects_.end() || effect->second != Effect::coming;
  });
}

void FakeWorld::pass(Duration time) {
  const Timestamp until = now_ + time;
  while (!pending_.empty() && pending_.begin()->first <= until) {
    now_ = std::max(now_, pending_.begin()->first);
    const Pending next = std::move(pending_.begin()->second);
    pending_.erase(pending_.begin());
    next.happens();
  }
  now_ = until;
}

}  // namespace sitewide
