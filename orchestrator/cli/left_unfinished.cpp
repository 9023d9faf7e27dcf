#include "orchestrator/cli/left_unfinished.h"

#include <set>

#include "orchestrator/cli/claimed.h"

namespace sitewide {
namespace {

/// The step of the site that has begun and may have left services stopped.
bool may_lack_services(const SiteRecord& site) {
  return site.open && (site.step == Step::stage || site.step == Step::unstage);
}

/// A site that both have; empty: none.
std::string shared_site(const Schedule& other, const std::set<std::string>& ours) {
  for (const ScheduledSite& site : other.sites) {
    if (ours.contains(canonical_root(site.plan))) return site.plan.name;
  }
  return {};
}

}  // namespace

std::string must_wait_because(const StateDirectory& state, const Schedule& schedule) {
  const auto rollouts = state.rollouts();
  if (!rollouts) return {};
  std::set<std::string> ours;
  for (const ScheduledSite& site : schedule.sites) ours.insert(canonical_root(site.plan));
  for (const RolloutDirectory& directory : *rollouts) {
    const auto planned = read_schedule(directory);
    if (!planned || !(*planned)->schedule.hotfix.parts.stop_services()) continue;
    const std::string shared = shared_site((*planned)->schedule, ours);
    if (shared.empty() || has_ended(directory)) continue;
    const auto stored = read_rollout(directory);
    if (!stored) {
      return "rollout " + directory.id() + " may have left services of site " + shared +
             " stopped, and cannot be read: " + stored.error().message +
             "; or see to the services, and move its folder away";
    }
    for (std::uint32_t s = 0; s < (*stored)->schedule.sites.size(); ++s) {
      const SiteRecord& site = (*stored)->rollout.site(s);
      const Site& plan = (*stored)->schedule.sites[s].plan;
      if (!may_lack_services(site) || !ours.contains(canonical_root(plan))) continue;
      return "rollout " + directory.id() + " was left in the middle of `" +
             std::string(name_of(site.step)) + "` of site " + plan.name +
             ", whose services may be stopped; `sitewide resume " + directory.id() +
             "` starts them and goes on";
    }
  }
  return {};
}

}  // namespace sitewide
