// How gates, and the askings of those that ask, change a rollout.
#include <algorithm>

#include "orchestrator/base/check.h"
#include "orchestrator/core/applier.h"
#include "orchestrator/core/gate.h"

namespace sitewide {

// What a group is doing that neither waits for others nor stands still.
GroupState Applier::state_of_going(std::uint32_t g) const {
  const GroupRecord& group = r.groups_[g];
  if (!group.gate_open) return group.started ? GroupState::running : GroupState::waiting;
  const Gate& gate = gate_at(r.schedule_, r.gate_of(g));
  if (gate.asks()) return GroupState::checking;
  return gate.kind == Gate::Kind::soak ? GroupState::soaking : GroupState::awaiting_approval;
}

void Applier::operator()(const GateOpened& event) {
  GroupRecord& group = r.groups_[event.gate.group];
  group.gate_open = true;
  group.asking = {};
  // A gate that was asked before a rollback is asked anew under other numbers: what is answered
  // late must not pass for an answer to these.
  if (group.prove_until > 0) group.asking.attempts = group.asked;
  r.open_gates_.insert(event.gate.group);
  group.gate_since = active;
  group.state = state_of_going(event.gate.group);
  mark_group(event.gate.group);
}

void Applier::operator()(const GatePassed& event) {
  GroupRecord& group = r.groups_[event.gate.group];
  group.gate = event.gate.position + 1;
  close_gate(event.gate.group);
  group.state = state_of_going(event.gate.group);
  mark_group(event.gate.group);
}

// Nobody waits at it any more, nor for the answer of an attempt that is under way.
void Applier::close_gate(std::uint32_t g) {
  GroupRecord& group = r.groups_[g];
  if (group.asking.open) --r.open_actions_;
  group.asking = {};
  group.gate_open = false;
  r.open_gates_.erase(g);
}

void Applier::start_asking(const StepStarted& event) {
  GroupRecord& group = r.groups_[event.subject.index];
  AskingRecord& asking = group.asking;
  check(!asking.open, "a gate is asked once at a time");
  group.asked = std::max(group.asked, event.attempt);
  asking.open = true;
  asking.answered = false;
  asking.attempts = event.attempt;
  ++asking.tries;
  asking.deadline = r.active(event.deadline);
  ++r.open_actions_;
}

void Applier::finish_asking(const StepFinished& event) {
  AskingRecord& asking = r.groups_[event.subject.index].asking;
  check(asking.open && asking.attempts == event.attempt,
        "an answer belongs to the open attempt of its gate");
  asking.open = false;
  asking.answered = true;
  asking.last = event.outcome.kind;
  asking.answer = event.outcome.reason;
  asking.answer_at = active;
  --r.open_actions_;
  mark_group(event.subject.index);
}

// What was answered before a pause, a halt or another controller is old: only what is answered from
// here on lets anything pass.
void Applier::ask_anew() {
  for (const std::uint32_t g : r.open_gates_) {
    AskingRecord& asking = r.groups_[g].asking;
    asking.tries = asking.open ? 1 : 0;
    asking.answered = false;
    asking.due = {};
  }
}

}  // namespace sitewide
