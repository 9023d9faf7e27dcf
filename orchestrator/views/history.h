// History: what the events tell beyond where the rollout stands: each client's attempts, how long
// waves, gates and site steps took, what operators did. A fold for the report; pure; O(events).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "orchestrator/views/reporter.h"

namespace sitewide {

struct AttemptHistory {
  Step step = Step::inspect;
  std::uint32_t attempt = 1;
  Timestamp begun{};
  std::optional<Timestamp> ended;  ///< nothing: it is open, or was given up by a rollback
  OutcomeKind outcome = OutcomeKind::ok;
  bool was_in_doubt = false;
  bool recovered = false;
  int exit_code = -1;
  std::int64_t seq = 0;  ///< of the event that ended it
  std::string reason;
};

/// A stretch of time on the timeline.
struct Stretch {
  enum class Kind : std::uint8_t {
    wave,
    soak,
    gate,  ///< an approval, or another gate that waits for something
    site_step,
    rollback,
    paused,
    halted,
    no_controller
  };
  Kind kind = Kind::wave;
  std::string label;  ///< `wave 2`, `soak`, `replicate`
  Timestamp begin{};
  std::optional<Timestamp> end;  ///< nothing: it goes on
};

/// A gate that was reached, and what became of it.
struct GateHistory {
  GateId gate;
  Timestamp opened{};
  std::optional<Timestamp> passed;  ///< nothing: it was never passed, or not yet
};

/// A client that went wrong, or was late for the first time.
struct FailureMark {
  std::uint32_t group = kNone;  ///< the one that upgrades it
  ClientState state = ClientState::failed;
  Timestamp at{};
};

struct History {
  std::vector<std::vector<AttemptHistory>> clients;  ///< by client
  std::vector<std::string> failures;  ///< by client: why it was last failed, lost or late
  std::vector<std::vector<AttemptHistory>> sites;    ///< by site
  std::vector<std::vector<Stretch>> groups;          ///< by group
  std::vector<std::vector<Stretch>> site_stretches;  ///< by site
  std::vector<Stretch> rollout;    ///< pauses, halts, rollbacks, and times without a controller
  std::vector<GateHistory> gates;  ///< in the order in which they were reached
  std::vector<FailureMark> marks;  ///< in the order of time
  std::vector<JournaledEvent> actions;      ///< what operators ordered, refusals included
  std::vector<JournaledEvent> controllers;  ///< ControllerStarted
  std::optional<JournaledEvent> created;
  Timestamp begin{}, end{};  ///< of the first and the last event
};

History fold_history(const Schedule& schedule, std::span<const JournaledEvent> events);

/// What a gate is called where there is little room: `soak`, `approval change-board`. Not escaped.
std::string gate_label(const Gate& gate);
/// Who is behind an event, for the events that have somebody; null for the others, and where the
/// plan itself acts.
const Actor* actor_of(const Event& event);

}  // namespace sitewide
