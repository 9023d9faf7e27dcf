#include "orchestrator/cli/left_unfinished.h"

#include <algorithm>
#include <filesystem>

namespace sitewide {
namespace {

std::string real_root(const ScheduledSite& site) {
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(site.plan.root, error);
  return error ? site.plan.root : real.string();
}

bool stops_services(const Schedule& schedule) {
  const auto& parts = schedule.hotfix.parts.site;
  return std::any_of(parts.begin(), parts.end(), [](const SitePart& part) {
    return part.kind == SitePart::Kind::stop_service;
  });
}

/// The step of the site that has begun and may have left services stopped.
bool may_lack_services(const SiteRecord& site) {
  return site.open && (site.step == Step::stage || site.step == Step::unstage);
}

}  // namespace

std::string must_wait_because(const StateDirectory& state, const Schedule& schedule) {
  const auto rollouts = state.rollouts();
  if (!rollouts) return {};
  for (const RolloutDirectory& directory : *rollouts) {
    const auto stored = read_rollout(directory);
    if (!stored || (*stored)->rollout.ended() || !stops_services((*stored)->schedule)) continue;
    for (std::uint32_t s = 0; s < (*stored)->schedule.sites.size(); ++s) {
      if (!may_lack_services((*stored)->rollout.site(s))) continue;
      const ScheduledSite& left = (*stored)->schedule.sites[s];
      const bool ours = std::any_of(
          schedule.sites.begin(), schedule.sites.end(),
          [&](const ScheduledSite& site) { return real_root(site) == real_root(left); });
      if (!ours) continue;
      return "rollout " + directory.id() + " was left in the middle of `" +
             std::string(name_of((*stored)->rollout.site(s).step)) + "` of site " + left.plan.name +
             ", whose services may be stopped; `sitewide resume " + directory.id() +
             "` starts them and goes on";
    }
  }
  return {};
}

}  // namespace sitewide
