#include "adapters/sms/site/readiness.h"

#include <algorithm>

#include "adapters/sms/copy_list.h"
#include "adapters/sms/site/signatures.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr const char* kClientSource = "Site.srv/Maincfg.box/Client.src";
constexpr const char* kMaintenanceLog = "Logs/Maintman.log";

std::string folder_of(std::string_view path) {
  return std::string(path.substr(0, std::min(path.find_last_of('/'), path.size())));
}

/// An Error that only says that the place is away or shut.
Lack unreadable(const Error& error, std::string remedy) {
  return {"cannot be read: " + escaped(error.message, 200), std::move(remedy), true};
}

/// Nothing when the place can be read and holds anything at all.
std::vector<Lack> look_in(Files& files, std::string_view key) {
  const auto names = files.list("");
  const std::string remedy = "mend `" + std::string(key) + "` of the site, or mount what it names";
  if (!names) return {unreadable(names.error(), remedy)};
  if (names->empty()) return {{"is an empty folder, as where a share is not mounted", remedy}};
  return {};
}

std::uint64_t bytes_for(const Work& work, std::string PlannedFile::*place) {
  std::uint64_t bytes = 0;
  for (const PlannedFile& file : work.operation.files) {
    if (!(file.*place).empty()) bytes += file.size;
  }
  return bytes;
}

/// Whether `bytes` fit, with as much again for the files as they are written.
void ask_for_room(const Result<std::optional<Room>>& room, std::uint64_t bytes,
                  std::vector<Lack>& lacks) {
  if (!room || !*room || !(*room)->free_bytes || *(*room)->free_bytes >= 2 * bytes) return;
  lacks.push_back({"has " + with_separators(*(*room)->free_bytes) +
                       " bytes free, and the hotfix's "
                       "files take " +
                       with_separators(bytes),
                   "free disk space there"});
}

/// The folders that staging writes into: each may be on another disk, and have rights of its own.
void ask_for_folders(const Work& work, std::vector<Lack>& lacks) {
  std::vector<std::string> seen;
  for (const PlannedFile& file : work.operation.files) {
    const std::string folder = folder_of(file.on_site);
    if (file.on_site.empty() || std::ranges::find(seen, folder) != seen.end()) continue;
    seen.push_back(folder);
    const auto room = work.files->room(folder);
    if (!room) {
      lacks.push_back(
          unreadable(room.error(), "mend the rights of " + escaped(folder) + " below the root"));
    } else if (*room && !(*room)->writable) {
      lacks.push_back({escaped(folder) + " cannot be written by this account",
                       "mount it for writing, and give the account the right to write"});
    }
  }
}

bool stages_clients(const Work& work) {
  const std::string source = to_lower(kClientSource);
  return std::ranges::any_of(work.operation.files, [&](const PlannedFile& file) {
    return to_lower(file.on_site).starts_with(source + "/");
  });
}

void ask_for_map(const Work& work, const SiteUse& use, std::vector<Lack>& lacks) {
  const auto map = work.files->modified("System.map");
  if (!map) {
    lacks.push_back(
        {"System.map " + unreadable(map.error(), "").what, "mend its rights", use.forces});
  } else if (!*map) {
    lacks.push_back({"System.map is not in the root",
                     "name <SMS_root> of the site server in `root`, the folder that holds it",
                     use.forces});
  } else if (const std::string clue = map_clue(work); !clue.empty()) {
    lacks.push_back({clue, "put a sound System.map back", use.forces});
  }
}

bool has_copy_list(Files& share) {
  return std::ranges::any_of(all_copy_lists(), [&](std::string_view name) {
    const auto there = share.exists(name);
    return there && *there;
  });
}

}  // namespace

std::vector<Lack> lacks_of_root(const Work& work, const SiteUse& use) {
  std::vector<Lack> lacks = look_in(*work.files, "root");
  if (!lacks.empty()) return lacks;
  ask_for_map(work, use, lacks);
  if (stages_clients(work)) {
    const auto names = work.files->list(kClientSource);
    if (!names) {
      lacks.push_back(
          unreadable(names.error(), "mend the rights of " + std::string(kClientSource)));
    } else if (names->empty()) {
      lacks.push_back({escaped(kClientSource) + " is missing or empty",
                       "name <SMS_root> of the site server in `root`: Maintenance Manager copies "
                       "from there"});
    }
  }
  ask_for_room(work.files->room(""), bytes_for(work, &PlannedFile::on_site), lacks);
  ask_for_folders(work, lacks);
  return lacks;
}

std::vector<Lack> lacks_of_share(const Work& work, const Share& share, const SiteUse& use) {
  std::vector<Lack> lacks = look_in(*share.files, "logon_servers");
  if (!lacks.empty()) return lacks;
  if (use.upgrade_bat) {
    const auto batch = share.files->exists("Upgrade.bat");
    if (!batch) {
      lacks.push_back({"Upgrade.bat " + unreadable(batch.error(), "").what, "mend its rights"});
    } else if (!*batch) {
      lacks.push_back({"Upgrade.bat is not in its root",
                       "name in `logon_servers` what \\\\NAME\\SMS_SHR shows", true});
    }
  }
  if (use.forces && !has_copy_list(*share.files)) {
    lacks.push_back({"no copy list (Cl_nt.txt and its like) is in its root",
                     "see whether Maintenance Manager has ever served it", false});
  }
  ask_for_room(share.files->room(""), bytes_for(work, &PlannedFile::on_logon_server), lacks);
  return lacks;
}

std::vector<Lack> lacks_of_maintenance(const Work& work) {
  const auto log = work.files->modified(kMaintenanceLog);
  if (!log) return {};  // said of the root already
  const std::string hint = maintenance_hint(work);
  if (!hint.empty()) return {{hint, "see to Maintenance Manager on the site server", false}};
  if (*log) return {};
  return {{std::string(kMaintenanceLog) +
               " is not there, so whether Maintenance Manager is alive cannot be told",
           "turn its tracing on in SMS Service Manager (Q122055)", false}};
}

Lack silent(Duration waited) {
  return {"does not answer within " + describe_duration(waited),
          "see whether the mount or the server behind it hangs"};
}

}  // namespace sitewide::sms
