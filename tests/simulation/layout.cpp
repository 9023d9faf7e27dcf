#include "tests/simulation/layout.h"

#include <algorithm>

namespace sitewide::simulation {
namespace {

bool forces(const Schedule& schedule, std::uint32_t group) {
  return schedule.groups[group].plan.method == Method::site_wide;
}

// True when `later` cannot start before `earlier` has passed.
bool comes_after(const Schedule& schedule, std::uint32_t later, std::uint32_t earlier) {
  const std::vector<std::uint32_t>& after = schedule.groups[later].after;
  return std::any_of(after.begin(), after.end(), [&](std::uint32_t g) {
    return g == earlier || comes_after(schedule, g, earlier);
  });
}

bool is_unrecorded(const Schedule& schedule, std::uint32_t group) {
  const Group& plan = schedule.groups[group].plan;
  const Transport& transport = schedule.transports[schedule.groups[group].transport];
  const bool recorded =
      plan.method == Method::command && !plan.command.repeatable && !transport.records.empty();
  return transport.type != "local" && !recorded;
}

// The force that a client meets first, of those that go before its own group.
std::uint32_t owner_of(const Schedule& schedule, const std::vector<Layout::Client>& clients,
                       const Layout::Client& client) {
  std::uint32_t owner = client.group;
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    if (!forces(schedule, g) || g == client.group || client.site == kNone) continue;
    if (client.group != kNone && schedule.groups[client.group].plan.method == Method::command)
      continue;  // no client of SMS
    const bool here = std::any_of(clients.begin(), clients.end(), [&](const Layout::Client& other) {
      return other.group == g && other.site == client.site;
    });
    const bool before = client.group == kNone || comes_after(schedule, client.group, g);
    const bool first = owner == client.group || comes_after(schedule, owner, g);
    if (here && before && first) owner = g;
  }
  return owner;
}

}  // namespace

Layout::Layout(const Schedule& schedule) : clients(schedule.clients.size()) {
  for (std::uint32_t s = 0; s < schedule.sites.size(); ++s) {
    site_names.push_back(schedule.sites[s].plan.name);
    sites_[site_names[s]] = s;
  }
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    group_names.push_back(schedule.groups[g].plan.name);
    group_names_[group_names[g]] = g;
  }
  for (std::uint32_t c = 0; c < clients.size(); ++c) {
    Client& client = clients[c];
    client.name = schedule.clients.name(c);
    client_names_[client.name] = c;
    client.site = site(schedule.clients.label(c, "site"));
    for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
      const Range& range = schedule.groups[g].clients;
      if (c >= range.begin && c < range.end) client.group = g;
    }
  }
  for (Client& client : clients) {
    client.owner = owner_of(schedule, clients, client);
    if (client.owner == kNone) continue;
    client.served = schedule.groups[client.owner].plan.method != Method::command;
    client.unrecorded = is_unrecorded(schedule, client.owner);
    if (client.owner != client.group) continue;  // taken along by a force: wave 0
    const auto at = static_cast<std::uint32_t>(&client - clients.data());
    const auto& waves = schedule.groups[client.group].waves;
    for (std::uint32_t w = 0; w < waves.size(); ++w) {
      if (at >= waves[w].begin && at < waves[w].end) client.wave = w;
    }
  }
}

}  // namespace sitewide::simulation
