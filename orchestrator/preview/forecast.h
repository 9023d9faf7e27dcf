// Forecast: what a plan would do and when, by running the real engine on a Simulator. A plain fold
// over the events.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/core/schedule.h"
#include "orchestrator/preview/simulator.h"
#include "orchestrator/views/reporter.h"

namespace sitewide {

/// One line of the timeline.
struct ForecastMoment {
  Timestamp at;
  Subject subject;
  std::string text;  ///< `wave 2 of canary starts`, `approval change-board is needed` …
};

struct Forecast {
  Timestamp start{};
  Timestamp end{};
  RolloutState result = RolloutState::completed;  ///< or where it stopped
  std::string halt_reason;
  std::vector<ForecastMoment> moments;
  std::vector<JournaledEvent> events;  ///< only when asked for
  std::uint64_t event_count = 0;
  std::array<std::uint32_t, kClientStates> counts{};
};

struct ForecastOptions {
  Timestamp start{};
  AssumedDurations durations;
  Fates fates;
  bool keep_events = false;
  Reporter* watcher = nullptr;  ///< is told every event; null: nobody
};

/// Plays the schedule to its end, or to where it halts. Approvals are taken to be given when they
/// are asked for.
Forecast forecast(const Schedule& schedule, const ForecastOptions& options);

}  // namespace sitewide
