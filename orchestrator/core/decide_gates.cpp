// When gates open, are asked, and hold.
#include "orchestrator/base/mutation.h"
#include "orchestrator/base/text.h"
#include "orchestrator/core/decider.h"
#include "orchestrator/core/gate.h"
#include "orchestrator/core/retry.h"

namespace sitewide {

std::optional<Event> Decider::gate(std::uint32_t g) const {
  const GroupRecord& group = r.group(g);
  const Subject subject = r.gate_of(g);
  const GateId id{g, subject.wave, subject.position};
  if (!group.gate_open) return GateOpened{id};
  const Gate& gate = gate_at(r.schedule(), subject);
  if (gate.asks()) return asked(subject, gate);
  const bool holds = gate.kind == Gate::Kind::soak
                         ? active_ >= group.gate_since + gate.soak
                         : group.approvals.contains({subject.wave, gate.approval});
  if (!holds) return std::nullopt;
  return GatePassed{id};
}

// One asking after the other, until one has a verdict or there were enough of them.
std::optional<Event> Decider::asked(const Subject& subject, const Gate& gate) const {
  const AskingRecord& asking = r.group(subject.index).asking;
  if (mutated(Mutation::unasked_gate_passes)) return GatePassed{gate_id(subject)};
  if (asking.open) return std::nullopt;
  if (asking.answered) return after_answer(subject, gate);
  if (asking.due > active_) return std::nullopt;
  return StepStarted{subject, Step::check, asking.attempts + 1, now_ + gate.inquiry.policy.timeout};
}

std::optional<Event> Decider::after_answer(const Subject& subject, const Gate& gate) const {
  const GroupRecord& group = r.group(subject.index);
  const AskingRecord& asking = group.asking;
  const StepPolicy& policy = gate.inquiry.policy;
  const std::string said = asking.answer.empty() ? "" : ": " + asking.answer;
  switch (verdict_of(asking.last)) {
    case Verdict::pass:
      return GatePassed{gate_id(subject)};
    case Verdict::fail:
      return Breached{subject.index, group.failed,
                      r.schedule().groups[subject.index].tolerate_failed + group.acknowledged,
                      describe_gate(gate) + " failed" + said};
    case Verdict::inconclusive:
      break;
  }
  if (mutated(Mutation::inconclusive_passes)) return GatePassed{gate_id(subject)};
  if (asking.tries < policy.attempts) {
    return RetryScheduled{subject, Step::check,
                          now_ + backoff(policy, asking.tries, subject.index)};
  }
  Actor plan;
  plan.reason = r.schedule().groups[subject.index].plan.name + ": " + describe_gate(gate) +
                " is inconclusive, asked " + count_of(asking.tries, "time") + said;
  return Paused{std::move(plan)};
}

GateId Decider::gate_id(const Subject& gate) { return {gate.index, gate.wave, gate.position}; }

Timestamp Decider::gate_wake(std::uint32_t g) const {
  const GroupRecord& group = r.group(g);
  if (!group.gate_open) return kNever;
  const Gate& gate = gate_at(r.schedule(), r.gate_of(g));
  if (gate.kind == Gate::Kind::soak) return r.wall(group.gate_since + gate.soak);
  const bool waits = gate.asks() && !group.asking.open && !group.asking.answered;
  return waits ? r.wall(group.asking.due) : kNever;
}

}  // namespace sitewide
