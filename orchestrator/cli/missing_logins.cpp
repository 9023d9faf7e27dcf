#include "orchestrator/cli/missing_logins.h"

#include <algorithm>
#include <utility>

#include "adapters/secret.h"
#include "orchestrator/base/text.h"
#include "orchestrator/cli/startable.h"
#include "orchestrator/core/gate.h"

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

void warn(Problems& problems, const Place& place, std::string message) {
  problems.push_back({Problem::Severity::warning,
                      place,
                      std::move(message),
                      "`run` refuses until it is there",
                      {},
                      {}});
}

void look_at(const std::string& name, const Place& place, const SmbLogin& login,
             Problems& problems) {
  std::string fault = fault_of(login);
  if (fault.empty()) return;
  warn(problems, place, name + " cannot be reached over SMB: " + fault);
}

void look_at(const Transport& transport, Problems& problems) {
  const std::string name = "transport " + escaped(transport.name);
  if (transport.type == "ssh" && transport.ssh.password.is_given()) {
    const auto password = reveal(transport.ssh.password);
    if (!password)
      warn(problems, transport.place,
           name + " cannot be reached over SSH: " + password.error().message);
  }
  if (transport.files == "smb") look_at(name, transport.place, transport.smb, problems);
}

void look_at(const Group& group, const Gate& gate, Problems& problems) {
  for (const PlannedHeader& header : gate.inquiry.headers) {
    const auto value = reveal(header.value);
    if (value) continue;
    warn(problems, gate.place,
         "group " + escaped(group.name) + " has a gate that cannot be asked (" +
             describe_gate(gate) + "): " + value.error().message);
  }
}

}  // namespace

Problems missing_logins(const std::vector<Site>& sites, const std::vector<Transport>& transports) {
  Problems problems;
  for (const Site& site : sites) {
    if (is_on_server(site)) look_at("site " + escaped(site.name), site.place, site.smb, problems);
  }
  for (const Transport& transport : transports) look_at(transport, problems);
  return problems;
}

Problems missing_for(const std::vector<Group>& groups) {
  Problems problems;
  for (const Group& group : groups) {
    for (const auto* gates : {&group.before, &group.after_wave}) {
      for (const Gate& gate : *gates) look_at(group, gate, problems);
    }
  }
  return problems;
}

namespace {

Problems missing_on_the_way(const Schedule& schedule) {
  std::vector<Site> sites;
  sites.reserve(schedule.sites.size());
  for (const ScheduledSite& site : schedule.sites) sites.push_back(site.plan);
  return missing_logins(sites, schedule.transports);
}

Problems missing_at_gates(const Schedule& schedule) {
  std::vector<Group> groups;
  groups.reserve(schedule.groups.size());
  for (const ScheduledGroup& group : schedule.groups) groups.push_back(group.plan);
  return missing_for(groups);
}

}  // namespace

Problems missing_logins(const Schedule& schedule) {
  Problems problems = missing_on_the_way(schedule);
  const Problems gates = missing_at_gates(schedule);
  problems.insert(problems.end(), gates.begin(), gates.end());
  return problems;
}

Result<> check_logins(const Schedule& schedule, Deed deed) {
  const Problems missing =
      deed == Deed::rollback ? missing_on_the_way(schedule) : missing_logins(schedule);
  if (missing.empty()) return {};
  std::string all;
  for (const Problem& one : missing) all += one.message + "; ";
  return Error{ErrorKind::refused, all + "nothing was done: put it there, then say this again"};
}

}  // namespace sitewide
