// Engine: the one loop. It records what happened, asks decide() what follows, makes both durable,
// shows them, and only then acts. Starting anew is the same loop after a replay; there is no repair
// path.
//
// Threads: one. Ownership: borrows everything. It never starts an action that is not journaled, and
// never goes on after the journal failed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "orchestrator/base/result.h"
#include "orchestrator/core/subject_index.h"
#include "orchestrator/engine/clock.h"
#include "orchestrator/engine/executor.h"
#include "orchestrator/engine/order_source.h"
#include "orchestrator/journal/journal.h"
#include "orchestrator/views/reporter.h"

namespace sitewide {

struct EngineParts {
  Rollout& rollout;
  const SubjectIndex& subjects;
  Adapter& adapter;
  Clock& clock;
  Journal* journal = nullptr;     ///< null: nothing is recorded (preview)
  OrderSource* orders = nullptr;  ///< null: none
  std::vector<Reporter*> reporters;
};

class Engine {
 public:
  explicit Engine(EngineParts parts);

  /// Drives the rollout until it rests (ended, or halted with everything observed) or was asked to
  /// stop. `first` is recorded before anything else: RolloutCreated, ControllerStarted, orders
  /// given with the command. An error of kind journal: nothing is known about the last turn; a
  /// fresh replay tells.
  Result<> run(std::vector<Event> first);

  /// Start nothing more, leave when what runs has ended. Safe to call from a handler on the
  /// engine's thread.
  void stop(std::string reason) { stop_reason_ = std::move(reason); }
  /// Leave now; what runs becomes in doubt.
  void leave() { leave_ = true; }

 private:
  struct Turn {
    Timestamp now{};
    std::vector<JournaledEvent> events;
    std::vector<Record> records;
    std::vector<OutputRecord> outputs;
    std::vector<std::pair<std::string, std::string>>
        answered;  // order id, why refused (empty: accepted)
  };

  void add(Turn& turn, Event event, Output output = {});
  void take_observations(Turn& turn);
  void take_orders(Turn& turn);
  void decide_all(Turn& turn);
  Result<> commit(Turn& turn);
  void show(const Turn& turn);
  bool finished() const;

  EngineParts parts_;
  Executor executor_;
  std::string stop_reason_;
  bool leave_ = false;
  std::int64_t seq_ = 0;
};

}  // namespace sitewide
