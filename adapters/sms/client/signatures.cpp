#include "adapters/sms/client/signatures.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "adapters/sms/client/logon_server.h"
#include "adapters/sms/log_signatures.h"
#include "adapters/sms/signatures.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr std::size_t kMostClues = 2;
constexpr std::size_t kMostNameBytes = 120;
constexpr std::array<std::string_view, 3> kSetupLogs{"Cli_nt.log", "Cli_dos.log", "Cli_os2.log"};
constexpr std::array<std::string_view, 2> kScripts{"Runsms.bat", "Runsms.cmd"};

std::optional<std::string> small_file(Files& files, const std::string& path) {
  auto text = files.read(path, kMostTextBytes);
  if (!text || !*text) return std::nullopt;
  return std::move(**text);
}

std::optional<std::string> folder_of_client(const ClientState& client, const char* placeholder) {
  const auto folder = client.folders.find(placeholder);
  if (folder == client.folders.end()) return std::nullopt;
  const auto path = path_below_drive_c(folder->second);
  if (!path) return std::nullopt;
  return *path;
}

std::string setup_log_clue(const Work& work, const ClientState& client, Timestamp since) {
  const auto folder = folder_of_client(client, "sms_log");
  if (!folder) return {};
  for (const std::string_view name : kSetupLogs) {
    const std::string log = *folder + "/" + std::string(name);
    const auto modified = work.files->modified(log);
    if (!modified || !*modified || **modified < since) continue;
    const auto text = work.files->tail(log, kLogTail);
    if (!text || !*text) continue;
    std::string signature = setup_signature(**text);
    if (!signature.empty()) return signature;
  }
  return {};
}

/// Q269774: Smsid holds exactly one UID file, or Client Setup gives up.
std::string unique_id_clue(const Share& share) {
  const auto names = share.files->list("Smsid");
  if (!names) return {};
  const auto count = std::ranges::count_if(*names, [](std::string_view name) {
    return name.size() > 4 && equals_ignoring_case(name.substr(name.size() - 4), ".uid");
  });
  if (count < 2) return {};
  return told(Failure::setup_aborted,
              "Smsid on " + share.server + " holds " + std::to_string(count) + " UID files",
              "Q269774", "leave one there and take the others away");
}

/// The Windows folder of Sms.ini is gone and another one is there (F18, Q174952). Only one that
/// lies in the root can be told.
std::string windows_clue(Files& drive_c, const ClientState& client) {
  const auto named = folder_of_client(client, "windows");
  if (!named || named->find('/') != std::string::npos) return {};
  const auto names = drive_c.list("");
  if (!names) return {};
  std::string other;
  for (const std::string& name : *names) {
    if (equals_ignoring_case(name, *named)) return {};
    if (!equals_ignoring_case(std::string_view(name).substr(0, 3), "win")) continue;
    const auto inside = drive_c.list(name);
    if (inside && !inside->empty()) other = name;
  }
  if (other.empty()) return {};
  return told(Failure::windows_moved, "Sms.ini names the Windows folder " +
                                          escaped(*named, kMostNameBytes) + ", there is " +
                                          escaped(other, kMostNameBytes));
}

std::string win_ini_clue(Files& drive_c, const ClientState& client) {
  const auto folder = folder_of_client(client, "windows");
  if (!folder) return {};
  auto text = small_file(drive_c, *folder + "/Win.ini");
  return text ? smsrun_twice(SmsIni(std::move(*text))) : std::string();
}

std::string script_clue(const Share& share) {
  for (const std::string_view script : kScripts) {
    const auto text = small_file(*share.files, std::string(script));
    if (text && forces_verification(*text)) return script_words(script, share.server);
  }
  return {};
}

bool is_separator(char c) { return c == ',' || c == ';' || c == ' ' || c == '\t'; }

/// The name of the first file, without folders.
std::string first_name(std::string_view files) {
  while (!files.empty() && is_separator(files.front())) files.remove_prefix(1);
  std::size_t end = 0;
  while (end < files.size() && !is_separator(files[end])) ++end;
  std::string_view name = files.substr(0, end);
  const std::size_t slash = name.find_last_of("\\/:");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  return std::string(name);
}

/// Whether the share has the file in a folder that clients are served from; nothing when nobody
/// could look.
std::optional<bool> has_file(Files& share, const ClientState& client, const std::string& name) {
  std::optional<bool> seen;
  const std::string language = client.ini.value_or_empty("Local", "LanguageCode");
  for (const char* platform : {"X86.bin/", "Alpha.bin/", "Mips.bin/"}) {
    for (const std::string& folder : {std::string(), language + "/"}) {
      if (folder == "/") continue;
      const auto there = share.exists(platform + folder + name);
      if (!there) continue;
      if (*there) return true;
      seen = false;
    }
  }
  return seen;
}

}  // namespace

