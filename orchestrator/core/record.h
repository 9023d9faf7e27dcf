// Record: an event as the journal stores it: named columns and one JSON object for the rest. Plain
// value.
#pragma once

#include <cstdint>
#include <string>

#include "orchestrator/core/time.h"

namespace sitewide {

struct Record {
  std::int64_t seq = 0;  ///< counted from 1 without a gap; given by the journal
  Timestamp at{};        ///< the turn's `now`
  std::string kind;      ///< `step_started`, `wave_passed` …: stable names, see event_codec.h
  std::string subject;   ///< see subject_name()
  std::string step;      ///< empty when the event has none
  std::uint32_t attempt = 0;
  std::string outcome;  ///< empty when the event has none
  std::string detail;   ///< a JSON object, or empty

  friend bool operator==(const Record&, const Record&) = default;
};

}  // namespace sitewide
