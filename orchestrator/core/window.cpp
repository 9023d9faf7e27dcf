#include "orchestrator/core/window.h"

#include <algorithm>

namespace sitewide {
namespace {

using std::chrono::days;
using Offsets = std::vector<ZoneOffset>;

// A window with the offsets of the zone that it opens in.
struct Clocked {
  const Window& window;
  const Offsets& offsets;
};

Duration offset_at(const Offsets& offsets, Timestamp at) {
  Duration offset{};
  for (const ZoneOffset& zone : offsets) {
    if (zone.from > at && &zone != &offsets.front()) break;
    offset = zone.offset;
  }
  return offset;
}

// The instant of a local time: the earliest one that shows it, or the change that skips it.
Timestamp instant_of(const Offsets& offsets, Timestamp local) {
  if (offsets.empty()) return local;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const Timestamp candidate = local - offsets[i].offset;
    const bool begins = i == 0 || candidate >= offsets[i].from;
    const bool ends = i + 1 < offsets.size() && candidate >= offsets[i + 1].from;
    if (begins && !ends) return candidate;
    const bool skipped = i > 0 && candidate < offsets[i].from;
    if (skipped) return offsets[i].from;
  }
  return local - offsets.back().offset;
}

struct Opening {
  Timestamp begin, end;  // end: the last instant at which something may start
};

// The window's occurrence that starts on the local day `day`, if it starts on that weekday.
std::optional<Opening> occurrence(const Clocked& clocked, std::chrono::sys_days day) {
  const Window& window = clocked.window;
  const auto weekday = std::chrono::weekday(day).iso_encoding() - 1;
  if (!window.days[weekday]) return std::nullopt;
  const Timestamp begin = instant_of(clocked.offsets, Timestamp(day) + window.start);
  const Timestamp end = begin + window.length - window.needs;
  if (end < begin) return std::nullopt;
  return Opening{begin, end};
}

std::chrono::sys_days local_day(const Clocked& clocked, Timestamp at) {
  return std::chrono::floor<days>(at + offset_at(clocked.offsets, at));
}

std::optional<Opening> current(const Clocked& clocked, Timestamp now) {
  const auto today = local_day(clocked, now);
  const int back = static_cast<int>(clocked.window.length / days(1)) + 2;
  for (int i = 0; i <= back; ++i) {
    const auto opening = occurrence(clocked, today - days(i));
    if (opening && opening->begin <= now && now < opening->end) return opening;
  }
  return std::nullopt;
}

Timestamp opens_after(const Clocked& clocked, Timestamp now) {
  const auto today = local_day(clocked, now);
  for (int i = -1; i < 400; ++i) {
    const auto opening = occurrence(clocked, today + days(i));
    if (opening && opening->begin > now) return opening->begin;
  }
  return kNever;
}

Clocked clocked(const ScheduledWindow& window) { return {window.window, window.offsets}; }

// As the clients of the lane see it.
Clocked clocked(const Schedule& schedule, std::uint32_t lane, const ScheduledWindow& window) {
  const std::uint32_t zone = schedule.lanes[lane].zone;
  const bool local = !window.window.zone_label.empty() && zone != kNone;
  return {window.window, local ? schedule.zones[zone].offsets : window.offsets};
}

const std::vector<ScheduledWindow>& windows_of(const Schedule& schedule, std::uint32_t lane) {
  return schedule.groups[schedule.lanes[lane].group].windows;
}

}  // namespace

bool is_open(const ScheduledWindow& window, Timestamp now) {
  return current(clocked(window), now).has_value();
}

bool any_open(const std::vector<ScheduledWindow>& windows, Timestamp now) {
  return windows.empty() || std::any_of(windows.begin(), windows.end(),
                                        [&](const auto& window) { return is_open(window, now); });
}

bool any_open(const Schedule& schedule, std::uint32_t lane, Timestamp now) {
  const auto& windows = windows_of(schedule, lane);
  return windows.empty() || std::any_of(windows.begin(), windows.end(), [&](const auto& window) {
           return current(clocked(schedule, lane, window), now).has_value();
         });
}

Timestamp closes_at(const ScheduledWindow& window, Timestamp now) {
  const auto opening = current(clocked(window), now);
  return opening ? opening->end : now;
}

Timestamp next_opening(const std::vector<ScheduledWindow>& windows, Timestamp now) {
  Timestamp next = kNever;
  for (const ScheduledWindow& window : windows)
    next = std::min(next, opens_after(clocked(window), now));
  return next;
}

Timestamp next_opening(const Schedule& schedule, std::uint32_t lane, Timestamp now) {
  Timestamp next = kNever;
  for (const ScheduledWindow& window : windows_of(schedule, lane))
    next = std::min(next, opens_after(clocked(schedule, lane, window), now));
  return next;
}

Timestamp next_change(const Schedule& schedule, std::uint32_t lane, Timestamp now) {
  if (windows_of(schedule, lane).empty()) return kNever;
  Timestamp closes = kNever;
  for (const ScheduledWindow& window : windows_of(schedule, lane)) {
    const auto opening = current(clocked(schedule, lane, window), now);
    if (opening) closes = std::min(closes, opening->end);
  }
  return closes < kNever ? closes : next_opening(schedule, lane, now);
}

std::string local_opening(const Schedule& schedule, std::uint32_t lane, Timestamp at) {
  for (const ScheduledWindow& window : windows_of(schedule, lane)) {
    const Clocked zoned = clocked(schedule, lane, window);
    const auto opening = current(zoned, at);
    if (!opening || opening->begin != at) continue;
    const std::uint32_t zone = schedule.lanes[lane].zone;
    const bool local = !window.window.zone_label.empty() && zone != kNone;
    const std::string& name = local ? schedule.zones[zone].name : window.window.zone;
    if (name == "UTC") return {};
    const Timestamp shown = at + offset_at(zoned.offsets, at);
    return format_timestamp(shown).substr(11, 5) + " " + name;
  }
  return {};
}

std::vector<ScheduledWindow> windows_as_clocked(const Schedule& schedule, std::uint32_t lane) {
  std::vector<ScheduledWindow> windows = windows_of(schedule, lane);
  const std::uint32_t zone = schedule.lanes[lane].zone;
  for (ScheduledWindow& window : windows) {
    if (window.window.zone_label.empty() || zone == kNone) continue;
    window.window.zone = schedule.zones[zone].name;
    window.offsets = schedule.zones[zone].offsets;
  }
  return windows;
}

}  // namespace sitewide
