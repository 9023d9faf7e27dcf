// Ledger: what a journal says, read by names alone and kept in the plainest way: no queues, no
// counters, one entry a client. It is the checks' own memory of the rollout and shares nothing with
// the core's. Times are true times, those of the world's own clock that nobody can set.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "orchestrator/core/record.h"
#include "tests/simulation/layout.h"

namespace sitewide::simulation {

/// A number or a text of an event's detail; 0 and empty when it is not there.
std::int64_t number_in(const std::string& detail, std::string_view key);
std::string text_in(const std::string& detail, std::string_view key);
/// Whether the list `"key":[…]` of an event's detail names it.
bool names(const std::string& detail, std::string_view key, const std::string& name);
/// The wave that a rollback has the group begin anew with, counted from 1; 0: none.
std::int64_t wave_anew(const std::string& detail, const std::string& group);
bool is_look(std::string_view step);         ///< looks again and again until something holds
bool changes_things(std::string_view step);  ///< its effect may stand though nobody heard of it
bool upgrades(std::string_view step);        ///< from here on the client may upgrade itself
bool goes_back(std::string_view step);       ///< puts something back
bool is_good(std::string_view state);        ///< upgraded or already current
bool is_bad(std::string_view state);         ///< failed, lost or needs hands

struct OpenAttempt {
  std::string step;
  std::uint32_t attempt = 0;
  Timestamp since{};  ///< watched, see Ledger
  bool in_doubt = false;
  Timestamp begun{};  ///< reckoned
  Timestamp truly{};
};

/// Runs, or stands still; tells how long it ran.
class StopClock {
 public:
  void run(bool runs, Timestamp truly) {
    if (runs == runs_) return;
    runs_ = runs;
    if (runs) idle_ += truly - stopped_;
    stopped_ = truly;
  }
  Timestamp at(Timestamp truly) const { return (runs_ ? truly : stopped_) - idle_; }

 private:
  Duration idle_{};
  bool runs_ = false;
  Timestamp stopped_{};
};

/// The time that deadlines are reckoned in by whoever knows no more than the journal: true time
/// less the time without a controller, which ends at the last event of the one before, and less
/// pauses and halts that are over. Never ahead of what a controller can know; so what is due by
/// this clock is due.
class ReckonedClock {
 public:
  Timestamp at(Timestamp truly) const { return runs_ ? value_ + (truly - mark_) : value_; }
  void advance(Timestamp truly) {
    value_ = at(truly);
    mark_ = truly;
  }
  void controller_starts(Timestamp truly) {
    runs_ = true;
    mark_ = truly;
  }
  void controller_gone() { runs_ = false; }
  void idles() { idle_from_ = value_; }
  void goes_on() { value_ = std::min(value_, idle_from_); }

 private:
  Timestamp value_{}, mark_{}, idle_from_{};
  bool runs_ = false;
};

/// How one step of a client or site was tried since it was last begun.
struct Tries {
  std::uint32_t count = 0;
  Timestamp ended{};  ///< true
  std::string outcome;
  bool unlimited = false;  ///< an end that does not count: unreachable
};

struct LedgerClient {
  std::optional<OpenAttempt> open;
  std::map<std::string, Tries, std::less<>> tries;
  std::set<std::string, std::less<>> done;  ///< effects that stand on record
  std::string state;                        ///< settled in; empty: not settled
  bool settled = false;                     ///< its wave does not wait for it
  bool triggered = false;                   ///< may hold, or take, the new files
  bool forced = false;                      ///< triggered by a force
  bool ran = false;                         ///< an upgrade of it certainly began
  bool may_arrive = false;      ///< what changes it was given up once, and may come at any time
  bool counts_failed = false;   ///< in its group's budget
  bool at_risk = false;         ///< triggered and not settled
  bool without_backup = false;  ///< on record so
  bool late = false;
  bool to_go_back = false;           ///< a rollback named it since it was last triggered
  std::uint32_t restores = 0;        ///< that went well since it was to go back
  Timestamp first_restore{};         ///< of those, true
  bool restored_twice = false;       ///< by its transport, when it was last reported so
  std::int64_t restored = 0;         ///< event at which it was reported so
  bool by_order = false;             ///< an operator took it up once
  Timestamp first_trigger = kNever;  ///< active: an upgrade of it began first
  Timestamp settled_at{};            ///< watched
  std::string recheck;               ///< since it settled: `ok`, `missed`; empty: not over
  // Reckoned; kNever: nothing is due, and it is there.
  Timestamp due = kNever;   ///< a step of it that was put off
  Timestamp away = kNever;  ///< since when it could not be reached
  /// When it could not be reached first, though it answered since, and was not settled but as late.
  Timestamp away_first = kNever;
  bool queued = false;  ///< its time has come
  bool final_late = false;
  Timestamp settled_truly{}, settled_reckoned{};
  std::string last_step, last_outcome;  ///< of its procedure, since it was begun
  Timestamp last_begun{};               ///< reckoned: that step
};

struct LedgerSite {
  std::optional<OpenAttempt> open;
  std::map<std::string, Tries, std::less<>> tries;
  std::set<std::string, std::less<>> done;
  bool forced = false;
  bool goes_back = false;   ///< its last step
  std::int64_t staged = 0;  ///< event at which it was staged last
  bool needs_hands = false;
  Timestamp due = kNever;          ///< reckoned: a step of it that was put off
  bool ready = false;              ///< its logon servers hold the files
  std::set<std::uint32_t> forces;  ///< groups whose force was begun since it was staged
};

struct LedgerGroup {
  std::string state;  ///< `started`, `passed`, `skipped` or empty
  std::int64_t waves_started = 0, waves_passed = 0;
  std::int64_t put_back = 0;         ///< waves up to this one went back once: each needs proof anew
  Timestamp gate_since{};            ///< active: when the gates now due began to wait
  std::uint32_t gates_passed = 0;    ///< of those now due
  std::set<std::string> approvals;   ///< `<wave or 0>/<name>`
  std::optional<OpenAttempt> asked;  ///< of the open gate
  Tries asking;                      ///< how often, since it was last asked anew
  std::string
      verdict;  ///< how it was answered, while that counts; empty: not, or it is asked again
  std::uint32_t tolerated = 0;  ///< the plan's own, set by the Judge
  std::uint32_t acknowledged = 0;
  bool breached = false;
  bool halted = false;     ///< it is what was halted or rolled back
  bool withdrawn = false;  ///< a success of it was, and no operator has said more
  bool gate_open = false;
  Timestamp gate_opened{};  ///< reckoned
  Timestamp ask_due{};      ///< reckoned; the epoch: at once
};

class Ledger {
 public:
  explicit Ledger(const Layout& layout, std::size_t site_count, std::size_t group_count)
      : clients(layout.clients.size()), sites(site_count), groups(group_count), layout_(layout) {}

