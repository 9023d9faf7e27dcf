// Rollout: where a rollout stands, folded from its events. apply() is the one mutator; replaying
// the same events gives the same object. decide.h looks at it and says what should happen next.
//
// Deadlines and timers are kept in "active time": the time since the epoch less all the time during
// which the rollout was paused, halted or without a controller. One event moves them all.
//
// Threads: one. Ownership: borrows the schedule, which outlives it. Cost: apply is O(1), but for
// the few events that concern many clients at once (a wave or a rollback starts, a force or a
// site's undo lets its clients go on).
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "orchestrator/core/client_lists.h"
#include "orchestrator/core/event.h"

namespace sitewide {

/// What is known of one client. Its static facts (name, group …) are in the schedule.
struct ClientRecord {
  Timestamp since{};      ///< active: first seen late, or unreachable since; the epoch: neither
  Timestamp deadline{};   ///< active: of the open attempt
  Timestamp late_from{};  ///< active: since when it is late, however often it answered since
  std::uint32_t trigger_order =
      0;  ///< 0: never triggered; else counts triggers, for "newest first"
  std::uint32_t first_trigger = 0;  ///< counts clients in the order of their first trigger, from 1
  std::array<std::uint16_t, kClientStepCount> attempts{};  ///< made so far, by client step
  std::uint16_t tries = 0;  ///< of the present step since it was last begun
  ClientState state = ClientState::waiting;
  Step step = Step::inspect;  ///< open, or next
  std::uint8_t position = 0;  ///< in the group's procedure
  bool open = false;          ///< an attempt of `step` is begun and not finished
  bool doubtful = false;      ///< it is in doubt
  bool probed = true;         ///< in doubt, and looked for since the controller started
  bool settled = false;       ///< its wave does not wait for it any more
  bool counted_failed = false;
  bool backed_up = false;
  bool prepared = false;        ///< site_wide: the force need not wait for it any more
  bool ran = false;             ///< a trigger or upgrade did begin on it, whatever came of it
  bool late_at_force = false;   ///< off when a force reached it, and not seen since
  bool forced = false;          ///< a force reached it since it was last put back
  bool without_backup = false;  ///< on record: a force goes without anything kept of it
  bool final_late = false;
  bool proven = false;     ///< converge or verify was ok
  bool on_target = false;  ///< inspect found every planned file in place
  bool counted_late = false;
  bool counted_unproven = false;
  bool ended_doubtful = false;  ///< the last attempt ended while it was in doubt
  bool to_restore = false;      ///< it waits for its originals
  /// Its last attempt was given up in doubt, and not because the client is away: it may be running
  /// still. Nothing is started over it, unless an operator says so.
  bool may_still_run = false;
  /// Something that changes it was given up so once, or was never heard of. Whatever was done
  /// since, even a restore that proved its originals, that attempt may arrive yet.
  bool unfinished = false;
  bool parked = false;  ///< it waits until its wave begins anew
  /// An upgrade of it was never heard of, and its transport keeps no record that could be buried:
  /// it may arrive at any time still. Such a one is unfinished too.
  bool may_arrive = false;
  bool once_more = false;  ///< such a one has its originals back, and gets them once more
  bool withdrawn = false;  ///< it failed because a recheck found it off target
  /// Whether it is proven again, some time after it settled on target.
  enum class Recheck : std::uint8_t {
    none,    ///< it is not to be
    due,     ///< it waits for its time, or is looked at
    proven,  ///< it was on target still
    missed,  ///< it could not be looked at in time; it counts as on target as before
  } recheck = Recheck::none;
  OutcomeKind last =
      OutcomeKind::ok;  ///< of the last finished attempt; meaningful in the attention queue
};

/// What the open gate of a group has learnt by asking.
struct AskingRecord {
  bool open = false;                   ///< an attempt is begun and not finished
  bool answered = false;               ///< the last one ended, and what follows was not decided yet
  std::uint32_t attempts = 0;          ///< made so far at this gate
  std::uint32_t tries = 0;             ///< of those, since it was last asked anew
  OutcomeKind last = OutcomeKind::ok;  ///< of the last that ended; meaningful while `answer_at`
  std::string answer;                  ///< what it said
  Timestamp answer_at{};               ///< active; the epoch: none has ended yet
  Timestamp deadline{};                ///< active: of the open attempt
  Timestamp due{};                     ///< active: when it is asked again
};

struct GroupRecord {
  GroupState state = GroupState::waiting;
  bool started = false;
  bool wave_open = false;  ///< the current wave was started and has not passed
  std::uint32_t wave = 0;  ///< current or next; waves.size() when all passed
  std::uint32_t gate = 0;  ///< position in the list of gates now due
  bool gate_open = false;
  Timestamp gate_since{};       ///< active
  AskingRecord asking;          ///< of the open gate
  std::uint32_t running = 0;    ///< client actions that hold a slot
  std::uint32_t restoring = 0;  ///< of those, restores
  std::uint32_t unproven = 0;   ///< triggered, not in doubt, not settled
  std::uint32_t in_doubt = 0;
  std::uint32_t failed = 0;  ///< failed, lost, needs hands; cumulative
  std::uint32_t late = 0;    ///< now, final ones included
  std::uint32_t acknowledged = 0;
  std::uint32_t withdrawn = 0;     ///< of those that failed: by their recheck
  std::uint32_t rechecks_due = 0;  ///< clients to be proven again, or being so
  std::uint32_t rechecked = 0;     ///< proven again
  std::uint32_t not_rechecked = 0;
  std::uint32_t wave_size = 0;  ///< of the current wave, adopted clients included
  std::uint32_t unsettled = 0;  ///< of the current wave
  std::uint32_t wave_good = 0;  ///< of the current wave: upgraded or already current
  std::uint32_t wave_skipped = 0;
  std::uint32_t retried = 0;      ///< of waves that have passed: begun anew and not settled
  std::uint32_t begun = 0;        ///< waves that began at least once
  std::uint32_t prove_until = 0;  ///< waves before this one were put back: each needs proof anew
  std::uint32_t asked = 0;        ///< the highest number of an attempt at any of its gates
  std::uint32_t last_failed = 0;  ///< wave of the client that failed last
  std::uint32_t breach_wave = 0;  ///< wave that the last breach is about
  bool breached = false;
  bool rollback_wanted = false;
  std::array<std::uint32_t, kClientStates> counts{};          ///< its own clients, by state
  std::set<std::pair<std::uint32_t, std::string>> approvals;  ///< (wave or kNone, name)
};

struct LaneRecord {
  std::uint32_t started = 0;  ///< clients of waves begun, adopted ones included
  std::uint32_t unprepared =
      0;                      ///< of those, not yet backed up, current, late or failed (site_wide)
  std::uint32_t touched = 0;  ///< clients upgraded, already current or triggered and not restored
  std::uint32_t current = 0;  ///< of those, already current
  enum class Force : std::uint8_t { none, forced, done } force = Force::none;
};

struct SiteRecord {
  enum class Phase : std::uint8_t {
    idle,
    staging,
    replicating,
    ready,
    undoing,
    undone,
    failed
  } phase = Phase::idle;
  Step step = Step::stage;  ///< open, or next
  bool wanted = false;      ///< a started group needs it staged
  bool pending = false;     ///< `step` is to be started
  bool open = false;
  bool doubtful = false;
  bool probed = true;
  bool failed_attempt = false;  ///< the last attempt ended badly and waits for a decision
  bool waiting_retry = false;
  bool warned = false;
  bool ever_staged = false;  ///< a stage was begun: there may be something to undo
  bool undo_wanted = false;
  bool undo_wait = true;               ///< wait until the logon servers hold the originals again
  bool needs_hands = false;            ///< it could not be undone
  bool undo_whole = false;             ///< also force the originals back onto the clients
  std::uint32_t forcing_lane = kNone;  ///< the lane whose force is open or last done
  bool ever_forced = false;
  std::uint16_t tries = 0;
  Timestamp due{};       ///< active: retry
  Timestamp started{};   ///< active: of the open attempt
  Timestamp deadline{};  ///< active
  OutcomeKind last = OutcomeKind::ok;
  std::string note;  ///< of the open watch, or of the last failure
  std::array<std::uint16_t, 8> attempts{};
  std::array<std::uint32_t, kClientStates> counts{};  ///< its clients, by state
};

struct RollbackRecord {
  bool running = false;
  bool ordered = false;  ///< by an operator
  Scope scope = Scope::none;
  Subject subject;
  std::uint32_t pending = 0;  ///< clients still to be restored
  std::uint32_t sites_pending = 0;
  std::uint32_t restored = 0;
  std::uint32_t needs_hands = 0;
  Timestamp started{};  ///< active
};

/// How far the rate of triggers has come (core/ramp.h); all zero when the plan has no ramp.
struct RampRecord {
  std::uint32_t doublings = 0;
  Timestamp since{};               ///< active: the first trigger at this rate; the epoch: none yet
  std::uint32_t clients = 0;       ///< triggered so far
  std::uint32_t begun_at = 0;      ///< of those, before this rate
  std::uint32_t proven = 0;        ///< of those, upgraded
  std::uint32_t mark = 0;          ///< `clients` when this rate had held long enough; 0: not yet
  std::uint32_t mark_proven = 0;   ///< of the clients up to the mark, upgraded
  std::uint64_t acknowledged = 0;  ///< failures, over all groups
};

class Rollout {
 public:
  explicit Rollout(const Schedule& schedule);

