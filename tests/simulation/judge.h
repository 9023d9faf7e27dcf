// Judge: holds every invariant of README.md against what the journal says (Ledger) and what is true
// (World), event by event and effect by effect. It asks nothing of the code under test but its
// records and its schedule. Safety is here; liveness is the business of simulation.cpp.
#pragma once

#include <span>
#include <string>
#include <utility>

#include "orchestrator/core/rollout.h"
#include "tests/simulation/ledger.h"
#include "tests/simulation/violation.h"
#include "tests/simulation/world.h"

namespace sitewide::simulation {

class Judge : public Witness {
 public:
  Judge(const Schedule& schedule, const Layout& layout, const World& world, Violations& violations)
      : schedule_(schedule),
        layout_(layout),
        world_(world),
        violations_(violations),
        ledger_(layout, schedule.sites.size(), schedule.groups.size()) {
    for (std::size_t g = 0; g < schedule.groups.size(); ++g)
      ledger_.groups[g].tolerated = schedule.groups[g].tolerate_failed;
  }

  /// One turn's records, as they become durable.
  void turn(std::span<const Record> records);
  void controller_gone() { ledger_.controller_gone(world_.truly()); }
  /// An order was answered: by then it is in the journal.
  void order_answered(std::uint32_t order_events_before);
  std::uint32_t order_events() const { return order_events_; }
  /// What screens and the shell are told of a rollout that has ended.
  void reports(const Rollout& rollout);

  void action_starts(const Action& action) override;
  void launch_begins(const Key& key) override;
  void client_changes(std::uint32_t client, const Files& before) override;

  const Ledger& ledger() const { return ledger_; }

 private:
  // --- judge_events.cpp ---
  void event(const Record& record);
  void starts(const Record& record);
  void client_starts(const Record& record, std::uint32_t client);
  void trigger_starts(const Record& record, std::uint32_t client);
  void tries(const Record& record, const Tries* tries, const StepPolicy& policy);
  void finishes(const Record& record);
  void group_event(const Record& record);
  void wave_passes(const Record& record, std::uint32_t group);
  void gate_passes(const Record& record, std::uint32_t group);
  void gate_is_asked(const Record& record);
  void gate_answers(const Record& record);
  void plan_pauses();
  const Gate* gate_of(const std::string& subject, Subject& gate) const;
  void after_turn();
  void ordered(const Record& record);

  // --- judge_timing.cpp ---
  bool window_open(std::uint32_t group, std::uint32_t client, Timestamp at) const;
  Rate rate_now() const;
  void triggers_at_rate(const std::string& what);
  std::pair<std::uint32_t, std::uint32_t> unproven_before(Timestamp cut) const;
  void rate_raised(const Record& record);
  void recheck_starts(std::uint32_t client);
  void withdraws(const Record& record, std::uint32_t client);
  void rechecks_are_over(const std::string& result);
  void reconciles(const Rollout& rollout);

  // --- judge_ends.cpp ---
  void settles(const Record& record);
  bool has_strays(std::uint32_t client) const;
  void put_back_twice(std::uint32_t client, const std::string& what);
  void rollback_starts(const Record& record);
  void rollback_finishes(const Record& record);
  void rollout_ends(const Record& record);
  bool holds_originals(std::uint32_t client) const;
  bool is_ours(std::uint32_t client) const;  ///< to put back

  // --- judge_effects.cpp ---
  void client_action(const Action& action);
  void force_starts(std::uint32_t site);
  void site_is_undone(std::uint32_t site);

  template <class... Words>
  void found(int invariant, const Words&... words) {
    if (!violations_.wants(invariant)) return;
    std::string text;
    ((text += words), ...);
    violations_.add(invariant, std::move(text));
  }

  const Schedule& schedule_;
  const Layout& layout_;
  const World& world_;
  Violations& violations_;
  Ledger ledger_;
  std::int64_t seq_ = 0;
  Timestamp last_trigger_{};          ///< true
  Timestamp last_trigger_wall_{};     ///< by the controller's clock
  std::int64_t last_trigger_by_ = 0;  ///< the controller's fence
  std::uint32_t order_events_ = 0;
};

}  // namespace sitewide::simulation
