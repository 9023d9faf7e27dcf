// Applier: how each event changes a rollout; the inside of Rollout::apply, split over apply_*.cpp
// by what is concerned. Not for others to include.
#pragma once

#include "orchestrator/core/rollout.h"

namespace sitewide {

struct Applier {
  Rollout& r;
  Timestamp at;      ///< wall time of the event
  Timestamp active;  ///< the same in active time

  // --- apply_control.cpp, apply_gates.cpp ---
  void operator()(const RolloutCreated& event);
  void operator()(const ControllerStarted& event);
  void operator()(const ControllerStopping& event);
  void operator()(const ClockJumped& event);
  void operator()(const RolloutEnded& event);
  void operator()(const GroupStarted& event);
  void operator()(const WaveStarted& event);
  void operator()(const WavePassed& event);
  void operator()(const GroupPassed& event);
  void operator()(const GateOpened& event);
  void operator()(const GatePassed& event);
  void operator()(const Warned& event);
  void operator()(const Breached& event);
  void operator()(const Halted& event);
  void operator()(const Paused& event);
  void operator()(const Continued& event);
  void operator()(const Aborted& event);
  void operator()(const Approved& event);
  void operator()(const Acknowledged& event);
  void operator()(const OrderRefused&) {}

  // --- apply_orders.cpp: orders about many clients, and rollback ---
  void operator()(const Skipped& event);
  void operator()(const RetryOrdered& event);
  void operator()(const RollbackStarted& event);
  void operator()(const RollbackFinished& event);
  void undo_site(std::uint32_t site, Scope scope);
  void forget_undo(SiteRecord& site);
  void roll_group_back(std::uint32_t group);
  void begin_anew(std::uint32_t group, std::uint32_t wave);
  void wait_for_wave(std::uint32_t client);
  void ordered_back(const Actor& by);

  // --- apply_clients.cpp, apply_sites.cpp ---
  void operator()(const StepStarted& event);
  void operator()(const StepNoted& event);
  void operator()(const StepInDoubt& event);
  void operator()(const StepFinished& event);
  void operator()(const RetryScheduled& event);
  void operator()(const ClientQueued& event);
  void operator()(const ClientSettled& event);
  void operator()(const ForcedWithoutBackup& event);

  // --- apply_recheck.cpp, apply_ramp.cpp ---
  void operator()(const SuccessWithdrawn& event);
  /// The client settled on target: it is proven again later, if the plan says so.
  void plan_recheck(std::uint32_t client);
  void finish_recheck(std::uint32_t client, const Outcome& outcome);
  void set_recheck(std::uint32_t client, ClientRecord::Recheck recheck);
  /// Nobody waits for the client's recheck any more.
  void drop_recheck(std::uint32_t client);
  void operator()(const RateRaised& event);
  void count_trigger(std::uint32_t client);
  void count_proven(std::uint32_t client, int change);

  void start_client(const StepStarted& event);
  void finish_client(const StepFinished& event);
  void start_site(const StepStarted& event);
  void start_force(std::uint32_t site);
  void force_others(std::uint32_t site, std::uint32_t forcing_lane);
  void wait_for_lists(std::uint32_t client);
  void go_on_with(SiteRecord& site, Step step);
  void site_step_done(std::uint32_t site, Step step);
  void lists_are_new(std::uint32_t lane);
  void undone(std::uint32_t site);
  void finish_site(const StepFinished& event);

