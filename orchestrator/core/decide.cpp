#include "orchestrator/core/decide.h"

#include <algorithm>

#include "orchestrator/base/mutation.h"
#include "orchestrator/core/decider.h"
#include "orchestrator/core/window.h"

namespace sitewide {

std::optional<Event> decide(const Rollout& rollout, Timestamp now) {
  return Decider(rollout, now).next();
}

Timestamp next_wake(const Rollout& rollout, Timestamp now) {
  const Timestamp wake = Decider(rollout, now).next_wake();
  return mutated(Mutation::late_next_wake) && wake < kNever ? wake + std::chrono::minutes(10)
                                                            : wake;
}

// Breaches come before everything, so that nothing starts between the failure and its consequence;
// then what ended is judged, then what may begin.
std::optional<Event> Decider::next() {
  if (r.ended()) return std::nullopt;
  if (auto event = breach()) return event;
  if (auto event = end_pause()) return event;
  if (auto event = rollback()) return event;
  if (auto event = client_attention()) return event;
  if (auto event = site()) return event;
  if (auto event = group()) return event;
  if (auto event = ramp()) return event;
  if (auto event = timer()) return event;
  if (auto event = launch_restore()) return event;
  if (auto event = launch()) return event;
  return end();
}

// A halt holds all that a pause holds, and more: it takes the pause's place, so that what it puts
// back does not wait for anybody. The time of the pause counts against nobody.
std::optional<Event> Decider::end_pause() const {
  if (!r.paused() || !r.halted() || r.stopping()) return std::nullopt;
  return Continued{{}, std::max(Duration{}, now_ - r.idle_since())};
}

bool Decider::may_start_client() const {
  const bool paused = r.paused() && !mutated(Mutation::pause_is_no_pause);
  const bool halted = r.halted() && !mutated(Mutation::halt_is_no_halt);
  return !r.stopping() && !paused && !halted && !r.aborted() && !r.rollback().running &&
         (r.unprobed() == 0 || mutated(Mutation::no_wait_for_probes));
}

bool Decider::may_watch() const { return !r.stopping() && !r.winds_down() && r.unprobed() == 0; }

bool Decider::may_restore() const {
  // Putting back is never gated: a halt does not leave a failed client as it is.
  return !r.stopping() && !r.paused() && r.unprobed() == 0 && !r.winds_down();
}

std::optional<Event> Decider::end() const {
  if (r.stopping()) return std::nullopt;
  if (r.winds_down() && r.running_actions() == 0 && r.unprobed() == 0 && !services_in_doubt()) {
    if (auto event = cut_short()) return event;
    return RolloutEnded{r.doubtful_ > 0 ? RolloutState::needs_hands : RolloutState::aborted};
  }
  // Who is not needed any more does not wait for the rechecks of others.
  const bool over = r.halted() || r.aborted();
  const std::uint32_t watches = r.open_watches() - (over ? r.open_rechecks_ : 0);
  const bool idle = r.open_actions() == 0 && watches == 0 && r.lists_.empty(r.attention_list());
  if (!idle || r.paused() || r.rollback().running) return std::nullopt;
  const auto count = [&](ClientState state) { return r.counts()[static_cast<std::size_t>(state)]; };
  const bool hands = count(ClientState::needs_hands) > 0 ||
                     std::any_of(r.sites_.begin(), r.sites_.end(),
                                 [](const auto& site) { return site.needs_hands; });
  if (r.abort_rolled_back_)
    return RolloutEnded{hands ? RolloutState::needs_hands : RolloutState::aborted};
  if (r.halted() && all_put_back())
    return RolloutEnded{hands ? RolloutState::needs_hands : RolloutState::rolled_back};
  if (r.halted() || r.aborted()) return std::nullopt;
  if (r.groups_done_ != r.groups_.size() || r.pending_late_ > 0 || r.to_restore_ > 0 ||
      r.rechecks_due_ > 0) {
    return std::nullopt;
  }
  const auto retried = [](const GroupRecord& group) { return group.retried > 0; };
  if (std::any_of(r.groups_.begin(), r.groups_.end(), retried)) return std::nullopt;
  if (hands) return RolloutEnded{RolloutState::needs_hands};
  const bool failures = count(ClientState::failed) + count(ClientState::lost) +
                            count(ClientState::late) + count(ClientState::restored) >
                        0;
  return RolloutEnded{failures ? RolloutState::completed_with_failures : RolloutState::completed};
}

// An attempt that may have left services of its site stopped is found out first: then they run.
bool Decider::services_in_doubt() const {
  return r.schedule().hotfix.parts.stop_services() &&
         std::any_of(r.sites_.begin(), r.sites_.end(),
                     [](const SiteRecord& site) { return site.open && site.doubtful; });
}

// Who is on the way back when an abort ends everything stays there: that is for somebody's hands.
std::optional<Event> Decider::cut_short() const {
  const auto restoring = r.counts()[static_cast<std::size_t>(ClientState::restoring)];
  if (restoring == 0 && r.to_restore_ == 0) return std::nullopt;
  std::uint32_t& c = r.uncut_from_;
  for (; c < r.clients_.size(); ++c) {
    const ClientRecord& client = r.client(c);
    const bool acts = client.open && !is_watch(client.step);
    const bool under_way =
        client.state == ClientState::restoring || (client.to_restore && !client.settled);
    if (under_way && !acts)
      return settle(c, ClientState::needs_hands, "an abort cut its restore short");
  }
  return std::nullopt;
}

// A finished rollback that left nothing of this rollout standing anywhere.
bool Decider::all_put_back() const {
  if (r.rollback().scope == Scope::none || r.rollback().scope == Scope::site ||
      r.rollbacks_wanted_ > 0)
    return false;
  const bool clients = std::all_of(r.lanes_.begin(), r.lanes_.end(), [](const LaneRecord& lane) {
    return lane.touched == lane.current;
  });
  return clients && std::all_of(r.sites_.begin(), r.sites_.end(), [](const SiteRecord& site) {
           return !site.ever_staged || site.phase == SiteRecord::Phase::undone;
         });
}

// Something of the lane may start when its window opens: a trigger, or a force.
bool Decider::triggers_wait(std::uint32_t lane) const {
  const bool forces =
      r.schedule_.groups[r.schedule_.lanes[lane].group].plan.method == Method::site_wide;
  const bool forced = r.lanes_[lane].force == LaneRecord::Force::done;
  return forces ? r.lanes_[lane].started > 0 && !forced : !r.none_to_trigger(lane);
}

// What is due already and was not decided waits for something else than time.
Timestamp Decider::next_wake() const {
  if (r.ended()) return kNever;
  Timestamp wake = kNever;
  const auto consider = [&](Timestamp due) {
    if (due > now_) wake = std::min(wake, due);
  };
  consider(r.wall(r.timers_.first_due()));
  for (std::uint32_t s = 0; s < r.sites_.size(); ++s) {
    const SiteRecord& site = r.sites_[s];
    if (site.waiting_retry) consider(r.wall(site.due));
    consider(r.wall(force_wake(s)));
    if (site.open && site.step == Step::replicate && !site.warned) {
      consider(r.wall(site.started + r.schedule_.sites[s].plan.replication_warn_after));
    }
  }
  if (!may_start_client()) return wake;
  for (std::uint32_t g = 0; g < r.groups_.size(); ++g) {
    consider(gate_wake(g));
    if (r.schedule_.groups[g].windows.empty()) continue;
    for (const std::uint32_t lane : r.group_lanes_[g]) {
      if (triggers_wait(lane) && !window_open(lane)) consider(window_view(lane).until);
    }
  }
  consider(ramp_wake());
  if (r.schedule_.limits.rate.count > 0) consider(r.rate_next_);
  consider(r.due());
  return wake;
}

}  // namespace sitewide
