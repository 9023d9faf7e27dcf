#include "adapters/sms/client/state.h"

#include <array>
#include <utility>

#include "adapters/client_path.h"
#include "adapters/sms/copy_list.h"
#include "adapters/sms/work.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr std::size_t kMostFactBytes = 200;

struct FolderKey {
  const char* placeholder;
  const char* key;
  const char* below_sms;  ///< where it lies below SMSPath when its own key is missing
};
constexpr std::array<FolderKey, 5> kFolders{{{"sms", "SMSPath", ""},
                                             {"sms_bin", "SMSBinPath", "\\BIN"},
                                             {"sms_log", "SMSLogPath", "\\LOGS"},
                                             {"sms_data", "SMSDataPath", "\\DATA"},
                                             {"windows", "LocalWindowsPath", nullptr}}};

std::string without_trailing_slash(std::string path) {
  while (!path.empty() && (path.back() == '\\' || path.back() == '/')) path.pop_back();
  return path;
}

std::map<std::string, std::string> folders_of(const SmsIni& ini) {
  std::map<std::string, std::string> folders;
  const std::string sms = without_trailing_slash(ini.value_or_empty("SMS", "SMSPath"));
  for (const FolderKey& folder : kFolders) {
    std::string path = without_trailing_slash(ini.value_or_empty("SMS", folder.key));
    if (path.empty() && !sms.empty() && folder.below_sms != nullptr) path = sms + folder.below_sms;
    if (!path.empty()) folders.emplace(folder.placeholder, std::move(path));
  }
  return folders;
}

/// Where Sms.ini may stand, the likeliest first.
Result<std::vector<std::string>> ini_places(Files& drive_c) {
  std::vector<std::string> places{"Sms.ini"};
  const auto names = drive_c.list("");
  if (!names &&
      names.error().kind == ErrorKind::refused) {  // reached by programs that list nothing
    for (const char* windows : {"WINNT", "WINDOWS", "WIN95", "WIN98"}) {
      places.push_back(std::string(windows) + "/Sms.ini");
    }
    return places;
  }
  if (!names) return names.error();
  for (const std::string& name : *names) {
    if (equals_ignoring_case(std::string_view(name).substr(0, 3), "win")) {
      places.push_back(name + "/Sms.ini");
    }
  }
  return places;
}

}  // namespace

std::string ClientState::setup_phase_shown() const {
  const std::string value = setup_phase().value_or("");
  return value.empty() ? "empty" : escaped(value, 40);
}

ClientState client_state_from(std::string ini_path, std::string text) {
  ClientState client;
  client.ini_path = std::move(ini_path);
  client.ini_digest = sha256(text);
  client.ini = SmsIni(std::move(text));
  client.phase = setup_phase_from(client.setup_phase().value_or(""));
  client.os = os_from_number(client.ini.value_or_empty("SMS", "OS"));
  client.folders = folders_of(client.ini);
  return client;
}

Result<std::optional<ClientState>> read_client_state(Files& drive_c) {
  const auto places = ini_places(drive_c);
  if (!places) return places.error();
  for (const std::string& place : *places) {
    auto text = drive_c.read(place, kMostTextBytes);
    // A file of such a name, WIN386.SWP perhaps, is no Windows folder.
    const bool elsewhere = place != places->front();
    if (!text && elsewhere && text.error().kind == ErrorKind::refused) continue;
    if (!text) return text.error();
    if (*text) return std::optional(client_state_from(place, std::move(**text)));
  }
  return std::optional<ClientState>();
}

Result<std::string> path_below_drive_c(std::string_view windows_path) {
  const auto components = split_client_path(trim(windows_path));
  if (!components) return components.error();
  return join(*components, "/");
}

Result<std::string> path_on_client(const ClientState& client, std::string_view target,
                                   const std::map<std::string, std::string>& values) {
  std::string path(target);
  if (path.starts_with('{')) {
    const std::size_t close = path.find('}');
    const std::string name = path.substr(1, close == std::string::npos ? close : close - 1);
    const auto folder = client.folders.find(name);
    const auto value = values.find(name);
    if (close == std::string::npos || (folder == client.folders.end() && value == values.end())) {
      return Error{ErrorKind::io, "Sms.ini does not name the folder {" + escaped(name, 40) + "}"};
    }
    path.replace(0, close + 1, folder != client.folders.end() ? folder->second : value->second);
  }
  return path_below_drive_c(path);
}

std::map<std::string, std::string> facts_of(const ClientState& client) {
  std::map<std::string, std::string> facts;
  const auto add = [&facts](const std::string& name, std::string_view value) {
    if (!value.empty()) facts[name] = escaped(value, kMostFactBytes);
  };
  add("setup_phase", client.setup_phase().value_or(""));
  add("copy_list_version", client.copy_list_version());
  add("os", client.os);
  add("last_logon_server", client.ini.value_or_empty("SMS", "LastLogonServerPath"));
  for (const auto& [placeholder, folder] : client.folders) add(placeholder, folder);
  return facts;
}

}  // namespace sitewide::sms
