#include "orchestrator/cli/site_probe.h"

#include "adapters/share.h"
#include "adapters/sms/site/map_edit.h"
#include "adapters/sms/work.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

void probe_logon_servers(const Site& site, const std::shared_ptr<SmbSessions>& sessions,
                         SiteProbe& probe) {
  for (const LogonServer& server : site.logon_servers) {
    const auto share = open_share(server.share, site.smb, sessions);
    const auto batch = share->modified("Upgrade.bat");
    if (!batch) {
      probe.warnings.push_back("logon server " + server.name + " of site " + site.name + ": " +
                               batch.error().message);
    } else if (!*batch) {
      probe.warnings.push_back("logon server " + server.name + " of site " + site.name +
                               " has no Upgrade.bat in its root");
    }
  }
}

void warn_of_downgrade(const PlannedWrite& write, const Site& site, SiteProbe& probe) {
  if (!write.present || write.same() || !write.file->date) return;
  if (write.present->modified <= *write.file->date + std::chrono::hours(24)) return;
  probe.warnings.push_back(
      "site " + site.name + ": " + write.file->on_site + " is of " +
      format_timestamp(write.present->modified) +
      ", newer than the payload; staging refuses to put an older file over it");
}

void probe_system_map(const Schedule& schedule, std::uint32_t s, Files& root, SiteProbe& probe) {
  if (schedule.hotfix.parts.map.empty()) return;
  const std::string name = "site " + schedule.sites[s].plan.name;
  const auto text = root.read("System.map", sms::kMostLogBytes);
  if (!text || !*text) {
    probe.warnings.push_back(name + ": System.map cannot be read" +
                             (text ? std::string(": there is none") : ": " + text.error().message));
    return;
  }
  const auto edited = sms::edit_map(**text, schedule.hotfix.parts.map);
  if (edited) {
    probe.map_edits.push_back({s, sms::map_diff(**text, edited->text, SIZE_MAX)});
  } else {
    probe.warnings.push_back(name + ": the force would fail: " + edited.error().message);
  }
}

}  // namespace

bool needs_site(const Schedule& schedule, std::uint32_t site) {
  for (const Lane& lane : schedule.lanes) {
    if (lane.site == site && lane.group != kNone) return true;
  }
  return false;
}

void probe_root(const Schedule& schedule, std::uint32_t s, Files& root, SiteProbe& probe) {
  const Site& site = schedule.sites[s].plan;
  for (const PlannedFile& file : schedule.hotfix.files) {
    if (file.on_site.empty()) continue;
    const auto state = root.state(file.on_site);
    if (!state) {
      probe.unusable.push_back("site " + site.name + ": " + state.error().message);
      probe.warnings.push_back(probe.unusable.back());
      break;
    }
    probe.writes.push_back({s, &file, *state});
    warn_of_downgrade(probe.writes.back(), site, probe);
  }
  probe_system_map(schedule, s, root, probe);
}

SiteProbe probe_sites(const Schedule& schedule) {
  SiteProbe probe;
  const auto sessions = SmbSessions::make();
  for (std::uint32_t s = 0; s < schedule.sites.size(); ++s) {
    if (!needs_site(schedule, s)) continue;
    const Site& site = schedule.sites[s].plan;
    const auto root = open_share(site.root, site.smb, sessions);
    probe_root(schedule, s, *root, probe);
    probe_logon_servers(site, sessions, probe);
  }
  return probe;
}

}  // namespace sitewide
