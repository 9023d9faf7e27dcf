#include "tests/simulation/kinds.h"

#include <algorithm>

namespace sitewide::simulation {
namespace {

constexpr std::array<std::string_view, kKinds> kNames{
    "unrecorded transport",
    "SMS groups abreast",
    "file new to sites",
    "file of a platform",
    "edit of System.map",
    "services stopped",
    "command clients on a site",
    "site attempts",
    "window in a zone",
    "health check",
    "launch outlives its look",
    "stray launch takes effect",
    "put back once more",
    "breach of SMS groups abreast",
    "file of a site deleted",
    "file of a client deleted",
    "restored after an edit of System.map",
    "services started by a look",
    "health check fails",
    "client changed by others",
    "site changed by others",
    "refused: changed by others",
    "clock jump of days",
    "captured output",
};

bool comes_after(const Schedule& schedule, std::uint32_t later, std::uint32_t earlier) {
  const auto& after = schedule.groups[later].after;
  return std::any_of(after.begin(), after.end(), [&](std::uint32_t g) {
    return g == earlier || comes_after(schedule, g, earlier);
  });
}

bool abreast(const Schedule& schedule) {
  const auto is_sms = [&](std::uint32_t g) {
    return schedule.groups[g].plan.method != Method::command;
  };
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    for (std::uint32_t earlier = 0; earlier < g; ++earlier) {
      if (is_sms(g) && is_sms(earlier) && !comes_after(schedule, g, earlier)) return true;
    }
  }
  return false;
}

}  // namespace

std::string_view name_of(Kind kind) { return kNames[static_cast<std::size_t>(kind)]; }

void count_plan(const Schedule& schedule, Met& met) {
  const auto meets = [&](Kind kind, bool is_met) {
    met[static_cast<std::size_t>(kind)] += is_met ? 1 : 0;
  };
  meets(Kind::sms_groups_abreast, abreast(schedule));
  meets(Kind::map_edit, !schedule.hotfix.parts.map.empty());
  meets(Kind::services, schedule.hotfix.parts.stop_services());
  for (const PlannedFile& file : schedule.hotfix.files) {
    meets(Kind::file_new_to_site, file.name.starts_with(kFresh));
    meets(Kind::file_of_a_platform, !file.platform.empty());
  }
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    const ScheduledGroup& group = schedule.groups[g];
    meets(Kind::unrecorded_transport, schedule.transports[group.transport].type != "local");
    meets(Kind::health, group.plan.health.kind != Health::Kind::none);
    for (const ScheduledWindow& window : group.windows) {
      const Window& plan = window.window;
      meets(Kind::zoned_window, plan.zone_label.empty() && plan.zone != "UTC");
    }
    for (std::uint32_t c = group.clients.begin; c < group.clients.end; ++c) {
      meets(Kind::command_with_site,
            group.plan.method == Method::command && !schedule.clients.label(c, "site").empty());
    }
  }
  for (const ScheduledSite& site : schedule.sites)
    meets(Kind::site_attempts, site.plan.attempts != Site().attempts);
}

}  // namespace sitewide::simulation
