#include "orchestrator/base/text.h"
#include "plans/readers.h"
#include "plans/shape.h"
#include "plans/zones.h"

namespace sitewide {
namespace {

constexpr Duration kLongestWindow = std::chrono::hours(7 * 24);
constexpr std::size_t kZonesLookedFor = 20;  // a similar name is looked for among hundreds

Window read_window(const Values& values, Reading& reading) {
  Window window;
  window.place = values.place();
  window.days.fill(true);
  if (const auto days = values.text("days")) window.days = parse_days(*days).value_or(window.days);
  if (const auto start = values.text("start"))
    window.start = parse_clock(*start).value_or(Duration{});
  assign(window.length, values.duration("for"));
  assign(window.zone, values.text("zone"));
  assign(window.zone_label, values.section("zone").text("label"));
  assign(window.needs, values.duration("needs"));
  if (window.length > kLongestWindow) {
    reading.error(values.place("for"), "a window is open for at most 7d",
                  "leave the window out instead");
  }
  if (values.has("needs") && window.needs >= window.length && window.length.count() > 0) {
    reading.error(values.place("needs"), "nothing could ever start in this window",
                  "`needs` must be shorter than `for`");
  }
  if (rule_of(Scalar::zone).accepts(window.zone) && !is_zone_known(window.zone)) {
    const bool look = reading.zones_looked_for++ < kZonesLookedFor;
    const std::string near = look ? nearest_zone(window.zone) : std::string();
    reading.error(values.place("zone"), "unknown time zone `" + escaped(window.zone, 60) + "`",
                  near.empty() ? "zones are named like Europe/Berlin"
                               : "a similar name exists: `" + near + "`");
  }
  return window;
}

}  // namespace

std::vector<Gate> read_gates(const std::vector<Node>& items) {
  std::vector<Gate> gates;
  for (const Node& item : items) {
    const Values values(&item);
    Gate gate;
    gate.place = item.place;
    if (const auto soak = values.duration("soak")) {
      gate.soak = *soak;
      gates.push_back(gate);
    } else if (const auto approval = values.text("approval")) {
      gate.kind = Gate::Kind::approval;
      gate.approval = *approval;
      gates.push_back(gate);
    }
  }
  return gates;
}

void read_windows(const Values& group, std::vector<Window>& windows, Reading& reading) {
  const bool forces = group.text("method") == "site_wide";
  std::vector<const Node*> items;
  for (const Node& item : group.items("windows")) items.push_back(&item);
  for (const Node& gate : group.items("before")) {
    const Node* window = gate.is_map() ? gate.find("window") : nullptr;
    if (window != nullptr) items.push_back(window);
  }
  for (const Node* item : items) {
    if (!item->is_map()) continue;
    if (windows.size() >= kMostWindows)
      return reading.too_many(item->place, "group", kMostWindows, "windows");
    const Values values(item);
    windows.push_back(read_window(values, reading));
    if (forces && !windows.back().zone_label.empty()) {
      reading.error(values.place("zone"), "a force reaches every client of its site at once",
                    "its window has one zone, such as Europe/Berlin");
    }
  }
}

}  // namespace sitewide
