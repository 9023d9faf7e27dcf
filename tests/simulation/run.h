// Run: the inside of simulate(): one rollout, all its controllers. Not for others to include.
#pragma once

#include <memory>
#include <optional>

#include "orchestrator/core/subject_index.h"
#include "orchestrator/engine/engine.h"
#include "tests/simulation/audit.h"
#include "tests/simulation/judge.h"
#include "tests/simulation/operator.h"
#include "tests/simulation/random_plan.h"
#include "tests/simulation/simulation.h"
#include "tests/simulation/store.h"

namespace sitewide::simulation {

class Run {
 public:
  Run(const Options& options, Schedule schedule);
  Report run();

 private:
  // One controller's view of the journal.
  struct Dying : Journal {
    Dying(Run& owner, std::unique_ptr<Journal> journal) : run(owner), inner(std::move(journal)) {}
    Result<> append(std::span<Record> records, std::span<const OutputRecord> outputs) override;
    Run& run;
    std::unique_ptr<Journal> inner;
    std::uint32_t commits = 0;
  };

  // The world's clock, and what a controller that waits is held to.
  struct Watched : Clock {
    explicit Watched(Run& owner) : run(owner) {}
    Timestamp now() override { return run.world_.now(); }
    void wait(Timestamp until) override;
    Duration jump() override { return run.world_.jump(); }
    Run& run;
  };

  Chance& weather();
  std::uint32_t orders() const;
  bool controller();
  void prepare_death(const Rollout& rollout);
  void interrupt(Engine& engine, std::uint32_t waits);
  void parked(const Rollout& rollout, Engine& engine);
  std::vector<Event> opening(const Rollout& rollout);
  bool ended(const Rollout& rollout);
  bool passes(bool halted);
  bool breaches_abreast(const std::string& breached) const;
  bool say(int invariant, std::string what);
  void take(std::span<const Record> records);
  void note(const std::string& what);
  void write_down(std::span<const Record> records);

  const Options& options_;
  Schedule schedule_, engine_schedule_;
  Layout layout_;
  Chance chance_;
  World world_;
  bool thorough_;
  Violations violations_, audit_violations_;
  Judge judge_;
  Operator people_;
  std::unique_ptr<SubjectIndex> subjects_;
  std::unique_ptr<Audit> audit_;
  std::unique_ptr<Store> store_;
  std::vector<Record> durable_;
  Lifeline life_;
  std::uint32_t fence_ = 0, halts_ = 0, ended_ = 0;
  Timestamp waited_{};
  std::uint32_t still_ = 0;  // waits in which no time passed
  bool leaving_ = false;
  Report report_;
};

}  // namespace sitewide::simulation
