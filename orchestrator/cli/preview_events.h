// The events that a forecast expects a run to write, one by one, as `preview --events` shows them.
#pragma once

#include <string>

#include "orchestrator/core/schedule.h"
#include "orchestrator/preview/forecast.h"

namespace sitewide {

/// One line each: expected time and sentence.
std::string preview_events_text(const Schedule& schedule, const Forecast& forecast);
/// One `preview.event` object each; its `event` is what `run --json` prints for it.
std::string preview_events_json(const Schedule& schedule, const Forecast& forecast);

}  // namespace sitewide
