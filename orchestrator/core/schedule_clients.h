// The part of a schedule's text that lists its clients: a heading, then one tab-separated line
// each.
#pragma once

#include <string>
#include <string_view>

#include "orchestrator/core/schedule.h"

namespace sitewide {

/// Adds heading and lines to `text`.
void append_clients(const Schedule& schedule, std::string& text);
/// Reads them into schedule.clients and lane_of; false when a line cannot be read.
bool load_clients(std::string_view text, Schedule& schedule);
/// Cuts `text` at the first `separator` and returns what stood before it.
std::string_view take(std::string_view& text, char separator);

}  // namespace sitewide
