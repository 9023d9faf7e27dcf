// What a look at the world sees: polls, and looks back at attempts in doubt.
#include "tests/simulation/world.h"

namespace sitewide::simulation {

using std::chrono::minutes;
using std::chrono::seconds;

namespace {

Answer answer_of(Answer::Kind kind, OutcomeKind outcome, std::string reason = {}) {
  Answer answer;
  answer.kind = kind;
  answer.outcome.kind = outcome;
  answer.outcome.reason = std::move(reason);
  return answer;
}

}  // namespace

void World::look(const Action& action) {
  if (bugs_.forgets_looks && action.purpose != Purpose::poll) return;
  Dice dice = chance_.dice(spot_of(action));
  const bool slow = happens(Mishap::look_slow, action);
  const Duration takes = dice.up_to(slow ? Duration(minutes(2)) : Duration(seconds(2)));
  at(true_ + takes, {[this, action] {
                       if (answers_ == nullptr) return;
                       answer_at(
                           true_, action,
                           action.purpose == Purpose::poll ? poll(action) : look_back(action));
                     },
                     true, key_of(action), action.purpose});
}

bool World::holds(const Action& action) const {
  if (action.subject.kind == Subject::Kind::site) {
    const SiteTruth& site = sites_[action.subject.index];
    if (action.step == Step::replicate) return site.all_servers_hold(planned_);
    if (action.step == Step::replicate_originals) return site.all_servers_hold(site.original);
    return site.all_lists_new();
  }
  const ClientTruth& client = clients_[action.subject.index];
  const std::uint32_t c = action.subject.index;
  if (action.step == Step::health) return is_well(c);
  if (bugs_.half_is_ok && action.step == Step::converge) return true;
  const bool there =
      action.step == Step::converge ? holds_planned(c) && took_the_force(c) : takes_originals(c);
  return there && !client.armed();
}

// As has_files_back; what an edited System.map brought goes only when the client is restored.
bool World::takes_originals(std::uint32_t c) const {
  const ClientTruth& client = clients_[c];
  const SiteTruth* site = serves(c);
  if (site == nullptr || !site->went_back || !client.kept) return has_files_back(c);
  for (std::size_t i = 0; i < client.files.size(); ++i) {
    const bool is_new = site->original[i].empty() && client.original[i].empty();
    const bool from_site = !site->original[i].empty() && client.files[i] == site->original[i];
    if (!is_new && !from_site && client.files[i] != client.original[i]) return false;
  }
  return true;
}

// Whoever had the hotfix before holds it while the force is still to come to him (Q168463).
bool World::took_the_force(std::uint32_t c) const {
  const Layout::Client& where = layout_.clients[c];
  const bool forced = schedule_.groups[where.owner].plan.method == Method::site_wide;
  if (!forced || where.site == kNone || sites_[where.site].servers.empty()) return true;
  return clients_[c].list == sites_[where.site].servers[clients_[c].server].list;
}

Answer World::poll(const Action& action) {
  if (off(action.subject) || happens(Mishap::look_blind, action))
    return answer_of(Answer::Kind::in_doubt, OutcomeKind::unreachable, "off");
  if (action.step == Step::recheck) return prove_again(action);
  if (happens(Mishap::poll_fails, action))
    return answer_of(Answer::Kind::done, OutcomeKind::failed, "poll failed");
  if (holds(action)) return answer_of(Answer::Kind::done, OutcomeKind::ok);
  const bool changes = chance_.dice(spot_of(action)).half();
  return answer_of(Answer::Kind::pending, OutcomeKind::ok,
                   changes ? "component in use" : "waits for log-on");
}

// Its files tell; while it is told to upgrade, it may be in the middle of something.
Answer World::prove_again(const Action& action) {
  const std::uint32_t c = action.subject.index;
  ClientTruth& client = clients_[c];
  if (chance_.strikes(Mishap::tampered, spot(7, c))) {
    const bool was_current = client.current_before && !client.kept;
    client.files.front() = kOdd;
    if (was_current) client.original = client.files;
    if (!client.kept) client.current_before = false;
    client.tampered = true;
  }
  if (holds_planned(c) && is_set(c) && !client.armed())
    return answer_of(Answer::Kind::done, OutcomeKind::ok);
  const bool at_work = holds_planned(c) || client.armed();
  if (at_work) return answer_of(Answer::Kind::pending, OutcomeKind::ok, "waits for log-on");
  return answer_of(Answer::Kind::done, OutcomeKind::failed, "other bytes");
}

bool World::keeps_records(const Action& action) const {
  if (action.subject.kind != Subject::Kind::client) return false;
  const std::uint32_t owner = layout_.clients[action.subject.index].owner;
  const Group& plan = schedule_.groups[owner].plan;
  return plan.method == Method::command && !plan.command.repeatable &&
         !layout_.clients[action.subject.index].unrecorded;
}

// Given up unheard: what runs there ends with the client, and what is on its way arrives before
// anything that is sent later. Without a record neither is certain.
Answer World::look_back_unheard(const Action& action, Launch& launch) {
  const bool last = action.purpose == Purpose::abandon;
  if (last && outlives_its_look(action, launch)) {
    launch.unheard = true;
  } else if (last && launch.state == Launch::State::running &&
             !chance_.dice(spot_of(action)).half()) {
    ends(key_of(action));
  } else if (last && launch.state == Launch::State::running) {
    launch.state = Launch::State::gone;
  }
  launch.unheard = launch.unheard || last;
  return answer_of(Answer::Kind::in_doubt, OutcomeKind::unreachable, "does not answer");
}

// An upgrade that no record tells of cannot be called off by looking.
bool World::outlives_its_look(const Action& action, Launch& launch) {
  const bool upgrade = action.step == Step::trigger || action.step == Step::upgrade;
  const bool alive = launch.state == Launch::State::sent || launch.state == Launch::State::running;
  if (!upgrade || !alive || !layout_.clients[action.subject.index].unrecorded) return false;
  if (!happens(Mishap::outlives_look, action)) return false;
  launch.stray = true;
  meets(Kind::launch_outlives_look);
  return true;
}

// What came after the restore, of ours or of somebody else, is seen.
bool World::stands_restored(std::uint32_t c) const {
  const ClientTruth& client = clients_[c];
  if (client.is_odd()) return false;
  // It logged on since, and found new copy lists.
  if (layout_.clients[c].served && client.armed() && client.kept_phase != client.phase)
    return false;
  return !layout_.clients[c].unrecorded || (has_files_back(c) && !client.armed());
}

Answer World::look_back(const Action& action) {
  const bool last = action.purpose == Purpose::abandon;
  const auto found = launches_.find(key_of(action));
  Launch never;
  never.state = Launch::State::gone;
  Launch& launch = found == launches_.end() ? never : found->second;
  if (off(action.subject) || happens(Mishap::look_blind, action))
    return look_back_unheard(action, launch);
  const bool of_site = action.subject.kind == Subject::Kind::site;
  if (of_site && !bugs_.leaves_services_stopped && sites_[action.subject.index].stopped) {
    sites_[action.subject.index].stopped = false;  // whoever looks starts them
    meets(Kind::services_started_by_look);
  }
  if (bugs_.calls_doubt_failure)
    return answer_of(Answer::Kind::done, OutcomeKind::failed, "it did not come back");
  switch (launch.state) {
    case Launch::State::sent:
      if (!bugs_.does_not_bury && !outlives_its_look(action, launch))
        launch.state = Launch::State::gone;
      return answer_of(Answer::Kind::no_effect, OutcomeKind::cancelled, "it never started");
    case Launch::State::running:
      if (!launch.keyed) {  // no record: it was ended at its deadline, or with its controller
        if (outlives_its_look(action, launch))
          return answer_of(Answer::Kind::no_effect, OutcomeKind::cancelled);
        if (launch.half) take_effect(key_of(action), true);
        launch.state = Launch::State::gone;
        break;
      }
      launch.given_up = last;
      if (last) return answer_of(Answer::Kind::in_doubt, OutcomeKind::timed_out, "still runs");
      return answer_of(Answer::Kind::pending, OutcomeKind::ok, "still runs");
    case Launch::State::ended: {
      launch.stray = false;  // it is seen
      if (action.step == Step::restore && !stands_restored(action.subject.index))
        return answer_of(Answer::Kind::no_effect, OutcomeKind::cancelled);
      const OutcomeKind kind = launch.takes ? OutcomeKind::ok : OutcomeKind::failed;
      Answer answer = answer_of(Answer::Kind::done, kind, launch.takes ? "" : "exit code 1");
      answer.outcome.recovered = true;
      return answer;
    }
    case Launch::State::gone:
      break;
  }
  if (launch.starts > 0 && (launch.keyed || launch.half)) {
    Answer answer = answer_of(Answer::Kind::done, OutcomeKind::failed, "interrupted");
    answer.outcome.recovered = true;
    return answer;
  }
  return answer_of(Answer::Kind::no_effect, OutcomeKind::cancelled);
}

}  // namespace sitewide::simulation
