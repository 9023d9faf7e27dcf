#include "adapters/sms/client/logon_server.h"

#include "orchestrator/base/check.h"
#include "orchestrator/base/digest.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

/// The same on every machine and in every version: a client stays with its server for the whole
/// rollout.
std::size_t stable_hash(std::string_view name) {
  const Digest digest = sha256(to_lower(name));
  std::size_t value = 0;
  for (std::size_t i = 0; i < 6; ++i) value = value << 8U | digest.bytes[i];
  return value;
}

}  // namespace

std::string server_in_path(std::string_view path) {
  path = trim(path);
  const std::size_t start = path.find_first_not_of("\\/");
  if (start == std::string_view::npos) return {};
  path.remove_prefix(start);
  return std::string(path.substr(0, path.find_first_of("\\/")));
}

std::size_t logon_server_of(const Site& site, const SmsIni& ini, std::string_view client_name) {
  check(!site.logon_servers.empty(), "a site that clients are upgraded from has a logon server");
  for (const auto& value :
       {ini.value("SMS", "LastLogonServerPath"), ini.value("Servers", "CurrentLogonServer"),
        ini.value("Share", "CurrentLogonServer")}) {
    const std::string name = server_in_path(value.value_or(""));
    for (std::size_t i = 0; i < site.logon_servers.size(); ++i) {
      if (!name.empty() && equals_ignoring_case(site.logon_servers[i].name, name)) return i;
    }
  }
  return stable_hash(client_name) % site.logon_servers.size();
}

std::map<std::string, std::string> placeholder_values(const Operation& operation,
                                                      const ClientState& client,
                                                      const LogonServer& logon_server) {
  std::map<std::string, std::string> values = operation.values;
  values.emplace("client.name", operation.client.name);
  values.emplace("client.address", operation.client.address);
  values.emplace("client.root", operation.client.root);
  for (const auto& [placeholder, folder] : client.folders) values.emplace(placeholder, folder);
  values["logon_server.name"] = logon_server.name;
  const auto smb = parse_smb_place(logon_server.share);
  const bool on_server = is_smb_place(logon_server.share) && smb;
  values["logon_server.share"] = on_server ? smb->unc() : logon_server.share;
  return values;
}

}  // namespace sitewide::sms
