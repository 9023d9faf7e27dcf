// Whether gates that ask are asked, answered and obeyed as the journal must say.
#include <algorithm>
#include <charconv>

#include "tests/simulation/judge.h"

namespace sitewide::simulation {

// `gate/a/2/1`: group a, after its second wave, the first gate there; `gate/a/before/1`.
const Gate* Judge::gate_of(const std::string& subject, Subject& gate) const {
  const std::size_t name = subject.find('/') + 1;
  const std::size_t place = subject.find('/', name);
  const std::size_t number = subject.rfind('/');
  if (place == subject.npos || number <= place) return nullptr;
  const std::uint32_t g = layout_.group(subject.substr(name, place - name));
  if (g == kNone) return nullptr;
  const auto count = [&](std::size_t from, std::size_t to) {
    std::uint32_t value = 0;
    std::from_chars(subject.data() + from, subject.data() + to, value);
    return value - 1;
  };
  const Group& plan = schedule_.groups[g].plan;
  const bool is_before = subject.compare(place + 1, number - place - 1, "before") == 0;
  const std::uint32_t wave = is_before ? kNone : count(place + 1, number);
  const std::vector<Gate>& gates = is_before ? plan.before : plan.after_wave;
  gate = Subject::gate(g, wave, count(number + 1, subject.size()));
  return gate.position < gates.size() ? &gates[gate.position] : nullptr;
}

void Judge::gate_is_asked(const Record& record) {
  Subject subject;
  const Gate* gate = gate_of(record.subject, subject);
  if (gate == nullptr) return found(15, "a gate that is not in the plan: ", record.subject);
  const LedgerGroup& group = ledger_.groups[subject.index];
  const std::int64_t waves = subject.wave == kNone ? 0 : subject.wave + 1;
  if (group.gates_passed != subject.position || group.waves_passed != waves)
    found(14, record.subject, " is asked out of turn");
  if (group.asked) found(4, record.subject, " is asked while it is asked");
  if (group.verdict == "ok" || group.verdict == "failed")
    found(6, record.subject, " is asked although it was told");
  tries(record, group.asking.count > 0 ? &group.asking : nullptr, gate->inquiry.policy);
}

void Judge::gate_answers(const Record& record) {
  Subject subject;
  if (gate_of(record.subject, subject) == nullptr)
    return found(15, "an answer to a gate that is not in the plan: ", record.subject);
  const auto& asked = ledger_.groups[subject.index].asked;
  if (!asked || asked->attempt != record.attempt)
    return found(1, record.subject, " is answered and was not asked");
  const bool passes = record.outcome == "ok", fails = record.outcome == "failed";
  const OutcomeKind told = passes ? OutcomeKind::ok : OutcomeKind::failed;
  if ((passes || fails) && !world_.said(subject, record.attempt, told))
    found(14, record.subject, " has an answer that nobody gave: ", record.outcome);
}

// The plan pauses for one reason alone: a gate that learnt nothing in all its attempts.
void Judge::plan_pauses() {
  for (std::uint32_t g = 0; g < ledger_.groups.size(); ++g) {
    const LedgerGroup& group = ledger_.groups[g];
    const Group& plan = schedule_.groups[g].plan;
    const std::vector<Gate>& gates = group.state == "started" ? plan.after_wave : plan.before;
    const bool told = group.verdict.empty() || group.verdict == "ok" || group.verdict == "failed";
    if (told || group.gates_passed >= gates.size()) continue;
    if (group.asking.count >= gates[group.gates_passed].inquiry.policy.attempts) return;
  }
  found(31, "the plan pauses, and no gate was asked in vain");
}

}  // namespace sitewide::simulation
