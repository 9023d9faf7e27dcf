// The timeline of the report: a bar a wave, gate, site step and rollback, over time, pauses, halts
// and times without a controller across all of them, as inline SVG. Pure.
#pragma once

#include <string>

#include "orchestrator/views/history.h"

namespace sitewide {

/// `until`: where what goes on is drawn to. Empty when nothing has happened. With its key below.
std::string timeline_html(const Schedule& schedule, const History& history, Timestamp until);

}  // namespace sitewide
