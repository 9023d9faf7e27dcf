#include "tests/simulation/truth.h"

#include <algorithm>

namespace sitewide::simulation {

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

bool log_on(ClientTruth& client, const ServerTruth& server, Timestamp now) {
  if (client.list != server.list) {
    client.list = server.list;
    client.phase = "verify_files";
  }
  if (!client.armed() || client.broken || now < client.in_use_until) return false;
  for (std::size_t i = 0; i < client.files.size(); ++i) {
    if (!server.files[i].empty()) client.files[i] = server.files[i];
  }
  client.phase = "INSTALLED";
  return true;
}

void put_back(ClientTruth& client, const ServerTruth* server) {
  client.files = client.kept_files;
  client.phase = client.kept_phase;
  client.setting = client.original_setting;
  if (server != nullptr) client.list = server->list;
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
