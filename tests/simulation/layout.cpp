#include "tests/simulation/layout.h"

#include <algorithm>
#include <charconv>

namespace sitewide::simulation {
namespace {

// The generator selects by one label: `ring=a`.
bool selects(const Schedule& schedule, const Group& plan, std::uint32_t client) {
  const std::size_t equals = plan.select.find('=');
  return schedule.clients.label(client, plan.select.substr(0, equals)) ==
         plan.select.substr(equals + 1);
}

// `pc12` → 12: clients are numbered in the order of the inventory.
std::uint32_t number_of(const std::string& name) {
  const std::size_t at = name.find_first_of("0123456789");
  std::uint32_t number = 0;
  if (at != name.npos) std::from_chars(name.data() + at, name.data() + name.size(), number);
  return number;
}

std::uint32_t share(const Count& count, std::uint32_t of, bool up) {
  if (!count.percent) return count.value;
  const std::uint32_t hundredths = of * count.value;
  return hundredths / 100 + (up && hundredths % 100 > 0 ? 1 : 0);
}

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
      if (selects(schedule, schedule.groups[g].plan, c)) client.group = g;
    }
  }
  for (Client& client : clients) {
    client.owner = owner_of(schedule, clients, client);
    if (client.owner == kNone) continue;
    client.served = schedule.groups[client.owner].plan.method != Method::command;
    client.unrecorded = is_unrecorded(schedule, client.owner);
  }
  groups.resize(schedule.groups.size());
  for (std::uint32_t g = 0; g < groups.size(); ++g) {
    count(schedule.groups[g].plan, g);
    cut_waves(schedule.groups[g].plan, g);
  }
}

// Of the clients that the group selects, those included that an earlier force takes along.
void Layout::count(const Group& plan, std::uint32_t group) {
  const auto all = static_cast<std::uint32_t>(std::count_if(
      clients.begin(), clients.end(), [&](const Client& client) { return client.group == group; }));
  Numbers& numbers = groups[group];
  numbers.tolerate_failed = share(plan.tolerate_failed, all, false);
  numbers.tolerate_late = share(plan.tolerate_late, all, false);
  if (plan.unproven) numbers.unproven = std::max(1U, share(*plan.unproven, all, false));
}

// Clients that a force of another group takes along are of its first wave.
void Layout::cut_waves(const Group& plan, std::uint32_t group) {
  std::vector<Client*> own;
  for (Client& client : clients) {
    if (client.group == group && client.owner == group) own.push_back(&client);
  }
  std::sort(own.begin(), own.end(), [](const Client* a, const Client* b) {
    return number_of(a->name) < number_of(b->name);
  });
  const auto all = static_cast<std::uint32_t>(own.size());
  std::uint32_t& wave = groups[group].waves;
  for (std::uint32_t at = 0; at < all; ++wave) {
    std::uint32_t size = all;
    if (!plan.waves.empty() && plan.method != Method::site_wide) {
      const std::size_t which = std::min<std::size_t>(wave, plan.waves.size() - 1);
      size = std::max(1U, share(plan.waves[which], all, true));
    }
    for (; size > 0 && at < all; --size) own[at++]->wave = wave;
  }
}

}  // namespace sitewide::simulation