  // --- shared pieces ---
  GroupRecord& group_of(std::uint32_t client) { return r.groups_[r.owner_group(client)]; }
  LaneRecord& lane_of(std::uint32_t client) { return r.lanes_[r.schedule_.owner_lane(client)]; }
  void mark_group(std::uint32_t group);
  GroupState state_of_going(std::uint32_t group) const;
  void close_gate(std::uint32_t group);
  void start_asking(const StepStarted& event);
  void finish_asking(const StepFinished& event);
  void ask_anew();
  void take_in_first(std::uint32_t client);
  void take_in_again(std::uint32_t client);
  /// Calls `visit` for each client of the wave, those included that a force adopts.
  template <class Visit>
  void for_wave(std::uint32_t group, std::uint32_t wave, Visit visit);
  void halt(std::string reason);
  void halt_group(std::uint32_t group);
  void mark_site_lanes(std::uint32_t site);
  void set_state(std::uint32_t client, ClientState state);
  void set_note(std::uint32_t client, const std::string& note);
  /// Puts the client where its next step is waited for.
  void enqueue(std::uint32_t client);
  /// Begins the client's procedure at `position`.
  void begin(std::uint32_t client, std::uint8_t position);
  std::uint8_t past_backup(std::uint32_t client, std::uint8_t position) const;
  /// Moves on after an attempt that went well.
  void advance(std::uint32_t client);
  void close_attempt(std::uint32_t client);
  void doubt(std::uint32_t client, bool probed);
  /// The wave no longer waits for the client.
  void awaited(std::uint32_t client, int change);
  void settle_late(std::uint32_t client, bool final);
  void settle_failed(std::uint32_t client, const std::string& reason);
  void settle_restored(std::uint32_t client, bool restored);
  void settle_in_wave(std::uint32_t client);
  void count_failed(std::uint32_t client);
  void uncount_failed(std::uint32_t client);
  void set_late(std::uint32_t client, bool late, bool final);
  void set_to_restore(std::uint32_t client, bool wanted);
  void set_unproven(std::uint32_t client, bool unproven);
  void set_triggered(std::uint32_t client, bool triggered);
  /// A client of a forced lane is ready for the force, or will never be.
  void prepared(std::uint32_t client);
  void resume_site(std::uint32_t site);
  void restart_client(std::uint32_t client);
  void queue_restore(std::uint32_t client);
  void want_restore(std::uint32_t client);
  void restore_itself(std::uint32_t client);
  bool waits_before_restore(std::uint32_t client) const;
  /// Calls `visit` for each client that `lane` owns. O(clients of the groups concerned).
  template <class Visit>
  void for_owned(std::uint32_t lane, Visit visit);
  template <class Visit>
  void for_range(Range range, Visit visit) {
    for (std::uint32_t client = range.begin; client < range.end; ++client) visit(client);
  }
  Range unowned() const;
};

/// The position in a group's procedure after the steps that go before a force or a trigger
/// (inspect, back_up).
std::uint8_t after_backup(const ScheduledGroup& group);
/// The position after a force, or what is to a client as if it had been triggered.
std::uint8_t after_force(const ScheduledGroup& group);

template <class Visit>
void Applier::for_wave(std::uint32_t group, std::uint32_t wave, Visit visit) {
  const ScheduledGroup& plan = r.schedule_.groups[group];
  for_range(plan.waves[wave], visit);
  if (plan.plan.method != Method::site_wide || wave != 0) return;
  for (const std::uint32_t lane : r.group_lanes_[group]) {
    if (r.schedule_.lanes[lane].adopted_by != kNone) continue;
    for_owned(lane, [&](std::uint32_t client) {
      if (r.schedule_.adopted(client)) visit(client);
    });
  }
}

template <class Visit>
void Applier::for_owned(std::uint32_t lane, Visit visit) {
  const Schedule& schedule = r.schedule_;
  for (std::uint32_t other = 0; other < schedule.lanes.size(); ++other) {
    const bool own = other == lane;
    if (!own && schedule.lanes[other].adopted_by != lane) continue;
    if (own && schedule.lanes[other].adopted_by != kNone) continue;
    const std::uint32_t group = schedule.lanes[other].group;
    const Range range = group == kNone ? unowned() : schedule.groups[group].clients;
    for_range(range, [&](std::uint32_t client) {
      if (schedule.lane_of[client] == other) visit(client);
    });
  }
}

}  // namespace sitewide
