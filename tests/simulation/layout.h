// Layout: who belongs where, read from the schedule's names and ranges by rules of its own: the
// checks must not ask the code under test whose client it is. Pure; borrows nothing.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "orchestrator/core/schedule.h"

namespace sitewide::simulation {

struct Layout {
  explicit Layout(const Schedule& schedule);

  struct Client {
    std::string name;
    std::uint32_t group = kNone;  ///< that selects it
    std::uint32_t site = kNone;   ///< where it lies; also when its method needs no site
    std::uint32_t wave = 0;       ///< in `owner`, counted from 0
    std::uint32_t owner = kNone;  ///< the group that upgrades it: the first whose force reaches it
    bool served = false;          ///< its owner upgrades it through its site
    /// No record on it tells of an upgrade that was never heard of, and it runs elsewhere than
    /// here.
    bool unrecorded = false;
  };
  std::vector<Client> clients;
  std::vector<std::string> site_names, group_names;

  std::uint32_t client(std::string_view name) const { return find(client_names_, name); }
  std::uint32_t site(std::string_view name) const { return find(sites_, name); }
  std::uint32_t group(std::string_view name) const { return find(group_names_, name); }

 private:
  using Names = std::unordered_map<std::string, std::uint32_t>;
  static std::uint32_t find(const Names& names, std::string_view name) {
    const auto found = names.find(std::string(name));
    return found == names.end() ? kNone : found->second;
  }
  Names client_names_, sites_, group_names_;
};

}  // namespace sitewide::simulation
