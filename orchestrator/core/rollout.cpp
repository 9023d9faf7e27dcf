#include "orchestrator/core/rollout.h"

#include <algorithm>

#include "orchestrator/base/check.h"
#include "orchestrator/core/applier.h"
#include "orchestrator/core/rollback_scope.h"

namespace sitewide {

Rollout::Rollout(const Schedule& schedule)
    : schedule_(schedule),
      clients_(schedule.clients.size()),
      groups_(schedule.groups.size()),
      lanes_(schedule.lanes.size()),
      sites_(schedule.sites.size()),
      lists_(schedule.clients.size(),
             static_cast<std::uint32_t>(schedule.lanes.size()) * kLaneLists +
                 static_cast<std::uint32_t>(schedule.groups.size()) + 1),
      timers_(schedule.clients.size()),
      windows_(schedule.lanes.size()),
      unrecorded_from_(schedule.sites.size(), 0),
      group_lanes_(schedule.groups.size()),
      site_lanes_(schedule.sites.size()) {
  for (std::uint32_t l = 0; l < schedule.lanes.size(); ++l) {
    if (schedule.lanes[l].group != kNone) group_lanes_[schedule.lanes[l].group].push_back(l);
    if (schedule.lanes[l].site != kNone) site_lanes_[schedule.lanes[l].site].push_back(l);
  }
  const auto waiting = static_cast<std::size_t>(ClientState::waiting);
  counts_[waiting] = schedule.clients.size();
  for (std::uint32_t c = 0; c < schedule.clients.size(); ++c) {
    const Lane& lane = schedule.lanes[schedule.lane_of[c]];
    if (lane.group != kNone) ++groups_[lane.group].counts[waiting];
    if (lane.site != kNone) ++sites_[lane.site].counts[waiting];
  }
}

void Rollout::apply(const Event& event, Timestamp at) {
  check(!ended_ || std::holds_alternative<OrderRefused>(event) ||
            std::holds_alternative<ControllerStarted>(event) ||
            std::holds_alternative<ControllerStopping>(event) ||
            std::holds_alternative<ClockJumped>(event) ||
            std::holds_alternative<RollbackStarted>(event),
        "after the end only a rollback can be ordered");
  last_event_ = at;
  std::visit(
      [&](const auto& of_kind) {
        if constexpr (requires { of_kind.by.order; }) {
          if (of_kind.by.order.empty()) return;
          std::string why;
          if constexpr (std::is_same_v<std::decay_t<decltype(of_kind)>, OrderRefused>)
            why = of_kind.why;
          orders_.emplace(of_kind.by.order, std::move(why));
        }
      },
      event);
  std::visit(Applier{*this, at, active(at)}, event);
}

std::optional<std::string> Rollout::refusal_of(const std::string& id) const {
  const auto order = orders_.find(id);
  if (order == orders_.end()) return std::nullopt;
  return order->second;
}

RolloutState Rollout::state() const {
  if (ended_) return *ended_;
  if (rollback_.running) return RolloutState::rolling_back;
  if (halted_) return RolloutState::halted;
  return paused_ ? RolloutState::paused : RolloutState::running;
}

Timestamp Rollout::due() const {
  const auto& within = schedule_.limits.rollout_within;
  return within && !past_due_accepted_ ? created_ + *within + jumped_ : kNever;
}

const std::string& Rollout::note(std::uint32_t client) const {
  static const std::string none;
  const auto note = notes_.find(client);
  return note == notes_.end() ? none : note->second;
}

bool Rollout::in_rollback_scope(std::uint32_t c) const {
  return in_scope(*this, rollback_.scope, rollback_.subject, c);
}

bool Rollout::undone_by_site(std::uint32_t c) const {
  const std::uint32_t s = schedule_.site_of(c);
  return s != kNone && rollback_.running && sites_[s].undo_whole &&
         (sites_[s].undo_wanted || sites_[s].phase == SiteRecord::Phase::undone) &&
         in_rollback_scope(c);
}

bool Rollout::lists_are_coming(std::uint32_t c) const {
  const std::uint32_t s = schedule_.site_of(c);
  if (s == kNone) return false;
  const SiteRecord& site = sites_[s];
  const bool force = site.step == Step::force && site.open;
  return force || (site.step == Step::regenerate && (site.open || site.pending));
}

bool Rollout::lists_were_given_up(std::uint32_t c) const {
  const std::uint32_t s = schedule_.site_of(c);
  if (s == kNone) return false;
  const SiteRecord& site = sites_[s];
  return site.phase == SiteRecord::Phase::failed && site.step == Step::regenerate;
}

bool Rollout::has_begun(std::uint32_t c) const {
  const GroupRecord& group = groups_[owner_group(c)];
  const std::uint32_t wave = schedule_.wave_of(c);
  return wave < group.wave || (wave == group.wave && group.wave_open);
}

std::uint32_t Rollout::next_force(std::uint32_t s) const {
  const std::uint32_t last = sites_[s].forcing_lane;
  if (last != kNone && lanes_[last].force == LaneRecord::Force::forced &&
      sites_[s].step == Step::force)
    return last;
  for (const std::uint32_t l : site_lanes_[s]) {
    const Lane& lane = schedule_.lanes[l];
    if (lane.group == kNone || lane.adopted_by != kNone) continue;
    if (schedule_.groups[lane.group].plan.method != Method::site_wide) continue;
    // Where all are current already there is nothing to force.
    if (lanes_[l].started > lanes_[l].current && lanes_[l].unprepared == 0 &&
        lanes_[l].force == LaneRecord::Force::none)
      return l;
  }
  return kNone;
}

Subject Rollout::gate_of(std::uint32_t g) const {
  const GroupRecord& group = groups_[g];
  return Subject::gate(g, group.started && group.wave > 0 ? group.wave - 1 : kNone, group.gate);
}

bool Rollout::in_doubt(const Subject& subject) const {
  if (subject.kind == Subject::Kind::site) return sites_[subject.index].doubtful;
  return subject.kind == Subject::Kind::client && clients_[subject.index].doubtful;
}

std::optional<Action> Rollout::open_attempt(const Subject& subject) const {
  Action action;
  action.subject = subject;
  bool open = false;
  bool doubtful = false;
  if (subject.kind == Subject::Kind::site) {
    const SiteRecord& site = sites_[subject.index];
    open = site.open;
    doubtful = site.doubtful;
    action.step = site.step;
    action.attempt = site.attempts[static_cast<std::size_t>(site.step)];
    action.deadline = wall(site.deadline);
  } else if (subject.kind == Subject::Kind::client) {
    const ClientRecord& client = clients_[subject.index];
    open = client.open;
    doubtful = client.doubtful;
    action.step = client.step;
    action.attempt = client.attempts[static_cast<std::size_t>(client.step) -
                                     static_cast<std::size_t>(Step::inspect)];
    action.deadline = wall(client.deadline);
  } else if (subject.kind == Subject::Kind::gate && subject == gate_of(subject.index)) {
    const AskingRecord& asking = groups_[subject.index].asking;
    open = asking.open;
    action.step = Step::check;
    action.attempt = asking.attempts;
    action.deadline = wall(asking.deadline);
  }
  if (!open) return std::nullopt;
  action.purpose = doubtful                ? Purpose::recover
                   : is_watch(action.step) ? Purpose::poll
                                           : Purpose::execute;
  return action;
}

std::vector<Action> Rollout::open_attempts() const {
  std::vector<Action> actions;
  for (const std::uint32_t g : open_gates_) {
    if (auto action = open_attempt(gate_of(g))) actions.push_back(*action);
  }
  for (std::uint32_t s = 0; s < sites_.size(); ++s) {
    if (auto action = open_attempt(Subject::site(s))) actions.push_back(*action);
  }
  for (std::uint32_t c = 0; c < clients_.size(); ++c) {
    if (!clients_[c].open) continue;
    if (auto action = open_attempt(Subject::client(c))) actions.push_back(*action);
  }
  return actions;
}

Timestamp Rollout::doubt_deadline(const Subject& subject) const {
  if (subject.kind == Subject::Kind::site) {
    const SiteRecord& site = sites_[subject.index];
    return wall(site.deadline + schedule_.sites[subject.index].plan.replication_within);
  }
  const ClientRecord& client = clients_[subject.index];
  const Group& plan = owner_plan(subject.index).plan;
  if (client.step == Step::restore)
    return wall(std::max(rollback_.started, client.deadline) + plan.rollback_within);
  return wall(client.deadline + plan.lost_after.value_or(plan.converge_within));
}

Duration Rollout::poll_interval(const Subject& subject) const {
  if (subject.kind == Subject::Kind::site)
    return schedule_.sites[subject.index].plan.replication_poll;
  const ScheduledGroup& plan = owner_plan(subject.index);
  const ClientRecord& client = clients_[subject.index];
  if (client.step == Step::health) return plan.plan.health.poll;
  if (client.step == Step::recheck) return plan.recheck.poll;
  return plan.plan.converge_poll;
}

std::optional<Duration> Rollout::lost_after(std::uint32_t c) const {
  if (clients_[c].step == Step::recheck) return std::nullopt;  // it was proven: it is not lost
  // One that a force reached while it was off was never seen: not seen again, it stays late.
  if (clients_[c].late_at_force) return Duration{};
  const Group& plan = owner_plan(c).plan;
  // A planned restart: lost_after counts from its end.
  if (!plan.restart.by_user)
    return plan.lost_after.value_or(std::chrono::hours(1)) + plan.restart.wait;
  return plan.lost_after;
}

bool Rollout::is_unkept(std::uint32_t c) const {
  const ClientRecord& client = clients_[c];
  return client.counted_late && !client.backed_up && !client.without_backup;
}

// Counted from when it was late first: one that answers now and then, and is never backed up, holds
// a force no longer than one that is off.
Timestamp Rollout::force_waits_until(std::uint32_t c, std::uint32_t l) const {
  const ClientRecord& client = clients_[c];
  if (client.final_late) return {};
  return client.late_from + schedule_.groups[schedule_.lanes[l].group].plan.before_force;
}

Timestamp Rollout::lost_at(std::uint32_t c, Timestamp now) const {
  const auto patience = lost_after(c);
  if (!patience) return kNever;
  const bool reachable = clients_[c].since == Timestamp{};
  return wall((reachable ? active(now) : clients_[c].since) + *patience);
}

bool Rollout::at_rest() const {
  if (ended_) return true;
  // Rechecks do not keep a controller: the next one goes on with them.
  if (!halted_ || rollback_.running || open_actions_ > 0 || open_watches_ > open_rechecks_)
    return false;
  if (to_restore_ > 0) return false;
  if (!lists_.empty(attention_list())) return false;
  return std::none_of(groups_.begin(), groups_.end(),
                      [](const GroupRecord& g) { return g.rollback_wanted; }) &&
         std::none_of(sites_.begin(), sites_.end(),
                      [](const SiteRecord& s) { return s.undo_wanted || s.failed_attempt; });
}

}  // namespace sitewide
