// The timeline of the report: a bar a wave, gate, site step and rollback, over time, as inline SVG.
#pragma once

#include <string>

#include "orchestrator/views/history.h"

namespace sitewide {

/// `until`: where what goes on is drawn to. Empty when nothing has happened.
std::string timeline_svg(const Schedule& schedule, const History& history, Timestamp until);

}  // namespace sitewide
