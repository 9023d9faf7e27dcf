#include "adapters/sms/site/signatures.h"

#include <algorithm>
#include <optional>

#include "adapters/sms/log_signatures.h"
#include "adapters/sms/maintenance_manager.h"
#include "adapters/sms/signatures.h"
#include "adapters/sms/site/system_map.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr const char* kMaintenanceLog = "Logs/Maintman.log";
constexpr const char* kBadRaws = "Site.srv/Inventry.box/Badraws";
constexpr std::size_t kMostHints = 2;
/// Q181630 speaks of thousands.
constexpr std::size_t kManyStranded = 1000;
/// Of a folder of rejected inventory, so many files are asked for their time.
constexpr std::size_t kMostTimes = 16;
constexpr Duration kRecent = std::chrono::hours(24);

bool is_recent(const Work& work, const Result<std::optional<Timestamp>>& at) {
  return at && *at && work.now - **at < kRecent;
}

/// The masters of the logon scripts.
std::string script_warning(const Work& work) {
  for (const std::string_view script : {"Smsls.bat", "Smsls.cmd"}) {
    const auto text =
        work.files->read("Site.srv/Maincfg.box/" + std::string(script), kMostTextBytes);
    if (text && *text && forces_verification(**text)) return script_words(script, "the site");
  }
  return {};
}

std::string recent_tail(const Work& work, const std::string& log) {
  if (!is_recent(work, work.files->modified(log))) return {};
  auto text = work.files->tail(log, kLogTail);
  return text && *text ? std::move(**text) : std::string();
}

std::string log_trouble(const Work& work) {
  const auto text = work.files->tail(kMaintenanceLog, kLogTail);
  return text && *text ? read_maintenance_log(**text).trouble : std::string();
}

/// Domain.ini as it is being written: it stays behind when the disk was full (Q168460).
std::string half_written(const Work& work) {
  for (const Share& share : work.shares) {
    const auto at = share.files->modified("Domain._._");
    if (at && *at && work.now - **at >= work.operation.site.replication_warn_after) {
      return told(Failure::server_full, "a half-written DOMAIN._._ lies on " + share.server);
    }
  }
  return {};
}

std::string stranded_files(const Work& work) {
  for (const Share& share : work.shares) {
    const auto names = share.files->list("Inventry.box");
    if (!names) continue;
    const auto count = std::ranges::count_if(*names, [](std::string_view name) {
      return name.size() > 4 && equals_ignoring_case(name.substr(name.size() - 4), ".tmp");
    });
    if (static_cast<std::size_t>(count) < kManyStranded) continue;
    return told(Failure::stranded_files, "Inventry.box on " + share.server + " holds " +
                                             with_separators(kManyStranded) +
                                             " .TMP files or more");
  }
  return {};
}

/// Q168460: when Maintenance Manager hangs, that its log stands still is all there is to see. Its
/// own stamps are in the server's unknown zone; the file's time is that of its last line.
std::string silence(Timestamp last_line) {
  return told(Failure::server_full,
              "Maintenance Manager has logged nothing since " + format_timestamp(last_line));
}

bool has_new_bad_raws(const Work& work) {
  const auto names = work.files->list(kBadRaws);
  if (!names) return false;
  // They are numbered, so the last ones are the newest.
  const std::size_t first = names->size() > kMostTimes ? names->size() - kMostTimes : 0;
  for (std::size_t i = first; i < names->size(); ++i) {
    if (is_recent(work, work.files->modified(std::string(kBadRaws) + "/" + (*names)[i])))
      return true;
  }
  return false;
}

}  // namespace

std::string maintenance_hint(const Work& work) {
  std::vector<std::string> hints;
  const auto add = [&hints](std::string hint) {
    if (!hint.empty() && hints.size() < kMostHints) hints.push_back(std::move(hint));
  };
  const auto modified = work.files->modified(kMaintenanceLog);
  const bool logs = modified && *modified;
  const bool quiet = !logs || work.now - **modified >= work.operation.site.replication_warn_after;
  if (logs) add(log_trouble(work));
  add(half_written(work));
  if (quiet) add(stranded_files(work));
  if (logs && quiet && hints.empty()) add(silence(**modified));
  add(server_warning(work));
  return join(hints, "; ");
}

std::string server_warning(const Work& work) {
  std::string inventory = inventory_signature(recent_tail(work, "Logs/Invproc.log"));
  if (!inventory.empty()) return inventory;
  if (has_new_bad_raws(work)) {
    return told(Failure::mixed_inventory,
                "Inventry.box/Badraws has new files of rejected "
                "inventory");
  }
  // It logs into the root of the drive (Q125452), which is below the site's root in some plans
  // only.
  for (const char* log : {"Scman.log", "Logs/Scman.log"}) {
    std::string component = component_signature(recent_tail(work, log));
    if (!component.empty()) return component;
  }
  return script_warning(work);
}

std::string map_clue(const Work& work) {
  const auto text = work.files->read("System.map", kMostLogBytes);
  if (!text || !*text || !parse_system_map(**text).blocks.empty()) return {};
  return told(Failure::damaged_map, "System.map of the site lists no directory");
}

bool waited_long(const Work& work) {
  const Site& site = work.operation.site;
  const Timestamp began = work.operation.action.deadline - site.replication_within;
  return work.now - began >= site.replication_warn_after;
}

std::string lone_file_words(std::string_view file, std::string_view server) {
  return told(Failure::library_in_use,
              "only " + std::string(file) + " stays behind on " + std::string(server));
}

}  // namespace sitewide::sms
