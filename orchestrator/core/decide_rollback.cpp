// When a rollback starts, and when it is over.
#include <algorithm>

#include "orchestrator/core/decider.h"
#include "orchestrator/core/rollback_scope.h"

namespace sitewide {

// A look under way may find its client current, and then its site stays as it is. Nobody presses:
// the answer, which comes within minutes, is waited for.
std::optional<Event> Decider::roll_back(Scope scope, const Subject& subject) const {
  if (looks_may_keep_a_site(r, scope, subject)) return std::nullopt;
  return RollbackStarted{
      scope, subject, sites_to_undo(r, scope, subject), {}, waves_to_begin_anew(r, scope, subject)};
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
        scope == Scope::wave ? Subject::wave_of(g, group.breach_wave) : Subject::group(g);
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
