// RolloutCheck: reads a rollout's journal as it is written and checks, event by event, what must
// hold whatever happens: the codec loses nothing, decisions can be derived again from a replay,
// every number adds up, and nothing starts that must not.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "orchestrator/core/record.h"
#include "orchestrator/core/rollout.h"
#include "orchestrator/core/subject_index.h"

namespace sitewide {

class RolloutCheck {
 public:
  explicit RolloutCheck(const Schedule& schedule);

  /// Takes in one turn's records.
  void turn(std::span<const Record> records);
  /// Compares with the rollout that the engine drives; at the end of each turn.
  void compare(const Rollout& live);
  /// While the controller waits, a replay must have nothing to decide either.
  void waits(Timestamp now);
  const Rollout& replayed() const { return rollout_; }
  const std::vector<std::string>& violations() const { return violations_; }

 private:
  void event(const Record& record, const Event& event);
  void derive(const Record& record, const Event& event);
  void before(const StepStarted& started);
  void before_client(const StepStarted& started);
  void before_trigger(const StepStarted& started);
  void before_restore(std::uint32_t client);
  void before_finished(const StepFinished& finished);
  void before_wave_passed(const WavePassed& passed);
  void before_rollback(const RollbackStarted& started);
  void before_rollback_finished();
  void before_end(RolloutState result);
  void after_turn();
  void must(bool holds, const std::string& what);

  const Schedule& schedule_;
  SubjectIndex subjects_;
  Rollout rollout_;
  Timestamp now_{};
  std::string at_;  ///< the event in words
  std::set<std::uint32_t>
      joined_late_;    ///< a running rollback's clients that had to end something first
  bool news_ = false;  ///< since the controller waited last
  std::vector<std::string> violations_;
};

}  // namespace sitewide
