#include "tests/simulation/truth.h"

#include <algorithm>

namespace sitewide::simulation {

bool SiteTruth::is_odd() const {
  return source.front() == kOdd ||
         std::any_of(servers.begin(), servers.end(),
                     [](const ServerTruth& server) { return server.files.front() == kOdd; });
}

bool SiteTruth::all_servers_hold(const Files& wanted) const {
  for (const ServerTruth& server : servers) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (!wanted[i].empty() && server.files[i] != wanted[i]) return false;
    }
  }
  return true;
}

bool SiteTruth::all_lists_new() const {
  return std::all_of(servers.begin(), servers.end(),
                     [&](const ServerTruth& server) { return server.list == map; });
}

void flag_upgrade(ClientTruth& client) { client.phase = "UPGRADE"; }

bool log_on(ClientTruth& client, const SiteTruth& site, Timestamp now) {
  const ServerTruth& server = site.servers[client.server];
  if (client.list != server.list) {
    client.list = server.list;
    client.phase = "verify_files";
  }
  if (!client.armed() || client.broken || now < client.in_use_until) return false;
  for (std::size_t i = 0; i < client.files.size(); ++i) {
    const bool listed = !site.original[i].empty() || server.lists_new_files;
    const bool wanted = !client.planned[i].empty() && listed;
    if (wanted && !server.files[i].empty()) client.files[i] = server.files[i];
  }
  client.phase = "INSTALLED";
  return true;
}

void put_back(ClientTruth& client, const SiteTruth* site) {
  const bool went_back = site != nullptr && site->went_back;
  bool all_from_site = went_back;
  for (std::size_t i = 0; i < client.files.size(); ++i) {
    const bool from_site =
        went_back && !site->original[i].empty() && client.files[i] == site->original[i];
    all_from_site = all_from_site && (from_site || client.planned[i].empty());
    if (!from_site) client.files[i] = client.kept_files[i];
  }
  if (!all_from_site || client.armed()) client.phase = client.kept_phase;
  client.setting = client.original_setting;
  if (site != nullptr) client.list = site->servers[client.server].list;
}

void meddle(ClientTruth& client) {
  const bool untouched = !client.kept && !client.armed() && client.files == client.original;
  client.files.front() = kOdd;
  if (untouched) client.original = client.files;
  if (!client.kept) client.current_before = false;
  client.tampered = true;
}

void meddle(SiteTruth& site) {
  site.source.front() = kOdd;
  if (!site.kept) site.original = site.source;
}

bool is_foreign(const ClientTruth& client, const SiteTruth* site) {
  for (std::size_t i = 0; i < client.files.size(); ++i) {
    const std::string& there = client.files[i];
    const bool by_site = site != nullptr && site->went_back && there == site->original[i];
    if (!there.empty() && there != client.planned[i] && there != client.kept_files[i] && !by_site)
      return true;
  }
  return false;
}

bool is_foreign(const SiteTruth& site, const Files& planned) {
  for (std::size_t i = 0; i < planned.size(); ++i) {
    if (site.source[i] != planned[i] && site.source[i] != site.original[i]) return true;
  }
  return false;
}

void keep_originals(ClientTruth& client) {
  if (client.kept) return;
  client.kept = true;
  client.kept_files = client.files;
  client.kept_phase = client.phase;
}

void copy_to_server(const SiteTruth& site, ServerTruth& server) {
  for (std::size_t i = 0; i < site.source.size(); ++i) {
    if (!site.source[i].empty()) server.files[i] = site.source[i];
  }
}

std::string in_words(const Files& files) {
  std::string words;
  for (const std::string& bytes : files) {
    words += words.empty() ? "" : " ";
    words += bytes.empty() ? "-" : bytes;
  }
  return words;
}

}  // namespace sitewide::simulation