  /// Folds one event in. `at` is the journal's time of it. Events that contradict the state are a
  /// bug: check().
  void apply(const Event& event, Timestamp at);

  const Schedule& schedule() const { return schedule_; }
  const std::string& id() const { return id_; }

  // --- the rollout as a whole ---
  /// running, paused, halted, rolling_back, or how it ended.
  RolloutState state() const;
  bool ended() const { return ended_.has_value(); }
  bool paused() const { return paused_; }
  bool halted() const { return halted_; }
  bool stopping() const { return stopping_; }
  std::optional<AbortPolicy> aborted() const { return aborted_; }
  /// An abort lets nothing start any more, not even what puts back.
  bool winds_down() const { return aborted_ && aborted_ != AbortPolicy::rollback; }
  const std::string& halt_reason() const { return halt_reason_; }
  /// Why it was paused, if that was said.
  const std::string& pause_reason() const { return pause_reason_; }
  std::uint32_t fence() const { return fence_; }
  Timestamp created() const { return created_; }
  /// When `rollout_within` is over; pauses do not move it. kNever when the plan sets none, or when
  /// an operator let the rollout go on after it.
  Timestamp due() const;
  /// Time of the last event.
  Timestamp last_event() const { return last_event_; }
  /// True when an order of this id was carried out, or refused, already.
  bool has_order(const std::string& id) const { return orders_.contains(id); }
  /// Why the order of this id was refused; empty: it was carried out. Nothing: it is not known.
  std::optional<std::string> refusal_of(const std::string& id) const;
  /// When the rollout was halted or paused, or a controller started since: what Continued's idle
  /// time counts from.
  Timestamp idle_since() const { return idle_since_; }
  const RollbackRecord& rollback() const { return rollback_; }

