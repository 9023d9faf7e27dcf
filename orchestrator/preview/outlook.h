// Outlook: how a rollout that is under way is expected to go on, by running the real engine from
// where it stands on a Simulator that takes as long as attempts took so far. Waves, soaks, windows
// and rates count; nothing is taken to go wrong. Pure; costs O(clients that are left).
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <vector>

#include "orchestrator/core/rollout.h"
#include "orchestrator/preview/simulator.h"
#include "orchestrator/views/reporter.h"

namespace sitewide {

/// How long attempts that went well took, by step: the mean of those seen.
class Durations {
 public:
  /// Folds an event in; in the order of the journal.
  void note(const Event& event, Timestamp at);
  /// What a Simulator may take for granted; the usual guesses for steps of which none was seen.
  AssumedDurations assumed() const;

 private:
  struct Mean {
    std::int64_t total_ms = 0;
    std::int64_t count = 0;
  };
  struct Open {
    Step step = Step::inspect;
    Timestamp since{};
    Timestamp deadline{};
  };
  std::optional<Duration> mean(Step step) const;

  std::map<Subject, Open> open_;
  std::map<Step, Mean> means_;
  double converge_parts_ = 0;  // of what the plan allows, summed
  std::int64_t converged_ = 0;
};

/// When things will be over.
struct Ahead {
  std::optional<Timestamp> end;                  ///< nothing: it comes to no end by itself
  std::vector<std::optional<Timestamp>> groups;  ///< when each that has not passed does
  bool needs_somebody = false;                   ///< with approvals given at once, and pauses ended
};

/// `rollout` is a copy, and played to its end. Halted rollouts and those that are rolled back have
/// no outlook. Gives up, without one, once `stop` is set; it may be set from another thread.
Ahead look_ahead_from(Rollout rollout, Timestamp now, const AssumedDurations& durations,
                      const std::atomic<bool>& stop);

}  // namespace sitewide
