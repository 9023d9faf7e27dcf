// Maintenance windows: when triggers may start. Pure; local time comes from offsets that the
// schedule carries.
#pragma once

#include <string>

#include "orchestrator/core/schedule.h"

namespace sitewide {

/// True when `now` lies in the window and at least `needs` is left before it closes. The start day
/// counts: a window of Friday 22:00 for 7h is open on Saturday at 04:00. A start that the spring
/// change skips moves forward to the change; one that happens twice in autumn is the first.
bool is_open(const ScheduledWindow& window, Timestamp now);
/// True when there are no windows, or one of them is open.
bool any_open(const std::vector<ScheduledWindow>& windows, Timestamp now);
/// The next instant after `now` at which a window opens; kNever when there is none within 400 days.
Timestamp next_opening(const std::vector<ScheduledWindow>& windows, Timestamp now);
/// The same for the clients of a lane, each window in its own zone or in theirs.
bool any_open(const Schedule& schedule, std::uint32_t lane, Timestamp now);
Timestamp next_opening(const Schedule& schedule, std::uint32_t lane, Timestamp now);
/// The instant until which any_open answers the same for the lane; kNever when nothing changes.
Timestamp next_change(const Schedule& schedule, std::uint32_t lane, Timestamp now);
/// `22:00 America/New_York`: the opening at `at` as those who live there see it; empty when no
/// window of the lane opens then, or its zone is UTC.
std::string local_opening(const Schedule& schedule, std::uint32_t lane, Timestamp at);
/// The windows of a lane's group, each with the offsets and the name of the zone that counts there.
std::vector<ScheduledWindow> windows_as_clocked(const Schedule& schedule, std::uint32_t lane);
/// When the window that is open now closes for new starts; `now` when none is open.
Timestamp closes_at(const ScheduledWindow& window, Timestamp now);

}  // namespace sitewide
