// Event ⇄ Record: how events lie in the journal, by stable names. A format, once released, is read
// for ever (tests/recorded). Pure.
#pragma once

#include <span>
#include <string_view>

#include "orchestrator/base/result.h"
#include "orchestrator/core/event.h"
#include "orchestrator/core/record.h"
#include "orchestrator/core/subject_index.h"

namespace sitewide {

/// Version of the rows this program writes.
inline constexpr int kEventFormat = 1;

/// The row for an event; `seq` stays 0 until the journal gives one.
Record encode(const Schedule& schedule, const Event& event, Timestamp at);

/// The event of a row. Unknown kinds, subjects and words are errors of kind journal that name the
/// row.
Result<Event> decode(const SubjectIndex& subjects, const Record& record);

/// The names of all kinds of event, in the order of Event's alternatives.
std::span<const std::string_view> event_kinds();

}  // namespace sitewide
