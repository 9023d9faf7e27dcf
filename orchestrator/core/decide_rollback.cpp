// When a rollback starts, what it undoes, and when it is over.
#include <algorithm>

#include "orchestrator/base/mutation.h"
#include "orchestrator/core/decider.h"

namespace sitewide {
namespace {

// Whether a rollback of `scope` names the client.
bool in_scope(const Rollout& rollout, Scope scope, const Subject& subject, std::uint32_t c) {
  switch (scope) {
    case Scope::none:
    case Scope::site:
      return false;
    case Scope::rollout:
      return true;
    case Scope::group:
      return rollout.owner_group(c) == subject.index;
    case Scope::wave:
      return rollout.owner_group(c) == subject.index &&
             rollout.schedule().wave_of(c) == subject.wave;
    case Scope::client:
      return c == subject.index;
  }
  return false;
}

// A look that may find, or has just found, that its client was current before we came.
bool may_be_current(const ClientRecord& client) {
  return client.step == Step::inspect && client.state == ClientState::inspecting &&
         (client.open || client.on_target);
}

// The sites that are undone when clients that are being looked at count as current, or do not
// count.
std::vector<std::uint32_t> sites_undone(const Rollout& rollout, Scope scope, const Subject& subject,
                                        bool looks_count) {
  const Schedule& schedule = rollout.schedule();
  std::vector<std::uint32_t> inside(schedule.sites.size(), 0), touched(schedule.sites.size(), 0);
  for (std::uint32_t l = 0; l < schedule.lanes.size(); ++l) {
    if (schedule.lanes[l].site != kNone) touched[schedule.lanes[l].site] += rollout.lane(l).touched;
  }
  for (std::uint32_t c = 0; c < schedule.clients.size(); ++c) {
    // A client that was current before we came is not ours to downgrade, so it counts as outside.
    const ClientRecord& client = rollout.client(c);
    const std::uint32_t s = schedule.site_of(c);
    if (s == kNone) continue;
    if (client.trigger_order == 0) {
      touched[s] += looks_count && may_be_current(client) ? 1 : 0;
    } else if (client.state != ClientState::already_current &&
               in_scope(rollout, scope, subject, c)) {
      ++inside[s];
    }
  }
  // A site that was staged for a group is taken back with it, though nobody was triggered yet.
  std::vector<bool> of_group(schedule.sites.size(), false);
  for (const Lane& lane : schedule.lanes) {
    const bool meant = scope == Scope::group || scope == Scope::wave;
    if (meant && lane.group == subject.index && lane.site != kNone) of_group[lane.site] = true;
  }
  std::vector<std::uint32_t> sites;
  for (std::uint32_t s = 0; s < schedule.sites.size(); ++s) {
    const bool concerned = scope == Scope::site
                               ? subject.index == s
                               : inside[s] > 0 || scope == Scope::rollout || of_group[s];
    const SiteRecord& site = rollout.site(s);
    const bool alone = inside[s] == touched[s] || mutated(Mutation::scope_is_forgotten);
    if (concerned && site.ever_staged &&
        (site.phase != SiteRecord::Phase::undone || site.needs_hands) && alone) {
      sites.push_back(s);
    }
  }
  return sites;
}

}  // namespace

std::vector<std::uint32_t> sites_to_undo(const Rollout& rollout, Scope scope,
                                         const Subject& subject) {
  return sites_undone(rollout, scope, subject, true);
}

// A look under way may find its client current, and then its site stays as it is. Nobody presses:
// the answer, which comes within minutes, is waited for.
std::optional<Event> Decider::roll_back(Scope scope, const Subject& subject) const {
  const auto sites = sites_to_undo(r, scope, subject);
  if (sites != sites_undone(r, scope, subject, false)) return std::nullopt;
  return RollbackStarted{scope, subject, sites, {}};
}

std::optional<Event> Decider::rollback() const {
  if (r.stopping() || r.unprobed() > 0) return std::nullopt;
  if (r.rollback().running) return rollback_finished();
  if (r.aborted() == AbortPolicy::rollback && !r.abort_rolled_back_) {
    return roll_back(Scope::rollout, Subject::rollout());
  }
  for (std::uint32_t g = 0; r.rollbacks_wanted_ > 0 && g < r.groups_.size(); ++g) {
    const GroupRecord& group = r.group(g);
    if (!group.rollback_wanted) continue;
    const Scope scope = r.schedule().groups[g].plan.on_breach;
    const Subject subject =
        scope == Scope::wave ? Subject::wave_of(g, group.wave) : Subject::group(g);
    return roll_back(scope, scope == Scope::rollout ? Subject::rollout() : subject);
  }
  for (std::uint32_t s = 0; r.sites_failed_ > 0 && s < r.sites_.size();
       ++s) {  // a site that failed before anybody was triggered
    const SiteRecord& site = r.site(s);
    const bool failed =
        site.phase == SiteRecord::Phase::failed && site.ever_staged && !site.needs_hands;
    if (!failed || site.open || site.undo_wanted) continue;
    const auto touched = [&](std::uint32_t lane) { return r.lane(lane).touched > 0; };
    if (std::any_of(r.site_lanes_[s].begin(), r.site_lanes_[s].end(), touched)) continue;
    const auto sites = sites_to_undo(r, Scope::site, Subject::site(s));
    if (!sites.empty()) return RollbackStarted{Scope::site, Subject::site(s), sites, {}};
  }
  return std::nullopt;
}

std::optional<Event> Decider::rollback_finished() const {
  const RollbackRecord& rollback = r.rollback();
  if (rollback.pending > 0 || rollback.sites_pending > 0) return std::nullopt;
  return RollbackFinished{rollback.restored, rollback.needs_hands};
}

}  // namespace sitewide