  const RampRecord& ramp() const { return ramp_; }
  /// Clients that are to be proven again, or are being so.
  std::uint32_t rechecks_due() const { return rechecks_due_; }
  /// When the next client that waits for a time is due, as wall time; kNever when none waits.
  Timestamp next_timer() const { return wall(timers_.first_due()); }

  // --- parts ---
  const ClientRecord& client(std::uint32_t index) const { return clients_[index]; }
  const GroupRecord& group(std::uint32_t index) const { return groups_[index]; }
  const LaneRecord& lane(std::uint32_t index) const { return lanes_[index]; }
  const SiteRecord& site(std::uint32_t index) const { return sites_[index]; }
  /// The gate that the group waits at, or would wait at next.
  Subject gate_of(std::uint32_t group) const;
  /// The latest note or reason about a client; empty when there is none.
  const std::string& note(std::uint32_t client) const;
  /// Clients of the whole schedule by state.
  const std::array<std::uint32_t, kClientStates>& counts() const { return counts_; }
  std::uint32_t owner_group(std::uint32_t client) const {
    return schedule_.lanes[schedule_.owner_lane(client)].group;
  }
  const ScheduledGroup& owner_plan(std::uint32_t client) const {
    return schedule_.groups[owner_group(client)];
  }
  bool in_rollback_scope(std::uint32_t client) const;
  /// True when the client's site is undone as a whole, so that it converges on the originals by
  /// itself.
  bool undone_by_site(std::uint32_t client) const;
  /// A force is under way at the client's site, and new copy lists are to follow it: put back
  /// before they are there, the client would take the new files again at its next log-on.
  bool lists_are_coming(std::uint32_t client) const;
  /// A force was made at the client's site, and not every logon server has shown its copy lists in
  /// time. They may still appear: what is put back now may be undone at the next log-on.
  bool lists_were_given_up(std::uint32_t client) const;
  /// Whether the client's wave has begun: it may have been put back meanwhile, and begin anew.
  bool has_begun(std::uint32_t client) const;
  /// The lane that the site's next force is for: one whose force failed, else the first that is
  /// prepared; or kNone.
  std::uint32_t next_force(std::uint32_t site) const;

