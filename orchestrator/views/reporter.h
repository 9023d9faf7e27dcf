// Reporter: a view of a rollout. It is told what became durable, and may look at the rollout; it
// can change nothing and must not block. A reporter that throws is dropped with a warning and the
// rollout goes on.
#pragma once

#include <span>

#include "orchestrator/core/rollout.h"

namespace sitewide {

/// An event as the journal has it.
struct JournaledEvent {
  std::int64_t seq = 0;
  Timestamp at{};
  Event event;
};

class Reporter {
 public:
  virtual ~Reporter() = default;
  /// Called once a turn with what was journaled in it, in order; the rollout has all of it applied.
  virtual void report(std::span<const JournaledEvent> events, const Rollout& rollout) = 0;
  /// Called from time to time while nothing happens, so that clocks on the screen go on.
  virtual void tick(Timestamp now, const Rollout& rollout) { (void)now, (void)rollout; }
};

}  // namespace sitewide
