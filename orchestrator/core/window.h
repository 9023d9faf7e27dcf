// Maintenance windows: when triggers may start. Pure; local time comes from offsets that the
// schedule carries.
#pragma once

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
/// When the window that is open now closes for new starts; `now` when none is open.
Timestamp closes_at(const ScheduledWindow& window, Timestamp now);

}  // namespace sitewide
