// Which client starts its next step: slots, site barrier, windows, rates, the overshoot limit.
#include <algorithm>

#include "orchestrator/base/mutation.h"
#include "orchestrator/core/decider.h"
#include "orchestrator/core/window.h"

namespace sitewide {

Event Decider::start_client(std::uint32_t c, const StepPolicy& policy) const {
  const ClientRecord& client = r.client(c);
  const std::size_t slot =
      static_cast<std::size_t>(client.step) - static_cast<std::size_t>(Step::inspect);
  return StepStarted{Subject::client(c), client.step, client.attempts[slot] + 1U,
                     now_ + policy.timeout};
}

// Nothing is triggered before every logon server of the site is fresh (Q166771: a client that
// verifies against a stale server believes it is current); so no client of an SMS method begins
// before.
bool Decider::site_ready(std::uint32_t lane) const {
  const std::uint32_t s = r.schedule().lanes[lane].site;
  return s == kNone || r.site(s).phase == SiteRecord::Phase::ready ||
         mutated(Mutation::no_replication);
}

bool Decider::may_trigger(std::uint32_t lane, std::uint32_t c) const {
  const std::uint32_t g = r.schedule().lanes[lane].group;
  const GroupRecord& group = r.group(g);
  const ScheduledGroup& plan = r.schedule().groups[g];
  if (r.schedule().limits.rate.count > 0 && r.rate_next_ > now_) return false;
  if (!window_open(lane)) return false;
  if (r.client(c).counted_unproven) return true;  // tried again: it is counted already
  std::uint32_t limit = plan.unproven;
  if (mutated(Mutation::no_overshoot_limit)) return true;
  if (r.schedule().wave_of(c) == 0 ? plan.strict_first : plan.strict_later) {
    const std::uint32_t bound = plan.tolerate_failed + group.acknowledged + 1;
    const std::uint32_t spent = group.failed + group.in_doubt;
    limit = std::min(limit, bound > spent ? bound - spent : 0);
  }
  return group.unproven < limit;
}

const Rollout::WindowView& Decider::window_view(std::uint32_t lane) const {
  Rollout::WindowView& view = r.windows_[lane];
  if (now_ < view.from || now_ >= view.until) {
    view.from = now_;
    view.open = any_open(r.schedule(), lane, now_);
    view.until = next_change(r.schedule(), lane, now_);
  }
  return view;
}

std::optional<Event> Decider::launch_lane(std::uint32_t lane, bool& wait_for_others) const {
  wait_for_others = false;
  const std::uint32_t g = r.schedule().lanes[lane].group;
  const ScheduledGroup& plan = r.schedule().groups[g];
  const auto policy = [&](std::uint32_t c) { return policy_of(c); };
  if (may_watch()) {
    const std::uint32_t c = r.lists_.front(r.lane_list(lane, Rollout::kWatch));
    if (c != kNone) return start_client(c, policy(c));
  }
  if (!may_start_client()) return std::nullopt;
  const GroupRecord& group = r.group(g);
  if (group.running - group.restoring >= plan.plan.in_flight) return std::nullopt;
  if (r.client_actions_ >= r.schedule().limits.in_flight) {
    wait_for_others = true;
    return std::nullopt;
  }
  const std::uint32_t going = r.lists_.front(r.lane_list(lane, Rollout::kNext));
  if (going != kNone) return start_client(going, policy(going));
  for (const Rollout::LaneList which : {Rollout::kTriggerFirst, Rollout::kTriggerLater}) {
    const std::uint32_t trigger = r.lists_.front(r.lane_list(lane, which));
    if (trigger == kNone || !site_ready(lane)) continue;
    if (may_trigger(lane, trigger)) return start_client(trigger, policy(trigger));
    wait_for_others = true;  // by time, or by a client of the group that is proven
  }
  const std::uint32_t fresh = r.lists_.front(r.lane_list(lane, Rollout::kBegin));
  if (fresh != kNone && site_ready(lane)) return start_client(fresh, policy(fresh));
  return std::nullopt;
}

std::optional<Event> Decider::launch() const {
  for (auto mark = r.lane_marks_.begin(); mark != r.lane_marks_.end();) {
    const std::uint32_t lane = *mark;
    bool keep = false;
    if (r.schedule().lanes[lane].group != kNone) {
      if (auto event = launch_lane(lane, keep)) return event;
    }
    keep = keep || !may_start_client() || !may_watch();
    mark = keep ? std::next(mark) : r.lane_marks_.erase(mark);
  }
  return std::nullopt;
}

std::uint32_t Decider::next_to_restore(std::uint32_t g) const {
  std::uint32_t c = r.lists_.front(r.restore_list(g));
  while (c != kNone && r.lists_are_coming(c)) c = r.lists_.next(c);
  return c;
}

// Newest trigger first, over all groups; never gated by windows, rates or the plan's slots.
std::optional<Event> Decider::launch_restore() const {
  if (r.to_restore_ == 0 || !may_restore()) return std::nullopt;
  std::uint32_t newest = kNone;
  for (std::uint32_t g = 0; g < r.groups_.size(); ++g) {
    const std::uint32_t c = next_to_restore(g);
    if (c == kNone || r.groups_[g].restoring >= r.schedule().groups[g].plan.rollback_in_flight)
      continue;
    if (newest == kNone || r.client(c).trigger_order > r.client(newest).trigger_order) newest = c;
  }
  if (newest == kNone) return std::nullopt;
  if (r.lists_were_given_up(newest)) {
    return settle(newest, ClientState::needs_hands,
                  "some logon servers lack the copy lists of its site's force: put back now, it "
                  "would take the new files again at a log-on there");
  }
  return start_client(newest, r.owner_plan(newest).restore.policy);
}

}  // namespace sitewide
