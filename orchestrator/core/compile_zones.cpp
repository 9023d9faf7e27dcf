#include "orchestrator/core/compile_zones.h"

#include <map>
#include <string>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::uint32_t kTold = 20;  // problems a group

class ZoneFinder {
 public:
  ZoneFinder(const ClientTable& inventory, const ZoneLookup& lookup, std::vector<Zone>& zones,
             Problems& problems)
      : inventory_(inventory), lookup_(lookup), zones_(zones), problems_(problems) {}

  /// The first of the group's windows that opens by its clients' own clocks, or null. Those of one
  /// group name one label: another is a problem.
  const Window* local_window(const Group& group);
  std::uint32_t zone_of(std::uint32_t client, const Window& window);

 private:
  void problem(std::uint32_t client, const Window& window, std::string message);
  std::uint32_t find(const std::string& name, std::string& error);

  const ClientTable& inventory_;
  const ZoneLookup& lookup_;
  std::vector<Zone>& zones_;
  Problems& problems_;
  std::map<std::string, std::uint32_t> known_;  // kNone: there is no such zone
  std::map<std::string, std::string> errors_;
  std::uint32_t told_ = 0;
};

const Window* ZoneFinder::local_window(const Group& group) {
  told_ = 0;
  const Window* first = nullptr;
  for (const Window& window : group.windows) {
    if (window.zone_label.empty()) continue;
    if (first != nullptr && window.zone_label != first->zone_label) {
      problems_.push_back({Problem::Severity::error, window.place,
                           "two windows of group `" + group.name +
                               "` take their clients' zones from different labels",
                           "name `" + escaped(first->zone_label, 60) + "` in both", first->place,
                           "the other one"});
    }
    if (first == nullptr) first = &window;
  }
  return first;
}

std::uint32_t ZoneFinder::find(const std::string& name, std::string& error) {
  if (const auto known = known_.find(name); known != known_.end()) {
    if (known->second == kNone) error = errors_.find(name)->second;
    return known->second;
  }
  auto offsets =
      lookup_ ? lookup_(name) : Result<std::vector<ZoneOffset>>(std::vector<ZoneOffset>{});
  if (!offsets) {
    error = errors_[name] = offsets.error().message;
    return known_[name] = kNone;
  }
  const auto at = static_cast<std::uint32_t>(zones_.size());
  zones_.push_back({name, std::move(*offsets)});
  return known_[name] = at;
}

std::uint32_t ZoneFinder::zone_of(std::uint32_t c, const Window& window) {
  const std::string name(inventory_.label(c, window.zone_label));
  if (name.empty()) {
    problem(c, window, "has no label `" + escaped(window.zone_label, 60) + "`");
    return kNone;
  }
  std::string error;
  const std::uint32_t zone = find(name, error);
  if (zone == kNone) problem(c, window, error);
  return zone;
}

void ZoneFinder::problem(std::uint32_t c, const Window& window, std::string message) {
  if (++told_ > kTold) return;
  const std::string name = "client `" + escaped(inventory_.name(c)) + "`";
  const bool lacks = message.starts_with("has");
  problems_.push_back({Problem::Severity::error, inventory_.place(c),
                       name + (lacks ? " " : ": ") + std::move(message),
                       "its window opens by the zone that this label names, such as Europe/Berlin",
                       window.place, "the window that asks for it"});
}

}  // namespace

std::vector<std::uint32_t> zones_of_clients(const Plan& plan, const ClientTable& inventory,
                                            const std::vector<std::uint32_t>& group_of,
                                            const ZoneLookup& lookup, Compiled& out) {
  std::vector<std::uint32_t> zones(inventory.size(), kNone);
  ZoneFinder finder(inventory, lookup, out.schedule.zones, out.problems);
  for (std::uint32_t g = 0; g < plan.groups.size(); ++g) {
    const Window* window = finder.local_window(plan.groups[g]);
    for (std::uint32_t c = 0; window != nullptr && c < inventory.size(); ++c) {
      if (group_of[c] == g) zones[c] = finder.zone_of(c, *window);
    }
  }
  return zones;
}

}  // namespace sitewide
