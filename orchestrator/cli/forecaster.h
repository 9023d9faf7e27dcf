// Forecaster: tells a live screen when things are expected to end. Makes a forecast from time to
// time on a thread of its own, seldom enough that it takes a small part of one processor. Threads:
// its methods are for one.
#pragma once

#include <atomic>
#include <future>
#include <optional>

#include "orchestrator/preview/outlook.h"
#include "orchestrator/views/outlook.h"

namespace sitewide {

class Forecaster {
 public:
  /// `past`: what attempts took before the view began.
  explicit Forecaster(Durations past) : durations_(std::move(past)) {}
  /// Ends a forecast that is being made.
  ~Forecaster();
  Forecaster(const Forecaster&) = delete;
  Forecaster& operator=(const Forecaster&) = delete;

  void note(const Event& event, Timestamp at) { durations_.note(event, at); }
  /// The forecast that was finished since, if any; begins a new one when it is time, and `changed`
  /// says that the last one may be wrong by now.
  std::optional<Outlook> look(const Rollout& rollout, Timestamp now, bool changed);

 private:
  using Steady = std::chrono::steady_clock;

  Durations durations_;
  std::future<Ahead> making_;
  std::atomic<bool> stop_ = false;
  bool stale_ = true;
  Steady::time_point begun_{};
  Steady::time_point next_{};
};

}  // namespace sitewide
