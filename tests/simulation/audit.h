// Audit: reads a rollout's journal as it is written and holds the core against itself, event by
// event: the codec loses nothing, every prefix replays, decisions can be derived again from a
// replay, every number adds up, and nothing starts that the core's own state forbids. What it asks
// is the code under test; the Judge asks nobody.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "orchestrator/core/record.h"
#include "orchestrator/core/rollout.h"
#include "orchestrator/core/subject_index.h"
#include "tests/simulation/violation.h"

namespace sitewide::simulation {

class Audit {
 public:
  /// `thorough`: each decision is derived again from a fresh copy, each number counted anew after
  /// each event; else after each turn.
  Audit(const Schedule& schedule, Violations& violations, bool thorough);

  /// Takes in one turn's records.
  void turn(std::span<const Record> records);
  /// Compares with the rollout that the engine drives; at the end of each turn.
  void compare(const Rollout& live);
  /// While the controller waits, a replay must have nothing to decide either, now or before the
  /// controller wakes.
  void waits(Timestamp now);
  const Rollout& replayed() const { return rollout_; }

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
  void sleeps(Timestamp now);
  void must(bool holds, const char* what, int invariant = 0) {
    if (!holds) must(false, std::string(what), invariant);
  }
  void must(bool holds, const std::string& what, int invariant = 0);

  const Schedule& schedule_;
  SubjectIndex subjects_;
  Rollout rollout_;
  Timestamp now_{};
  std::string at_;  ///< the event in words
  std::set<std::uint32_t>
      joined_late_;    ///< a running rollback's clients that had to end something first
  bool news_ = false;  ///< since the controller waited last
  Violations& violations_;
  bool thorough_;
};

}  // namespace sitewide::simulation