std::string blank_keys(const SmsIni& ini) {
  struct Key {
    const char* section;
    const char* key;
  };
  constexpr std::array<Key, 7> kKeys{{{"SMS", "SiteCode"},
                                      {"Servers", "Domain"},
                                      {"Servers", "CurrentLogonServer"},
                                      {"Servers", "Server1"},
                                      {"Share", "Domain"},
                                      {"Share", "CurrentLogonServer"},
                                      {"Share", "Server1"}}};
  std::vector<std::string> blank;
  for (const Key& key : kKeys) {
    const auto value = ini.value(key.section, key.key);
    const bool known = std::ranges::find(blank, key.key) != blank.end();
    if (value && value->empty() && !known) blank.emplace_back(key.key);
  }
  if (blank.empty()) return {};
  return told(Failure::ini_blank, "Sms.ini has a blank " + join(blank, ", "));
}

std::string foreign_logon_server(const SmsIni& ini, const Site& site) {
  const std::string name = server_in_path(ini.value_or_empty("SMS", "LastLogonServerPath"));
  if (name.empty()) return {};
  for (const LogonServer& server : site.logon_servers) {
    if (equals_ignoring_case(server.name, name)) return {};
  }
  return told(Failure::other_server, "the client logged on at " + escaped(name, kMostNameBytes) +
                                         ", which is no logon server of site " + site.name +
                                         " in the plan");
}

std::string network_gap(const SmsIni& sms_ini, const SmsIni& domain_ini) {
  const std::string client = sms_ini.value_or_empty("SMS", "NetworkType");
  const std::string server = domain_ini.value_or_empty("SMS", "NetworkType");
  if (client.empty() || server.empty() || client == server) return {};
  return told(Failure::network_type, "NetworkType is " + escaped(client, 20) + " in Sms.ini and " +
                                         escaped(server, 20) + " in Domain.ini");
}

std::string smsrun_twice(const SmsIni& win_ini) {
  const std::string load = to_lower(win_ini.value_or_empty("windows", "load"));
  constexpr std::string_view kSmsrun = "smsrun";
  const std::size_t first = load.find(kSmsrun);
  if (first == std::string::npos) return {};
  const bool twice = load.find(kSmsrun, first + kSmsrun.size()) != std::string::npos;
  return twice ? told(Failure::smsrun_twice) : std::string();
}

std::string lost_settings(const SmsIni& before, const SmsIni& now) {
  struct Setting {
    const char* section;
    const char* key;
    bool may_change;  ///< its value changes by itself: only its loss counts
  };
  constexpr std::array<Setting, 3> kSettings{{{"Sight", "SyncSends", false},
                                              {"Sight", "Default Protocol", false},
                                              {"LogonHistory", "LastLoggedUser", true}}};
  std::vector<std::string> lost;
  for (const Setting& setting : kSettings) {
    const std::string was = before.value_or_empty(setting.section, setting.key);
    const std::string is = now.value_or_empty(setting.section, setting.key);
    if (was.empty() || was == is || (setting.may_change && !is.empty())) continue;
    lost.push_back("[" + std::string(setting.section) + "] " + setting.key + "=" +
                   escaped(was, 40));
  }
  if (lost.empty()) return {};
  return told(Failure::settings_lost, "lost by the upgrade: " + join(lost, ", "));
}

std::string download_words(const Work& work, const ClientState& client, std::string_view files) {
  std::string words = "not downloaded: " + escaped(files, kMostNameBytes);
  const std::string name = first_name(files);
  if (work.shares.empty() || name.empty()) return words;
  const auto own = logon_server_of(work.operation.site, client.ini, work.operation.client.name);
  const Share& share = work.shares[own];
  const auto has = has_file(*share.files, client, name);
  if (!has) return words;
  if (*has) return told(Failure::cut_short, words + ", which " + share.server + " has");
  return told(Failure::file_missing, words + ", which " + share.server + " has not");
}

std::string client_clue(const Work& work, const ClientState& client, Timestamp since) {
  std::vector<std::string> clues;
  const auto add = [&clues](std::string clue) {
    if (!clue.empty() && clues.size() < kMostClues) clues.push_back(std::move(clue));
  };
  add(setup_log_clue(work, client, since));
  if (!work.shares.empty()) {
    const auto own = logon_server_of(work.operation.site, client.ini, work.operation.client.name);
    const Share& share = work.shares[own];
    add(unique_id_clue(share));
    const auto domain_ini = small_file(*share.files, "Domain.ini");
    if (domain_ini) add(network_gap(client.ini, SmsIni(*domain_ini)));
    if (is_flagged(client.phase)) add(script_clue(share));
  }
  add(blank_keys(client.ini));
  add(windows_clue(*work.files, client));
  add(win_ini_clue(*work.files, client));
  if (!work.operation.site.logon_servers.empty()) {
    add(foreign_logon_server(client.ini, work.operation.site));
  }
  return join(clues, "; ");
}

}  // namespace sitewide::sms
