// What writing and reading events share. Not for others than event_codec's own files.
#pragma once

#include <array>
#include <boost/json.hpp>

#include "orchestrator/core/event_codec.h"

namespace sitewide {

inline constexpr std::array<std::string_view, 6> kScopes = {"none",    "wave",   "group",
                                                            "rollout", "client", "site"};

/// Fills step, outcome and detail of a row.
void write_event(const Schedule& schedule, const Event& event, Record& record);

/// Reads a row whose kind is the `index`-th alternative of Event; an error says what is wrong with
/// it.
Result<Event> read_event(const SubjectIndex& subjects, const Record& record, std::size_t index);

}  // namespace sitewide
