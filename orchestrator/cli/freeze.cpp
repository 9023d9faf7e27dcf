#include "orchestrator/cli/freeze.h"

#include <algorithm>

#include "adapters/share.h"
#include "orchestrator/base/text.h"
#include "plans/catalogue.h"
#include "plans/read_file.h"

namespace sitewide {
namespace {

constexpr std::uint64_t kMostArtifactBytes = std::uint64_t{1} << 30;
constexpr std::size_t kMostReason = 400;

SavedFile look(Files& files, const std::string& place, const std::string& path) {
  SavedFile seen;
  seen.place = place;
  seen.path = path;
  const auto state = files.state(path);
  if (!state) {
    seen.trouble = escaped(state.error().message, kMostReason);
  } else if (*state) {
    seen.present = true;
    seen.digest = (*state)->digest;
    seen.size = (*state)->size;
    seen.modified = (*state)->modified;
  }
  return seen;
}

bool is_forced(const Schedule& schedule, std::uint32_t site) {
  return std::any_of(schedule.lanes.begin(), schedule.lanes.end(), [&](const Lane& lane) {
    return lane.site == site && lane.group != kNone &&
           schedule.groups[lane.group].plan.method == Method::site_wide;
  });
}

void look_at_site(const Schedule& schedule, std::uint32_t s,
                  const std::shared_ptr<SmbSessions>& sessions, std::vector<SavedFile>& seen) {
  const Site& site = schedule.sites[s].plan;
  const std::string place = "site " + site.name;
  const auto root = open_share(site.root, site.smb, sessions);
  for (const PlannedFile& file : schedule.hotfix.files) {
    if (!file.on_site.empty()) seen.push_back(look(*root, place, file.on_site));
  }
  if (is_forced(schedule, s)) seen.push_back(look(*root, place, "System.map"));
  for (const LogonServer& server : site.logon_servers) {
    const std::string share_place = "logon server " + server.name + " of " + place;
    const auto share = open_share(server.share, site.smb, sessions);
    seen.push_back(look(*share, share_place, "Upgrade.bat"));
    for (const PlannedFile& file : schedule.hotfix.files) {
      if (!file.on_logon_server.empty())
        seen.push_back(look(*share, share_place, file.on_logon_server));
    }
  }
}

std::vector<SavedFile> look_at_sites(const Schedule& schedule) {
  std::vector<SavedFile> seen;
  const auto sessions = SmbSessions::make();
  for (std::uint32_t s = 0; s < schedule.sites.size(); ++s) {
    const bool served =
        std::any_of(schedule.lanes.begin(), schedule.lanes.end(),
                    [&](const Lane& lane) { return lane.site == s && lane.group != kNone; });
    if (served) look_at_site(schedule, s, sessions, seen);
  }
  return seen;
}

std::vector<SavedArtifact> artifacts_of(const Schedule& schedule) {
  std::vector<SavedArtifact> artifacts;
  const auto add = [&](const std::string& path, const Digest& digest) {
    const SavedArtifact artifact{path, digest};
    if (std::find(artifacts.begin(), artifacts.end(), artifact) == artifacts.end())
      artifacts.push_back(artifact);
  };
  for (const PlannedFile& file : schedule.hotfix.files) add(file.source, file.digest);
  for (const MapEdit& edit : schedule.hotfix.parts.map) {
    if (!edit.fragment.empty()) add(edit.fragment, sha256(edit.fragment_text));
  }
  return artifacts;
}

Digest catalogue_digest(const Schedule& schedule) {
  const auto text = catalogue_text(schedule.hotfix.catalogue);
  return text ? sha256(*text) : Digest{};
}

std::string trouble_of(const CompiledPlan& plan) {
  if (plan.ok()) return {};
  const auto first = std::find_if(
      plan.problems.begin(), plan.problems.end(),
      [](const Problem& problem) { return problem.severity == Problem::Severity::error; });
  return first == plan.problems.end() ? "it cannot be used any more"
                                      : "it cannot be used any more: " + first->message;
}

}  // namespace

SavedPreview freeze(const CompiledPlan& plan, const std::string& only,
                    std::optional<std::vector<SavedClient>> clients, Timestamp at) {
  SavedPreview saved;
  saved.program = SITEWIDE_VERSION;
  saved.at = at;
  saved.only = only;
  saved.plan = plan.loaded.bytes;
  saved.schedule = plan.compiled.schedule;
  saved.inventory = plan.inventory;
  saved.catalogue = catalogue_digest(saved.schedule);
  saved.artifacts = artifacts_of(saved.schedule);
  saved.files = look_at_sites(saved.schedule);
  saved.clients = std::move(clients);
  return saved;
}

PresentState present_state(const SavedPreview& saved, const CompiledPlan& plan,
                           std::optional<std::vector<SavedClient>> clients, Timestamp now) {
  PresentState present;
  present.program = SITEWIDE_VERSION;
  present.now = now;
  present.plan_trouble = trouble_of(plan);
  present.plan = plan.loaded.digest;
  if (plan.ok()) present.schedule = &plan.compiled.schedule;
  present.inventory = plan.inventory;
  present.catalogue = catalogue_digest(saved.schedule);
  for (const SavedArtifact& artifact : saved.artifacts) {
    const auto bytes = read_file(artifact.path, kMostArtifactBytes);
    present.artifacts.push_back({artifact.path, bytes ? sha256(*bytes) : Digest{}});
  }
  present.files = look_at_sites(saved.schedule);
  present.clients = std::move(clients);
  return present;
}

}  // namespace sitewide
