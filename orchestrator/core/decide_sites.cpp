// What a site does next: stage, replicate, force, regenerate, and back.
#include <algorithm>

#include "orchestrator/base/check.h"
#include "orchestrator/base/mutation.h"
#include "orchestrator/core/decider.h"
#include "orchestrator/core/retry.h"
#include "orchestrator/core/window.h"

namespace sitewide {

using Phase = SiteRecord::Phase;

const PlannedStep& Decider::site_step(std::uint32_t s, Step step) const {
  const ScheduledSite& site = r.schedule().sites[s];
  switch (step) {
    case Step::stage:
      return site.stage;
    case Step::replicate:
      return site.replicate;
    case Step::force:
      return site.force;
    case Step::regenerate:
      return site.regenerate;
    case Step::unstage:
      return site.unstage;
    case Step::replicate_originals:
      return site.replicate_originals;
    case Step::force_originals:
      return site.force_originals;
    case Step::regenerate_originals:
      return site.regenerate_originals;
    default:
      check_failed("a site takes no client step");
  }
}

Event Decider::start_site(std::uint32_t s, Step step) const {
  const std::uint32_t attempt = r.site(s).attempts[static_cast<std::size_t>(step)] + 1U;
  return StepStarted{Subject::site(s), step, attempt, now_ + site_step(s, step).policy.timeout};
}

std::optional<Event> Decider::site() const {
  for (auto mark = r.site_marks_.begin(); mark != r.site_marks_.end();) {
    if (auto event = site_next(*mark)) return event;
    const SiteRecord& site = r.site(*mark);
    const std::uint32_t forcing = r.next_force(*mark);
    const bool by_time = site.waiting_retry ||
                         (site.open && site.step == Step::replicate && !site.warned) ||
                         (forcing != kNone && site.phase == Phase::ready);
    const bool keep = by_time || !may_start_client() || !may_watch() || !may_restore();
    mark = keep ? std::next(mark) : r.site_marks_.erase(mark);
  }
  return std::nullopt;
}

// Clients that have begun cannot go on without the site: after a rollback, that is.
bool Decider::is_waited_for(std::uint32_t s) const {
  if (force_due(s) != kNone) return true;
  return std::any_of(r.site_lanes_[s].begin(), r.site_lanes_[s].end(), [&](std::uint32_t lane) {
    return !r.lists_.empty(r.lane_list(lane, Rollout::kBegin)) ||
           !r.lists_.empty(r.lane_list(lane, Rollout::kNext)) || !r.none_to_trigger(lane);
  });
}

std::optional<Event> Decider::site_next(std::uint32_t s) const {
  const SiteRecord& site = r.site(s);
  const Site& plan = r.schedule().sites[s].plan;
  if (site.open) {
    const bool slow = site.step == Step::replicate && !site.warned &&
                      active_ >= site.started + plan.replication_warn_after;
    if (!slow) return std::nullopt;
    return Warned{Subject::site(s), "replication takes longer than " +
                                        format_duration(plan.replication_warn_after) +
                                        (site.note.empty() ? "" : ": " + site.note)};
  }
  if (site.failed_attempt) return site_failed(s);
  if (site.waiting_retry && site.due > active_) return std::nullopt;
  if (site.undo_wanted) {
    if (!may_restore() || !(site.pending || site.waiting_retry)) return std::nullopt;
    return start_site(s, site.step);
  }
  if (site.phase == Phase::failed) return std::nullopt;
  // An undo that was interrupted does not go on by itself; who needs the site has it staged again.
  if (site.phase == Phase::undoing || site.phase == Phase::undone) {
    if (may_start_client() && is_waited_for(s)) return start_site(s, Step::stage);
    return std::nullopt;
  }
  if (site.step == Step::regenerate && site.pending && may_watch()) return start_site(s, site.step);
  if (!may_start_client()) return std::nullopt;
  if (site.pending || site.waiting_retry) {
    if (site.step == Step::force) return force_next(s);
    return start_site(s, site.step);
  }
  if (site.phase == Phase::idle && site.wanted) return start_site(s, Step::stage);
  if (site.phase == Phase::ready) return force_next(s);
  return std::nullopt;
}

std::optional<Event> Decider::site_failed(std::uint32_t s) const {
  const SiteRecord& site = r.site(s);
  const PlannedStep& step = site_step(s, site.step);
  const bool again = site.last != OutcomeKind::refused && site.tries < step.policy.attempts &&
                     !is_watch(site.step);
  if (again) {
    const Duration wait =
        site.last == OutcomeKind::cancelled ? Duration{} : backoff(step.policy, site.tries, s);
    return RetryScheduled{Subject::site(s), site.step, now_ + wait};
  }
  return Halted{Subject::site(s),
                "site " + r.schedule().sites[s].plan.name + ": " + spoken(name_of(site.step)) +
                    " " + spoken(name_of(site.last)) + (site.note.empty() ? "" : ": " + site.note)};
}

// What a force of the site would reach although it should not: clients that failed, were restored
// or were skipped, unless the plan says force_over. Empty: nothing.
std::string Decider::force_over(std::uint32_t s, const Group& plan) const {
  if (mutated(Mutation::force_over_is_ignored)) return {};
  const SiteRecord& site = r.site(s);
  const auto count = [&](ClientState state) {
    return site.counts[static_cast<std::size_t>(state)];
  };
  std::string over;
  const auto add = [&](std::uint32_t clients, bool allowed, const char* word) {
    if (clients == 0 || allowed) return;
    over += (over.empty() ? "" : ", ") + std::to_string(clients) + word;
  };
  add(count(ClientState::failed) + count(ClientState::lost) + count(ClientState::needs_hands) +
          count(ClientState::restoring),
      plan.force_over_failed, " failed");
  add(count(ClientState::restored), plan.force_over_restored, " restored");
  add(count(ClientState::skipped), plan.force_over_skipped, " skipped");
  return over;
}

// A late client of which nothing is kept and that the force still waits for; or kNone.
std::uint32_t Decider::waited_for(std::uint32_t s, std::uint32_t forcing) const {
  for (std::uint32_t c = next_unkept(s); c < r.clients_.size(); ++c) {
    if (r.schedule().site_of(c) != s || !r.is_unkept(c)) continue;
    const bool is_tried = r.client(c).state != ClientState::late || r.lists_.list_of(c) != kNone;
    if (is_tried || active_ < r.force_waits_until(c, forcing)) return c;
  }
  return kNone;
}

// A force reaches every client of its site. Those of earlier groups that are tried again just now
// or begin anew, and those that are being put back, end first: a restore that ends behind the force
// would pass for what stands there. Those that are late, in whatever group, and of which nothing is
// kept are waited for as long as `before_force` says, and go on record then; one that is just being
// tried again, or waits for its next try since it has answered, has its turn first.
std::optional<Event> Decider::before_force(std::uint32_t s, std::uint32_t forcing,
                                           bool& wait) const {
  std::uint32_t late = 0;
  for (const std::uint32_t lane : r.site_lanes_[s]) {
    const std::uint32_t g = r.schedule().lanes[lane].group;
    if (g == kNone) continue;
    wait = wait || r.group(g).restoring > 0;
    if (r.schedule().lanes[lane].adopted_by != kNone) continue;
    const GroupRecord& group = r.group(g);
    const bool begins_anew = g != r.schedule().lanes[forcing].group && group.started &&
                             group.wave < r.schedule().groups[g].waves.size();
    wait = wait || begins_anew || (lane != forcing && group.retried > 0);
    late += group.late;
  }
  if (wait || late == 0) return std::nullopt;
  // All go on record in one turn with the force: until then each may answer and be backed up.
  wait = waited_for(s, forcing) != kNone;
  const std::uint32_t c = wait ? kNone : next_unkept(s);
  if (c == kNone) return std::nullopt;
  return ForcedWithoutBackup{c};
}

// The first late client of the site of which nothing is kept, and that is not on record; or kNone.
std::uint32_t Decider::next_unkept(std::uint32_t s) const {
  for (std::uint32_t& c = r.unrecorded_from_[s]; c < r.clients_.size(); ++c) {
    if (r.schedule().site_of(c) == s && r.is_unkept(c)) return c;
  }
  return kNone;
}

// A wave that was put back asks for no force before it begins anew.
std::uint32_t Decider::force_due(std::uint32_t s) const {
  const std::uint32_t lane = r.next_force(s);
  if (lane == kNone) return kNone;
  const GroupRecord& group = r.group(r.schedule().lanes[lane].group);
  return group.wave > 0 || group.wave_open ? lane : kNone;
}

// When a force that waits for a late client need not wait for it any more.
Timestamp Decider::force_wake(std::uint32_t s) const {
  const std::uint32_t forcing = force_due(s);
  const std::uint32_t c = forcing == kNone ? kNone : waited_for(s, forcing);
  return c == kNone ? kNever : r.force_waits_until(c, forcing);
}

// A force goes when each client it reaches is backed up, current, or was unreachable long enough.
std::optional<Event> Decider::force_next(std::uint32_t s) const {
  const std::uint32_t forcing = force_due(s);
  if (forcing == kNone) return std::nullopt;
  const std::uint32_t g = r.schedule().lanes[forcing].group;
  const ScheduledGroup& group = r.schedule().groups[g];
  const bool again = r.lane(forcing).force == LaneRecord::Force::forced;
  const std::string over = again ? std::string() : force_over(s, group.plan);
  if (!over.empty()) {
    return Halted{Subject::group(g), "force of site " + r.schedule().sites[s].plan.name +
                                         " refused: it would reach " + over + " (see force_over)"};
  }
  if (!window_open(forcing)) return std::nullopt;
  bool wait = false;
  if (auto told = before_force(s, forcing, wait)) return told;
  if (wait) return std::nullopt;
  return start_site(s, Step::force);
}

}  // namespace sitewide
