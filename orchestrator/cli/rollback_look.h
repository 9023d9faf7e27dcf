// RollbackLook: what a rollback would put back where, found by looking at the rollout's record of
// originals and at the sites as they are now. Reads only. Blocks on dead mounts as long as they do.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/files.h"
#include "orchestrator/cli/stored_rollout.h"

namespace sitewide {

/// One file of a site: as it is now, and as it was before the rollout.
struct FileGoingBack {
  std::string path;
  std::optional<FileState> now;
  std::optional<FileState> then;
  std::string trouble;  ///< why it cannot go back; or empty
};

struct SiteGoingBack {
  std::uint32_t site = 0;
  bool undone = false;  ///< else it stays staged, for clients outside the rollback
  bool forced = false;  ///< undone: its clients are forced onto the old files too
  std::vector<FileGoingBack> files;
  std::vector<std::string> map_diff;  ///< of System.map, now → then; empty: it does not change
  std::vector<std::string> steps;     ///< what else is undone, in order
  std::vector<std::string> stays;     ///< what is not, and why
};

/// What becomes of one setting of the clients: `back to 4`, and on how many of those looked at.
struct SettingGoingBack {
  std::string what;
  std::map<std::string, std::uint32_t> then;
};

/// Clients that cannot be put back, for one reason.
struct Stuck {
  std::string why;
  std::vector<std::uint32_t> clients;
};

struct RollbackLook {
  std::vector<std::uint32_t> restored;  ///< put back one by one, newest trigger first
  std::vector<std::uint32_t> by_site;   ///< these converge on the old files of a forced site
  std::vector<Stuck> stuck;
  std::vector<SiteGoingBack> sites;
  std::vector<SettingGoingBack> settings;
  std::uint32_t settings_read = 0;  ///< so many clients' records of settings were read
};

RollbackLook look_at_rollback(const StoredRollout& stored, const RollbackStarted& event,
                              const std::vector<std::uint32_t>& clients);

/// For people, in the words of a preview.
std::string rollback_in_words(const StoredRollout& stored, const RollbackLook& look);

}  // namespace sitewide
