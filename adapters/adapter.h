// Adapter: the engine's one way to touch the world. A real one drives transports and sites; the
// simulated one of preview/ plays them on a virtual clock.
//
// Threads: start() and stop() are called on the engine's thread and must not block; answers are
// delivered on that thread too. Ownership: the adapter borrows the Answers sink, which outlives it.
// It never decides, never writes the journal, and never starts anything that start() did not ask
// for.
#pragma once

#include "orchestrator/core/outcome.h"

namespace sitewide {

/// Where an adapter delivers. Each started action gets exactly one answer unless stop() came first.
class Answers {
 public:
  virtual ~Answers() = default;
  virtual void deliver(const Action& action, Answer answer) = 0;
};

class Adapter {
 public:
  virtual ~Adapter() = default;

  /// Begins the action and returns at once. An action that cannot even begin is answered too, never
  /// dropped. execute: the answer comes by action.deadline plus a short grace, as `done` or
  /// `in_doubt`.
  virtual void start(const Action& action, Answers& answers) = 0;

  /// Nobody waits for this action's answer any more. Reads are ended; an effect that is under way
  /// is left to finish (half an upgrade is worse than a whole one) and its answer is still
  /// delivered.
  virtual void stop(const Action& action) = 0;

  /// An abort cuts a client's action off, executed by this controller or by one that is gone:
  /// programs get SIGTERM, after a grace SIGKILL. One that was started here is answered all the
  /// same, as `in_doubt` unless it had ended. What cannot be ended finishes.
  virtual void cancel(const Action& action) { static_cast<void>(action); }
};

}  // namespace sitewide
