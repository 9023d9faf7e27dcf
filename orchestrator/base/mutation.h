// Mutations: deliberate faults at a few places of the core and the engine, for the tests that prove
// that the simulator would see them. They are compiled in for those tests alone; in the product
// mutated() is constant, and false.
#pragma once

namespace sitewide {

enum class Mutation {
  none,
  acts_before_append,       ///< effects start before their events are durable
  answers_before_append,    ///< orders are answered before they are durable
  no_replication,           ///< clients begin while logon servers are stale
  no_overshoot_limit,       ///< a strict wave triggers whom it likes
  lost_is_late,             ///< a triggered client that is off counts as late
  no_probe_on_resume,       ///< attempts of a dead controller are started again, not looked for
  no_wait_for_probes,       ///< new work starts before attempts in doubt were looked for
  halt_is_no_halt,          ///< clients start although the rollout is halted
  pause_is_no_pause,        ///< or paused
  doubt_is_failure,         ///< an attempt that stays in doubt is settled while it runs
  scope_is_forgotten,       ///< a site is undone whoever is touched on it
  backs_up_anew,            ///< a client that was triggered is backed up once more
  forgets_to_restore,       ///< a rollback leaves its first client out
  restores_once,            ///< what may arrive after a restore is not reckoned with
  ramp_needs_no_proof,      ///< the rate doubles by time alone
  withdrawn_is_passed,      ///< a group whose success was withdrawn still counts as passed
  reconciles_without_late,  ///< clients that were given up are in no list at the end
  recheck_is_forgotten,     ///< a client's time to be proven again never comes
  inconclusive_passes,      ///< a gate passes though its answer says nothing
  unasked_gate_passes,      ///< or though nobody asked
  late_next_wake,           ///< the controller sleeps ten minutes longer than it may
  tolerances_round_up,      ///< a percentage of tolerated failures
  waves_round_down,         ///< a percentage of a wave's clients
  unproven_one_more,        ///< than the plan says
  force_over_is_ignored,    ///< a force reaches whom the plan does not let it go over
  upgraded_is_failed,       ///< a client of which everything went well is reported failed
  halt_exits_well,          ///< the exit code of a halt on a breach says that all is well
};

#ifdef SITEWIDE_MUTATIONS
inline Mutation mutation_under_test = Mutation::none;
inline bool mutated(Mutation mutation) { return mutation_under_test == mutation; }
#else
constexpr bool mutated(Mutation) { return false; }
#endif

}  // namespace sitewide
