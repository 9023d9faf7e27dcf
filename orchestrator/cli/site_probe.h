// What staging would change on the sites, by looking and nothing else.
#pragma once

#include <string>
#include <vector>

#include "adapters/files.h"
#include "orchestrator/core/schedule.h"

namespace sitewide {

/// One file of one site: what stands there now and what would.
struct PlannedWrite {
  std::uint32_t site = 0;
  const PlannedFile* file = nullptr;  ///< of the schedule
  std::optional<FileState> present;
  bool same() const { return present && present->digest == file->digest; }
};

/// What the force would make of one site's System.map.
struct PlannedMapEdit {
  std::uint32_t site = 0;
  std::vector<std::string> diff;  ///< a unified diff, whole; empty: all is there already
};

struct SiteProbe {
  std::vector<PlannedWrite> writes;
  std::vector<PlannedMapEdit> map_edits;
  std::vector<std::string> unusable;  ///< sites whose root cannot be read: nothing can be staged
  std::vector<std::string>
      warnings;  ///< a site or logon server that cannot be read, an older date over a newer one
};

/// Reads every site's present files. Blocks on dead mounts as long as they do.
SiteProbe probe_sites(const Schedule& schedule);
/// The same of one site's root alone, its logon servers left out; what is found is added to
/// `probe`.
void probe_root(const Schedule& schedule, std::uint32_t site, Files& root, SiteProbe& probe);

/// Whether any group upgrades clients of the site.
bool needs_site(const Schedule& schedule, std::uint32_t site);

}  // namespace sitewide
