// Schedule ⇄ text, as the journal and saved previews keep it: one line of JSON, then one
// tab-separated line a client. The text is canonical, so its digest names the schedule. Pure.
#pragma once

#include <string>
#include <string_view>

#include "orchestrator/base/result.h"
#include "orchestrator/core/schedule.h"

namespace sitewide {

/// The canonical text; `schedule.digest` itself is not part of it.
std::string encode_schedule(const Schedule& schedule);
/// Reads it back and sets `digest`. An error of kind journal names what cannot be read.
Result<Schedule> decode_schedule(std::string_view text);

}  // namespace sitewide
