// Stage: a rollout under the real engine in a ScriptedWorld, with a journal in memory. Several
// controllers may follow one another; each starts from what the journal holds.
#pragma once

#include <memory>

#include "tests/support/scene.h"
#include "tests/support/scripted_world.h"

namespace sitewide {

class MemoryJournal : public Journal {
 public:
  Result<> append(std::span<Record> records, std::span<const OutputRecord> outputs) override;

  std::vector<Record> records;
  std::size_t turns = 0;
  std::size_t fails_at = SIZE_MAX;          ///< the turn that cannot be written, counted from 0
  std::vector<std::string>* log = nullptr;  ///< notes each kind and subject here too
};

class Stage {
 public:
  explicit Stage(ScenePlan plan);

  /// Runs one controller until the engine leaves. What is stuck for want of a human ends there as
  /// well.
  /// `orders` are given with the command, as `resume --retry-failed` does.
  Result<> run(const std::vector<Order>& orders = {});
  /// As run, but the controller leaves at that time, what runs being in doubt afterwards.
  Result<> run_until(Duration after_start);

  ScriptedWorld& world() { return *world_; }
  MemoryJournal& journal() { return journal_; }
  /// As the journal tells it.
  const Rollout& rollout() const { return *rollout_; }
  const Schedule& schedule() const { return schedule_; }
  ClientState state(const std::string& client) const;
  std::vector<Reporter*>& reporters() { return reporters_; }
  Engine* engine() { return engine_; }
  /// The journal in words, one event a line, times counted from the start.
  std::string transcript() const;
  std::uint32_t times(const std::string& kind) const;

 private:
  Schedule schedule_;
  std::unique_ptr<SubjectIndex> subjects_;
  std::unique_ptr<ScriptedWorld> world_;
  std::unique_ptr<Rollout> rollout_;
  MemoryJournal journal_;
  std::vector<Reporter*> reporters_;
  Engine* engine_ = nullptr;
  Timestamp start_{};
};

}  // namespace sitewide
