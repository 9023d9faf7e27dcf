// What was done and said in the order of time: the report's operator actions and events. Pure.
#pragma once

#include <span>
#include <string>

#include "orchestrator/views/history.h"

namespace sitewide {

/// Orders, approvals among them: when, who, what, why. Orders that were refused too.
std::string actions_html(const Schedule& schedule, const History& history);
/// The last `shown` events that a person would follow, with a note of what was left out.
std::string events_html(const Schedule& schedule, std::span<const JournaledEvent> events,
                        std::size_t shown);

}  // namespace sitewide
