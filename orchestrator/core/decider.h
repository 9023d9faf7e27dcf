// Decider: the inside of decide(), split over decide_*.cpp by what is decided. Every method answers
// one event or none and changes nothing. Not for others to include.
#pragma once

#include <optional>

#include "orchestrator/core/rollout.h"

namespace sitewide {

class Decider {
 public:
  Decider(const Rollout& rollout, Timestamp now)
      : r(rollout), now_(now), active_(rollout.active(now)) {}

  std::optional<Event> next();
  Timestamp next_wake() const;

 private:
  using Decision = std::optional<Event>;

  // --- decide.cpp: the order of precedence, and the end ---
  Decision end() const;
  Decision end_pause() const;
  Decision cut_short() const;
  bool services_in_doubt() const;
  bool triggers_wait(std::uint32_t lane) const;
  /// Whether a window of the lane is open; remembered until that changes.
  bool window_open(std::uint32_t lane) const { return window_view(lane).open; }
  const Rollout::WindowView& window_view(std::uint32_t lane) const;
  bool all_put_back() const;
  bool may_start_client() const;  ///< client and site actions of the plan itself
  bool may_watch() const;         ///< looking changes nothing: also while paused or halted
  bool may_restore() const;

  // --- decide_ramp.cpp ---
  Decision ramp() const;
  Timestamp ramp_wake() const;

  // --- decide_clients.cpp ---
  Decision client_attention() const;
  Decision after_success(std::uint32_t client) const;
  Decision put_back(std::uint32_t client) const;
  Decision after_failure(std::uint32_t client) const;
  Decision before_trigger(std::uint32_t client, const StepPolicy& policy,
                          const std::string& why) const;
  Decision out_of_reach(std::uint32_t client, const StepPolicy& policy,
                        const std::string& why) const;
  Decision restore_failed(std::uint32_t client, const StepPolicy& policy,
                          const std::string& why) const;
  Decision timer() const;
  Event settle(std::uint32_t client, ClientState state, std::string reason,
               bool final = false) const;
  Event lost(std::uint32_t client, const std::string& why) const;
  Event retry(std::uint32_t client, const StepPolicy& policy) const;
  StepPolicy policy_of(std::uint32_t client) const;

  // --- decide_groups.cpp ---
  Decision breach() const;
  Decision group() const;
  Decision group_next(std::uint32_t group) const;
  Decision wave_settled(std::uint32_t group) const;

  // --- decide_gates.cpp ---
  Decision gate(std::uint32_t group) const;
  Decision asked(const Subject& subject, const Gate& gate) const;
  Decision after_answer(const Subject& subject, const Gate& gate) const;
  Timestamp gate_wake(std::uint32_t group) const;
  static GateId gate_id(const Subject& gate);

  // --- decide_launch.cpp ---
  Decision launch() const;
  Decision launch_lane(std::uint32_t lane, bool& wait_for_others) const;
  Decision launch_restore() const;
  std::uint32_t next_to_restore(std::uint32_t group) const;
  Event start_client(std::uint32_t client, const StepPolicy& policy) const;
  bool may_trigger(std::uint32_t lane, std::uint32_t client) const;
  bool site_ready(std::uint32_t lane) const;

  // --- decide_sites.cpp ---
  Decision site() const;
  Decision site_next(std::uint32_t site) const;
  bool is_waited_for(std::uint32_t site) const;
  Decision site_failed(std::uint32_t site) const;
  /// The lane that the site's force is due for, once its wave has begun; or kNone.
  std::uint32_t force_due(std::uint32_t site) const;
  Decision force_next(std::uint32_t site) const;
  std::uint32_t waited_for(std::uint32_t site, std::uint32_t forcing) const;
  Timestamp force_wake(std::uint32_t site) const;
  std::uint32_t next_unkept(std::uint32_t site) const;
  Decision before_force(std::uint32_t site, std::uint32_t forcing, bool& wait) const;
  std::string force_over(std::uint32_t site, const Group& plan) const;
  Event start_site(std::uint32_t site, Step step) const;
  const PlannedStep& site_step(std::uint32_t site, Step step) const;

  // --- decide_rollback.cpp ---
  Decision rollback() const;
  Decision roll_back(Scope scope, const Subject& subject) const;
  Decision rollback_finished() const;

  const Rollout& r;
  Timestamp now_;
  Timestamp active_;
};

}  // namespace sitewide
