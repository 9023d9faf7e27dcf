// The looking half of proof.h: reads what a client and its logon server show.
#include <algorithm>
#include <array>

#include "adapters/sms/client/logon_server.h"
#include "adapters/sms/client/proof.h"
#include "adapters/sms/client/signatures.h"
#include "adapters/sms/copy_list.h"
#include "adapters/sms/log_signatures.h"
#include "adapters/sms/payload_check.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr std::string_view kWaitingSuffix = "$sms00$";
/// Where Client Setup and SMSRUN write of a component in use, below the log folder (S3CF5,
/// Q167759).
constexpr std::array<std::string_view, 5> kLogs{"Cli_nt.log", "Cli_dos.log", "Cli_os2.log",
                                                "Smsrun.log", "Smsrun32.log"};

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash + 1));
}

/// The name of the `$sms00$` copy that waits for a restart; empty: none.
Result<std::string> waiting_copy(Files& drive_c, const ClientState& client,
                                 const ExpectedFile& file) {
  for (const std::string& place : waiting_copy_places(client, file.path)) {
    const auto there = drive_c.exists(place);
    if (!there) return there.error();
    if (*there) return place.substr(folder_of(place).size());
  }
  return std::string();
}

Result<FileSight> look_at_file(Files& drive_c, const ClientState& client,
                               const ExpectedFile& file) {
  FileSight sight;
  sight.name = file.name;
  sight.original = file.original;
  const auto state = drive_c.state(file.path);
  if (!state) return state.error();
  if (*state) {
    const bool right = std::ranges::find(file.accepted, (*state)->digest) != file.accepted.end();
    sight.content = right ? FileSight::Content::right : FileSight::Content::wrong;
    sight.same_size = !right && file.size != 0 && (*state)->size == file.size;
  }
  auto waiting = waiting_copy(drive_c, client, file);
  if (!waiting) return waiting.error();
  sight.waiting_copy = std::move(*waiting);
  return sight;
}

/// Why the client has not taken its logon server's copy list; empty when it has (Q166771).
std::string copy_list_gap(const Work& work, const ClientState& client, std::size_t own_server) {
  const std::string os = client.os.empty() ? work.operation.client.os : client.os;
  const Share& share = work.shares[own_server];
  for (const std::string_view name : copy_lists_of(os)) {
    const auto text = share.files->read(name, kMostLogBytes);
    if (!text) return "copy list " + std::string(name) + " on " + share.server + " cannot be read";
    if (!*text) continue;
    const auto version = copy_list_version(**text);
    if (version == client.copy_list_version()) return {};
    return "copy list not taken yet (" + std::string(name) + " of " + share.server + ")";
  }
  return "no copy list for " + (os.empty() ? std::string("its operating system") : os) + " on " +
         share.server;
}

/// A hint only: what cannot be read says nothing.
std::string look_for_executable(Files& drive_c, const ClientState& client, Timestamp since) {
  const auto folder = client.folders.find("sms_log");
  if (folder == client.folders.end()) return {};
  const auto path = path_below_drive_c(folder->second);
  if (!path) return {};
  for (const std::string_view name : kLogs) {
    const std::string log = *path + "/" + std::string(name);
    const auto modified = drive_c.modified(log);
    if (!modified || !*modified || **modified < since) continue;
    const auto text = drive_c.tail(log, kLogTail);
    if (!text || !*text) continue;
    std::string executable = executable_in_use(**text);
    if (!executable.empty()) return executable;
  }
  return {};
}

}  // namespace

std::vector<std::string> waiting_copy_places(const ClientState& client, std::string_view path) {
  const std::string folder = folder_of(path);
  const std::string name = std::string(path.substr(folder.size())).append(kWaitingSuffix);
  std::vector<std::string> places{folder + name};
  const auto windows = client.folders.find("windows");
  if (windows == client.folders.end()) return places;
  const auto below = path_below_drive_c(windows->second);
  if (below && !equals_ignoring_case(*below + "/", folder)) places.push_back(*below + "/" + name);
  return places;
}

Result<Sight> look_at_client(const Work& work, const ClientState& client,
                             const std::vector<ExpectedFile>& files, bool forced, Timestamp since) {
  Sight sight;
  sight.phase = client.phase;
  sight.phase_shown = client.setup_phase_shown();
  const std::string not_downloaded =
      client.ini.value_or_empty("WorkstationStatus", "FilesNotDownloaded");
  if (!not_downloaded.empty()) sight.not_downloaded = download_words(work, client, not_downloaded);
  sight.not_modified = client.ini.value_or_empty("WorkstationStatus", "SysFilesNotModified");
  for (const ExpectedFile& file : files) {
    auto seen = look_at_file(*work.files, client, file);
    if (!seen) return seen.error();
    sight.files.push_back(std::move(*seen));
  }
  if (is_flagged(client.phase)) {
    sight.executable_in_use = look_for_executable(*work.files, client, since);
  }
  if (work.shares.empty()) return sight;
  const auto own = logon_server_of(work.operation.site, client.ini, work.operation.client.name);
  sight.request = open_request(work, client, own);
  if (forced) sight.copy_list = copy_list_gap(work, client, own);
  return sight;
}

Result<std::vector<ExpectedFile>> planned_on_client(const Work& work, const ClientState& client) {
  std::vector<ExpectedFile> files;
  for (const PlannedFile& planned : work.operation.files) {
    if (planned.on_client.empty()) continue;
    auto path = path_on_client(client, planned.on_client, work.operation.values);
    if (!path) return path.error();
    files.push_back({planned.name, std::move(*path), {planned.digest}, false, planned.size});
  }
  return files;
}

}  // namespace sitewide::sms
