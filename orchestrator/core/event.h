// Events: the facts a rollout is made of. Rollout::apply is the only reader that changes anything;
// everything shown anywhere is a fold over them. Plain values. Adding one does not compile until
// every reader handles it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "orchestrator/base/digest.h"
#include "orchestrator/core/outcome.h"
#include "orchestrator/core/plan.h"
#include "orchestrator/core/schedule.h"

namespace sitewide {

/// Who gave an order, and why.
struct Actor {
  std::string user;
  std::string host;
  std::string reason;
  std::string order{};  ///< the order's id when it came as a file, so that it counts once
  friend bool operator==(const Actor&, const Actor&) = default;
};

/// Names one gate: in group `group`, after wave `wave`, or before the group when `wave` is kNone.
struct GateId {
  std::uint32_t group = 0;
  std::uint32_t wave = kNone;
  std::uint32_t position = 0;
  friend auto operator<=>(const GateId&, const GateId&) = default;
};

// --- life of the rollout and its controllers ---
struct RolloutCreated {
  std::string id;
  Digest schedule;
  std::string engine;  ///< version of the program that wrote it
  Actor by;
  std::string preview{};             ///< SHA-256 of the saved preview that approved it; or empty
  std::vector<std::string> drift{};  ///< what had changed since, and was accepted
};
struct ControllerStarted {
  std::uint32_t fence = 0;  ///< counts controllers; strictly increasing
  std::string engine;
  std::string host;
  std::int64_t pid = 0;
  std::string user;
  /// How long no controller was there: deadlines move by it. Negative: the clock was set back so
  /// far at least since the last event.
  Duration idle{};
};
/// The controller starts nothing more and leaves when what runs has ended.
struct ControllerStopping {
  std::string reason;
};
/// The wall clock was moved while the controller ran: deadlines move with it.
struct ClockJumped {
  Duration by{};
};
struct RolloutEnded {
  RolloutState result = RolloutState::completed;
};

// --- groups, waves, gates ---
struct GroupStarted {
  std::uint32_t group = 0;
};
struct WaveStarted {
  std::uint32_t group = 0;
  std::uint32_t wave = 0;
};
struct WavePassed {
  std::uint32_t group = 0;
  std::uint32_t wave = 0;
};
struct GroupPassed {
  std::uint32_t group = 0;
  std::string reason;
};
struct GateOpened {
  GateId gate;
};  ///< from here on it is waited for
struct GatePassed {
  GateId gate;
};

// --- steps ---
struct StepStarted {
  Subject subject;
  Step step = Step::inspect;
  std::uint32_t attempt = 1;
  Timestamp deadline{};
};
/// A fact that changed while a watch goes on, or while an attempt in doubt is looked for. Not every
/// poll.
struct StepNoted {
  Subject subject;
  Step step = Step::converge;
  std::uint32_t attempt = 1;
  bool reachable = true;
  std::string note;  ///< "component in use"
};
/// The attempt may or may not have taken effect; from here on it is probed.
struct StepInDoubt {
  Subject subject;
  Step step = Step::trigger;
  std::uint32_t attempt = 1;
  std::string reason;
};
struct StepFinished {
  Subject subject;
  Step step = Step::inspect;
  std::uint32_t attempt = 1;
  Outcome outcome;
};
/// The step will be tried again at `due`.
struct RetryScheduled {
  Subject subject;
  Step step = Step::inspect;
  Timestamp due{};
};
/// A client whose time has come waits for a free slot.
struct ClientQueued {
  std::uint32_t client = 0;
};
/// Where a client ended, for now: upgraded, already_current, late, failed, lost, restored,
/// needs_hands.
struct ClientSettled {
  std::uint32_t client = 0;
  ClientState state = ClientState::upgraded;
  bool final = false;  ///< late: no further retry
  std::string reason;
};
/// A force reaches this client although its files could not be kept (design 5, force).
struct ForcedWithoutBackup {
  std::uint32_t client = 0;
};
/// The rate of triggers has doubled: what was triggered is proven (core/ramp.h).
struct RateRaised {
  Rate rate;
  std::uint32_t triggered = 0;  ///< clients that were triggered in time to count
  std::uint32_t proven = 0;     ///< of those
};
/// A client that was on target is no more, as its recheck found: a failure of its group, which
/// halts. Nothing is rolled back by it.
struct SuccessWithdrawn {
  std::uint32_t client = 0;
  std::string reason;
};
struct Warned {
  Subject subject;
  std::string text;
};

// --- when it goes wrong ---
/// Failures exceed the budget, or a gate failed.
struct Breached {
  std::uint32_t group = 0;
  std::uint32_t failed = 0;
  std::uint32_t tolerated = 0;
  std::string reason{};  ///< of a gate that failed; empty: it is the budget
};
struct Halted {
  Subject subject;
  std::string reason;
};
struct RollbackStarted {
  Scope scope = Scope::group;
  Subject subject;                        ///< the group, wave, client or site of the scope
  std::vector<std::uint32_t> undo_sites;  ///< sites that are undone as a whole
  Actor by;                               ///< empty user: the plan's own policy
  /// Of each group that goes back, its first wave that does: from that wave on the group begins
  /// anew. Journals of older engines name none.
  std::vector<Subject> begin_anew{};
};
struct RollbackFinished {
  std::uint32_t restored = 0;
  std::uint32_t needs_hands = 0;
};

// --- orders ---
struct Paused {
  Actor by;  ///< neither user nor order: the plan's own policy, of a gate that learnt nothing
};
/// Also ends a halt. `idle`: how long it was paused or halted; deadlines move by it.
struct Continued {
  Actor by;  ///< neither user nor order: a halt has ended the pause
  Duration idle{};
};
/// What an abort does with what runs: lets it finish; ends it at once, and looks what came of it;
/// lets it finish and puts everything back.
enum class AbortPolicy : std::uint8_t { drain, cancel, rollback };
struct Aborted {
  AbortPolicy policy = AbortPolicy::drain;
  Actor by;
};
struct Approved {
  std::uint32_t group = 0;
  std::uint32_t wave = kNone;
  std::string name;
  Actor by;
};
struct Skipped {
  Subject subject;
  Actor by;
};
/// Failed, lost, restored, late and needs-hands clients of the subject (rollout, group or client)
/// start anew.
struct RetryOrdered {
  Subject subject;
  Actor by;
};
/// `count` failures of the group are accepted: the budget counts on above them.
struct Acknowledged {
  std::uint32_t group = 0;
  std::uint32_t count = 0;
  Actor by;
};
struct OrderRefused {
  std::string order;
  std::string why;
  Actor by;
};

using Event =
    std::variant<RolloutCreated, ControllerStarted, ControllerStopping, ClockJumped, RolloutEnded,
                 GroupStarted, WaveStarted, WavePassed, GroupPassed, GateOpened, GatePassed,
                 StepStarted, StepNoted, StepInDoubt, StepFinished, RetryScheduled, ClientQueued,
                 ClientSettled, ForcedWithoutBackup, Warned, Breached, Halted, RollbackStarted,
                 RollbackFinished, Paused, Continued, Aborted, Approved, Skipped, RetryOrdered,
                 Acknowledged, OrderRefused, RateRaised, SuccessWithdrawn>;

/// The subject an event is about; the rollout for those that have none.
Subject subject_of(const Event& event);
/// The stable name of an event's kind: `step_started`.
std::string_view kind_of(const Event& event);
/// The word as the journal and the command line write it; nothing for one that there is not.
std::string_view name_of(AbortPolicy policy);
std::optional<AbortPolicy> abort_policy(std::string_view name);

}  // namespace sitewide
