// Layout: who belongs where, and how many of whom are meant, worked out from the plan and the
// clients' labels by rules of its own: the checks must not ask the code under test whose client it
// is, nor take its word for a rounded percentage. Pure; borrows nothing.
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
  /// A group in whole numbers.
  struct Numbers {
    std::uint32_t waves = 0;
    std::uint32_t tolerate_failed = 0, tolerate_late = 0;
    std::uint32_t unproven = kNone;  ///< kNone: unlimited
  };
  std::vector<Client> clients;
  std::vector<Numbers> groups;
  std::vector<std::string> site_names, group_names;

  std::uint32_t client(std::string_view name) const { return find(client_names_, name); }
  std::uint32_t site(std::string_view name) const { return find(sites_, name); }
  std::uint32_t group(std::string_view name) const { return find(group_names_, name); }

 private:
  void cut_waves(const Group& plan, std::uint32_t group);
  void count(const Group& plan, std::uint32_t group);

  using Names = std::unordered_map<std::string, std::uint32_t>;
  static std::uint32_t find(const Names& names, std::string_view name) {
    const auto found = names.find(std::string(name));
    return found == names.end() ? kNone : found->second;
  }
  Names client_names_, sites_, group_names_;
};

}  // namespace sitewide::simulation