  /// Takes one event in, at its true time.
  void apply(const Record& record, Timestamp truly);
  /// The controller is gone: the time without one is no active time.
  void controller_gone(Timestamp truly) {
    unknown_to_next += active(truly) - active_at_last_;
    up_ = false;
    reckoned_.controller_gone();
    clocks(truly);
  }

  /// True time less pauses, halts and time without a controller: what gates and retries wait for.
  Timestamp active(Timestamp truly) const { return active_.at(truly); }
  /// The same, halts included: clients that were triggered are looked at on.
  Timestamp watched(Timestamp truly) const { return watched_.at(truly); }
  /// See ReckonedClock.
  Timestamp reckoned(Timestamp truly) const { return reckoned_.at(truly); }
  /// Clients that the present or last rollback names.
  bool in_scope(std::uint32_t client) const;
  bool in_scope(std::uint32_t client, std::string_view scope, const std::string& subject) const;
  std::uint32_t failed(std::uint32_t group) const;
  bool plan_may_go_on() const {
    return !paused && !halted && !stopping && aborted.empty() && !rolling_back && ended.empty();
  }

  std::vector<LedgerClient> clients;
  std::vector<LedgerSite> sites;
  std::vector<LedgerGroup> groups;
  std::int64_t fence = 0;
  std::uint32_t doublings = 0;    ///< of the rate
  Timestamp rate_since = kNever;  ///< active: the first trigger at this rate
  /// Active time, since the rate was raised, that no controller after it knows of: between the last
  /// event and a crash.
  Duration unknown_to_next{};
  bool paused = false, halted = false, stopping = false, rolling_back = false;
  std::string aborted, ended;
  std::string scope, scope_subject;
  std::set<std::uint32_t> probes_owed;  ///< clients in doubt since the controller started
  std::set<std::uint32_t> site_probes_owed;
  Timestamp created{};     ///< true
  Duration set_back{};     ///< how far the clock was set back, in all, and nobody was told
  Timestamp steady{};      ///< true: since when nothing came between: no start, order or clock jump
  Timestamp controller{};  ///< true: when the last one started
  Timestamp rollback_since{};      ///< reckoned
  bool past_due_accepted = false;  ///< an operator went on after `rollout_within`

 private:
  void take_in(const Record& record, Timestamp truly);
  void reckon(const Record& record, Timestamp truly);
  void put_off(const Record& record);
  void is_away(LedgerClient& client) const;
  void settled(std::uint32_t client, const Record& record, Timestamp truly);
  void withdrawn(std::uint32_t client);
  void step(const Record& record, Timestamp truly);
  void gate_step(const Record& record, Timestamp truly);
  void ask_anew();
  void started(const Record& record, Timestamp truly);
  void finished(const Record& record, Timestamp truly);
  void group_event(const Record& record, Timestamp truly);
  void order(const Record& record);
  void rollback_starts(const Record& record);
  void group_begins_anew(std::uint32_t group, std::int64_t wave);
  void begin_anew(std::uint32_t client);
  void clocks(Timestamp truly) {
    active_.run(up_ && !paused && !halted, truly);
    watched_.run(up_ && !paused, truly);
  }

  const Layout& layout_;
  StopClock active_, watched_;
  ReckonedClock reckoned_;
  Timestamp now_{};  ///< reckoned: of the event that is taken in
  Timestamp last_truly_{}, last_wall_{};
  bool up_ = false;
  Timestamp active_at_last_{};  ///< event
  std::int64_t seq_ = 0;
};

}  // namespace sitewide::simulation
