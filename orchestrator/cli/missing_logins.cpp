#include "orchestrator/cli/missing_logins.h"

#include <algorithm>
#include <utility>

#include "adapters/secret.h"
#include "orchestrator/base/text.h"
#include "orchestrator/cli/startable.h"

namespace sitewide {
namespace {

constexpr const char* kSmbProgram = "smbclient";

bool is_on_server(const Site& site) {
  return is_smb_place(site.root) ||
         std::any_of(site.logon_servers.begin(), site.logon_servers.end(),
                     [](const LogonServer& server) { return is_smb_place(server.share); });
}

/// What is missing for a login; empty when nothing is.
std::string fault_of(const SmbLogin& login) {
  if (!can_be_started(kSmbProgram)) return "there is no program smbclient; install Samba's client";
  if (!login.password.is_given()) return {};
  const auto password = reveal(login.password);
  return password ? std::string() : password.error().message;
}

void look_at(const std::string& name, const Place& place, const SmbLogin& login,
             Problems& problems) {
  std::string fault = fault_of(login);
  if (fault.empty()) return;
  problems.push_back({Problem::Severity::warning,
                      place,
                      name + " cannot be reached over SMB: " + std::move(fault),
                      "`run` refuses until it is there",
                      {},
                      {}});
}

}  // namespace

Problems missing_logins(const std::vector<Site>& sites, const std::vector<Transport>& transports) {
  Problems problems;
  for (const Site& site : sites) {
    if (is_on_server(site)) look_at("site " + escaped(site.name), site.place, site.smb, problems);
  }
  for (const Transport& transport : transports) {
    if (transport.files == "smb")
      look_at("transport " + escaped(transport.name), transport.place, transport.smb, problems);
  }
  return problems;
}

Problems missing_logins(const Schedule& schedule) {
  std::vector<Site> sites;
  sites.reserve(schedule.sites.size());
  for (const ScheduledSite& site : schedule.sites) sites.push_back(site.plan);
  return missing_logins(sites, schedule.transports);
}

}  // namespace sitewide
