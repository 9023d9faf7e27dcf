#include "orchestrator/cli/claimed.h"

#include <algorithm>
#include <filesystem>

#include "orchestrator/base/text.h"
#include "orchestrator/core/operation.h"

namespace sitewide {
namespace {

namespace fs = std::filesystem;

bool is_folder(const Transport& transport) {
  return transport.type == "local" && !transport.root.empty();
}

// A client's folder; empty when it is reached otherwise. Clients of other sites and labs may well
// have the same names and addresses.
std::string folder_of(const Schedule& schedule, std::uint32_t client) {
  Action look;
  look.subject = Subject::client(client);
  const Operation operation = make_operation(schedule, {}, look);
  if (!is_folder(operation.transport) || operation.client.root.empty()) return {};
  std::error_code error;
  const fs::path folder = fs::absolute(operation.client.root, error).lexically_normal();
  if (error) return operation.client.root;
  return (folder.has_filename() ? folder : folder.parent_path()).string();
}

}  // namespace

std::string canonical_root(const Site& site) {
  if (is_smb_place(site.root)) {
    const auto place = parse_smb_place(site.root);
    return place ? place->canonical() : site.root;
  }
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(site.root, error);
  return error ? site.root : canonical.string();
}

Claims claims_of(const Schedule& schedule) {
  Claims claims;
  claims.reserve(schedule.sites.size() + schedule.clients.size());
  for (const ScheduledSite& site : schedule.sites) claims.add_site(canonical_root(site.plan));
  const bool any_folder = std::ranges::any_of(schedule.transports, is_folder);
  for (std::uint32_t c = 0; c < schedule.clients.size(); ++c) {
    const std::string folder = any_folder ? folder_of(schedule, c) : std::string();
    claims.add_client(folder.empty() ? to_lower(schedule.clients.address(c)) : folder);
  }
  return claims;
}

std::string describe_claim(const Schedule& schedule, std::uint32_t claim) {
  const auto sites = static_cast<std::uint32_t>(schedule.sites.size());
  return claim < sites ? "site " + schedule.sites[claim].plan.name
                       : "client " + std::string(schedule.clients.name(claim - sites));
}

}  // namespace sitewide
