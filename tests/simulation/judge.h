// Judge: holds every invariant of README.md against what the journal says (Ledger) and what is true
// (World), event by event and effect by effect. It asks nothing of the code under test but its
// records and its schedule. Safety is here, and that what is due is done; that there is an end at
// all is the business of simulation.cpp.
#pragma once

#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "orchestrator/core/rollout.h"
#include "orchestrator/engine/order_source.h"
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
      ledger_.groups[g].tolerated = layout.groups[g].tolerate_failed;
    learn_procedures();
  }

  /// One turn's records, as they become durable.
  void turn(std::span<const Record> records);
  void controller_gone() { ledger_.controller_gone(world_.truly()); }
  /// A controller has nothing to do before this true time, unless somebody answers; kNever: at all.
  void waits(Timestamp until);
  /// An order was answered: by then it is in the journal, unless there was nothing left to do.
  void order_answered(const IncomingOrder& order, bool accepted);
  /// What screens and the shell are told of a rollout that has ended.
  void reports(const Rollout& rollout);
  /// The same of one that is halted when its controller leaves.
  void halts(const Rollout& rollout);

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
  std::pair<std::uint32_t, std::uint32_t> at_risk_beside(std::uint32_t client) const;
  std::uint32_t strict_bound(std::uint32_t client) const;
  std::uint32_t unproven_limit(std::uint32_t group) const { return layout_.groups[group].unproven; }
  std::uint32_t budget_of(std::uint32_t group) const;  ///< acknowledged failures included
  // --- judge_orders.cpp ---
  void ordered(const Record& record);
  void notes_order(const Record& record);
  bool is_done_already(const Order& order) const;

  // --- judge_lateness.cpp ---
  void learn_procedures();
  std::string_view next_step(std::uint32_t client) const;
  template <class... Words>
  void must_wake(Timestamp due, const Words&... words);
  bool is_too_old() const;
  Duration timeout_of(const std::string& step, std::uint32_t client) const;
  Duration site_timeout_of(const std::string& step, std::uint32_t site) const;
  static Duration within_of(const std::string& step, const Group& plan);
  std::optional<Duration> patience_of(std::uint32_t client) const;
  void attempts_are_late();
  bool is_tried_again(std::uint32_t group) const;
  void attempt_is_late(std::uint32_t client, const OpenAttempt& open);
  void is_overdue(const OpenAttempt& open, Duration timeout, const std::string& name);
  void look_is_late(Timestamp over, Duration poll, const OpenAttempt& open,
                    const std::string& name);
  void group_is_late(std::uint32_t group);
  void wave_is_late(std::uint32_t group);
  void gate_is_late(std::uint32_t group, const Gate& gate, const std::string& wave);
  void site_is_late(std::uint32_t site);
  void clients_are_late();
  void client_is_late(std::uint32_t client, bool slot);
  bool is_behind_a_force(std::uint32_t client) const;
  std::uint32_t may_be_at_risk_beside(std::uint32_t client) const;
  bool may_begin(std::uint32_t client, std::string_view step) const;

  // --- judge_patience.cpp ---
  void put_off(const Record& record);
  Duration between_restores(std::uint32_t client) const;
  Duration patience_left(std::uint32_t client, const std::string& step) const;
  void late_is_tried(const Record& record, std::uint32_t client);
  void is_given_up(const Record& record, std::uint32_t client);
  std::uint32_t forcing(std::uint32_t site) const;
  void goes_without_backup(const Record& record, std::uint32_t client);
  void force_is_decided(std::uint32_t site);

  // --- judge_timing.cpp ---
  bool rate_allows() const;
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
  bool hands_are_needed() const;
  bool holds_originals(std::uint32_t client) const;
  bool was_kept_late(std::uint32_t client) const;
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
  std::vector<std::vector<std::string_view>> procedures_;  ///< by group
  Timestamp truly_{}, reckoned_{}, until_{};               ///< while a controller waits
  std::int64_t seq_ = 0;
  Duration trigger_gap_{};            ///< that the rate asked for after the last trigger
  Timestamp last_trigger_{};          ///< true
  Timestamp last_trigger_wall_{};     ///< by the controller's clock
  std::int64_t last_trigger_by_ = 0;  ///< the controller's fence
  std::set<std::string> orders_;      ///< ids, in the journal; `refused <id>` of those refused
  std::set<std::string> in_turn_;     ///< kinds of events of the last turn
  bool was_paused_ = false, was_halted_ = false, was_rolling_back_ = false;  ///< when it began
};

}  // namespace sitewide::simulation