  // --- attempts ---
  /// The open attempt of a subject, as the action that carries it; nothing when none is open.
  std::optional<Action> open_attempt(const Subject& subject) const;
  /// Every open attempt: gates first, then sites, then clients in index order. O(clients).
  std::vector<Action> open_attempts() const;
  bool in_doubt(const Subject& subject) const;
  /// The last instant for an attempt in doubt to be found out, as wall time.
  Timestamp doubt_deadline(const Subject& subject) const;
  /// How often a watch is polled.
  Duration poll_interval(const Subject& subject) const;
  /// A converging client that was unreachable this long is lost; nothing: only its deadline says
  /// so.
  std::optional<Duration> lost_after(std::uint32_t client) const;
  /// Late, nothing of it is kept, and that is not on record.
  bool is_unkept(std::uint32_t client) const;
  /// Active: how long a force of the lane waits for such a client, which may answer and be backed
  /// up. The epoch: it is given up.
  Timestamp force_waits_until(std::uint32_t client, std::uint32_t lane) const;
  /// When a client that is converging and cannot be reached is lost, should it stay so; kNever when
  /// it is not lost before its deadline. One that can be reached counts as unreachable from `now`
  /// on.
  Timestamp lost_at(std::uint32_t client, Timestamp now) const;
  /// When the client is tried again, as wall time; kNever when nothing waits for a time.
  Timestamp retry_at(std::uint32_t client) const { return wall(timers_.due(client)); }
  std::uint32_t open_actions() const {
    return open_actions_;
  }  ///< actions of clients, sites and gates that run or are in doubt
  std::uint32_t open_watches() const { return open_watches_; }
  std::uint32_t unprobed() const { return unprobed_; }
  /// Open actions whose outcome is awaited, those in doubt left out.
  std::uint32_t running_actions() const { return open_actions_ - doubtful_; }
  /// True when a controller has nothing more to do: ended, or halted with everything observed and
  /// put back.
  bool at_rest() const;

  // --- time ---
  Timestamp active(Timestamp wall) const { return wall - shift_; }
  Timestamp wall(Timestamp active_time) const {
    return active_time >= kNever ? kNever : active_time + shift_;
  }

