#include "orchestrator/core/window.h"

#include <algorithm>

namespace sitewide {
namespace {

using std::chrono::days;

Duration offset_at(const ScheduledWindow& window, Timestamp at) {
  Duration offset{};
  for (const ZoneOffset& zone : window.offsets) {
    if (zone.from > at && &zone != &window.offsets.front()) break;
    offset = zone.offset;
  }
  return offset;
}

// The instant of a local time: the earliest one that shows it, or the change that skips it.
Timestamp instant_of(const ScheduledWindow& window, Timestamp local) {
  if (window.offsets.empty()) return local;
  for (std::size_t i = 0; i < window.offsets.size(); ++i) {
    const Timestamp candidate = local - window.offsets[i].offset;
    const bool begins = i == 0 || candidate >= window.offsets[i].from;
    const bool ends = i + 1 < window.offsets.size() && candidate >= window.offsets[i + 1].from;
    if (begins && !ends) return candidate;
    const bool skipped = i > 0 && candidate < window.offsets[i].from;
    if (skipped) return window.offsets[i].from;
  }
  return local - window.offsets.back().offset;
}

struct Opening {
  Timestamp begin, end;  // end: the last instant at which something may start
};

// The window's occurrence that starts on the local day `day`, if it starts on that weekday.
std::optional<Opening> occurrence(const ScheduledWindow& window, std::chrono::sys_days day) {
  const auto weekday = std::chrono::weekday(day).iso_encoding() - 1;
  if (!window.window.days[weekday]) return std::nullopt;
  const Timestamp begin = instant_of(window, Timestamp(day) + window.window.start);
  const Timestamp end = begin + window.window.length - window.window.needs;
  if (end < begin) return std::nullopt;
  return Opening{begin, end};
}

std::chrono::sys_days local_day(const ScheduledWindow& window, Timestamp at) {
  return std::chrono::floor<days>(at + offset_at(window, at));
}

std::optional<Opening> current(const ScheduledWindow& window, Timestamp now) {
  const auto today = local_day(window, now);
  const int back = static_cast<int>(window.window.length / days(1)) + 2;
  for (int i = 0; i <= back; ++i) {
    const auto opening = occurrence(window, today - days(i));
    if (opening && opening->begin <= now && now < opening->end) return opening;
  }
  return std::nullopt;
}

}  // namespace

bool is_open(const ScheduledWindow& window, Timestamp now) {
  return current(window, now).has_value();
}

bool any_open(const std::vector<ScheduledWindow>& windows, Timestamp now) {
  return windows.empty() || std::any_of(windows.begin(), windows.end(),
                                        [&](const auto& window) { return is_open(window, now); });
}

Timestamp closes_at(const ScheduledWindow& window, Timestamp now) {
  const auto opening = current(window, now);
  return opening ? opening->end : now;
}

Timestamp next_opening(const std::vector<ScheduledWindow>& windows, Timestamp now) {
  Timestamp next = kNever;
  for (const ScheduledWindow& window : windows) {
    const auto today = local_day(window, now);
    for (int i = -1; i < 400; ++i) {
      const auto opening = occurrence(window, today + days(i));
      if (!opening || opening->begin <= now) continue;
      next = std::min(next, opening->begin);
      break;
    }
  }
  return next;
}

}  // namespace sitewide
