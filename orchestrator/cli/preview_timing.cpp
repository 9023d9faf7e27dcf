#include "orchestrator/cli/preview_timing.h"

#include <map>

#include "orchestrator/base/text.h"
#include "orchestrator/core/ramp.h"
#include "orchestrator/core/window.h"

namespace sitewide {
namespace {

constexpr std::size_t kZonesShown = 40;

std::string clock_of(Duration since_midnight) {
  return format_timestamp(Timestamp(since_midnight)).substr(11, 5);
}

std::string days_in_words(const std::array<bool, 7>& days) {
  constexpr std::string_view kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  std::string text;
  std::size_t open = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (!days[i]) continue;
    ++open;
    text += (text.empty() ? "" : ",") + std::string(kDays[i]);
  }
  return open == days.size() ? "daily" : text;
}

std::string in_utc(Timestamp at) {
  if (at >= kNever) return "never within 400 days";
  const std::string text = format_timestamp(at);
  return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

// `22:00 America/New_York (2026-11-24 03:00 UTC)`; what is open at `start` says so.
std::string next_of(const Schedule& schedule, std::uint32_t lane, Timestamp start) {
  if (any_open(schedule, lane, start)) return "open at the start";
  const Timestamp opens = next_opening(schedule, lane, start);
  const std::string there = local_opening(schedule, lane, opens);
  return "opens next at " + (there.empty() ? in_utc(opens) : there + " (" + in_utc(opens) + ")");
}

std::string window_in_words(const Window& window) {
  const std::string zone = window.zone_label.empty() ? escaped(window.zone, 60)
                                                     : "each client's own zone (label " +
                                                           escaped(window.zone_label, 60) + ")";
  return days_in_words(window.days) + " " + clock_of(window.start) + " for " +
         format_duration(window.length) + ", " + zone +
         (window.needs.count() > 0 ? ", with " + format_duration(window.needs) + " left" : "");
}

}  // namespace

std::string timing_of_group(const Schedule& schedule, std::uint32_t g, Timestamp start) {
  const ScheduledGroup& group = schedule.groups[g];
  std::string text;
  for (const ScheduledWindow& window : group.windows)
    text += "      triggers only in the window " + window_in_words(window.window) + "\n";
  std::map<std::string, std::pair<std::uint32_t, std::uint32_t>> zones;  // lane, clients
  for (std::uint32_t l = 0; !group.windows.empty() && l < schedule.lanes.size(); ++l) {
    const Lane& lane = schedule.lanes[l];
    if (lane.group != g || lane.adopted_by != kNone) continue;
    const std::string zone = lane.zone == kNone ? "" : schedule.zones[lane.zone].name;
    auto& [first, clients] = zones.try_emplace(zone, l, 0U).first->second;
    clients += lane.clients;
  }
  std::size_t shown = 0;
  for (const auto& [zone, lane] : zones) {
    if (++shown > kZonesShown) continue;
    const std::string who =
        zone.empty() ? "" : escaped(zone, 60) + ", " + count_of(lane.second, "client") + ": ";
    text += "        " + who + next_of(schedule, lane.first, start) + "\n";
  }
  if (shown > kZonesShown)
    text += "        … " + count_of(shown - kZonesShown, "further zone") + "\n";
  if (group.plan.recheck.count() > 0) {
    text += "      proven again " + format_duration(group.plan.recheck) +
            " after its proof; one that does not answer is tried for " +
            format_duration(group.plan.recheck_within) + "\n";
  }
  return text;
}

std::string rate_in_words(const Limits& limits) {
  if (limits.rate.count == 0) return {};
  if (!limits.ramp) return "Triggers start at " + format_rate(limits.rate) + " at most\n\n";
  return "Triggers start at " + format_rate(limits.rate) + " at most, doubled every " +
         format_duration(limits.ramp->double_every) + " up to " + format_rate(limits.ramp->to) +
         " while nine in ten of those triggered are proven\n\n";
}

}  // namespace sitewide