 private:
  friend class Decider;
  friend struct Applier;
  friend struct Recount;

  // First waves and later ones are held back by limits of their own.
  enum LaneList : std::uint32_t { kWatch, kNext, kTriggerFirst, kTriggerLater, kBegin, kLaneLists };
  bool none_to_trigger(std::uint32_t lane) const {
    return lists_.empty(lane_list(lane, kTriggerFirst)) &&
           lists_.empty(lane_list(lane, kTriggerLater));
  }
  std::uint32_t lane_list(std::uint32_t lane, LaneList which) const {
    return lane * kLaneLists + which;
  }
  std::uint32_t restore_list(std::uint32_t group) const {
    return static_cast<std::uint32_t>(schedule_.lanes.size()) * kLaneLists + group;
  }
  std::uint32_t attention_list() const {
    return restore_list(static_cast<std::uint32_t>(schedule_.groups.size()));
  }

  const Schedule& schedule_;
  std::string id_;
  std::vector<ClientRecord> clients_;
  std::vector<GroupRecord> groups_;
  std::vector<LaneRecord> lanes_;
  std::vector<SiteRecord> sites_;
  ClientLists lists_;
  Timers timers_;  // active time
  std::map<std::uint32_t, std::string> notes_;
  std::map<std::uint32_t, std::string> failures_;  // why clients failed last, kept while restored
  std::array<std::uint32_t, kClientStates> counts_{};
  RollbackRecord rollback_;
  std::map<std::string, std::string> orders_;  // those that became events: id, why refused

  std::optional<RolloutState> ended_;
  std::optional<AbortPolicy> aborted_;
  bool paused_ = false, halted_ = false, stopping_ = false, abort_rolled_back_ = false;
  bool past_due_accepted_ = false;
  std::string halt_reason_, pause_reason_;
  std::uint32_t fence_ = 0;
  std::uint32_t triggers_ = 0;  // counts trigger starts
  std::uint32_t open_actions_ = 0, open_watches_ = 0, client_actions_ = 0, unprobed_ = 0;
  std::uint32_t pending_late_ = 0;  // late clients with a retry to come
  std::uint32_t rechecks_due_ = 0;  // clients to be proven again, or being so
  std::uint32_t open_rechecks_ = 0;
  RampRecord ramp_;
  std::uint32_t to_restore_ = 0;   // clients that wait for their originals
  std::uint32_t groups_done_ = 0;  // passed or skipped
  std::uint32_t doubtful_ = 0;     // open actions in doubt
  Timestamp rate_next_{};          // when the next trigger may start (wall time; evenly spaced)
  Timestamp created_{}, last_event_{}, idle_since_{};
  Duration shift_{};
  Duration jumped_{};  // how far the clock was moved in all
  // Groups, lanes and sites that changed since decide last found nothing to do in them. A cache,
  // not state: clearing a mark early or late never changes what decide answers, only how soon it
  // sees it.
  mutable std::set<std::uint32_t> group_marks_, lane_marks_, site_marks_;
  // When the windows of each lane change next. A cache like the marks.
  struct WindowView {
    Timestamp from{}, until{};  // the answer holds in [from, until)
    bool open = false;
  };
  mutable std::vector<WindowView> windows_;
  // Where searches over all clients go on. Caches too: clients before the one of a site are not
  // late, or kept or on record; those before the other wait for no restore that an abort cuts
  // short.
  mutable std::vector<std::uint32_t> unrecorded_from_;
  mutable std::uint32_t uncut_from_ = 0;
  std::set<std::uint32_t> open_gates_;  // groups that wait at a gate
  std::uint32_t rollbacks_wanted_ = 0;  // groups whose breach waits for its rollback
  std::uint32_t sites_failed_ = 0;
  std::vector<std::vector<std::uint32_t>> group_lanes_, site_lanes_;  // from the schedule
};

}  // namespace sitewide
