// Budgets and waves.
#include <algorithm>

#include "orchestrator/core/decider.h"

namespace sitewide {

std::optional<Event> Decider::breach() const {
  for (const std::uint32_t g : r.group_marks_) {
    const GroupRecord& group = r.group(g);
    const std::uint32_t tolerated = r.schedule().groups[g].tolerate_failed + group.acknowledged;
    if (group.failed > tolerated && !group.breached && !r.aborted())
      return Breached{g, group.failed, tolerated};
  }
  return std::nullopt;
}

std::optional<Event> Decider::group() const {
  if (!may_start_client()) return std::nullopt;
  const Limits& limits = r.schedule().limits;
  if (now_ >= r.due()) {
    return Halted{Subject::rollout(),
                  "rollout_within " + format_duration(*limits.rollout_within) + " is over"};
  }
  // Soaks and pauses between askings end by time alone, so they come after what is marked, whether
  // marked or not: marks depend on when somebody asked, and what is decided must not.
  while (!r.group_marks_.empty()) {
    const std::uint32_t g = *r.group_marks_.begin();
    if (gate_wake(g) == kNever) {
      if (auto event = group_next(g)) return event;
    }
    r.group_marks_.erase(g);
  }
  for (const std::uint32_t g : r.open_gates_) {
    if (gate_wake(g) <= now_) {
      if (auto event = group_next(g)) return event;
    }
  }
  return std::nullopt;
}

std::optional<Event> Decider::group_next(std::uint32_t g) const {
  const GroupRecord& group = r.group(g);
  const ScheduledGroup& plan = r.schedule().groups[g];
  if (group.state == GroupState::passed || group.state == GroupState::skipped ||
      group.state == GroupState::halted || group.state == GroupState::rolling_back ||
      group.state == GroupState::rolled_back) {
    return std::nullopt;
  }
  if (!group.started) {
    for (const std::uint32_t before : plan.after) {
      const GroupState state = r.group(before).state;
      if (state != GroupState::passed && state != GroupState::skipped) return std::nullopt;
    }
    if (group.gate < plan.plan.before.size()) return gate(g);
    if (plan.waves.empty()) {
      const auto skipped = group.counts[static_cast<std::size_t>(ClientState::skipped)];
      const bool all = skipped == plan.clients.size();
      if (plan.clients.size() == 0)
        return GroupPassed{g, "this rollout leaves out all of its clients"};
      return GroupPassed{g, all ? "skipped with an earlier group, whose force was to reach it"
                                : "upgraded by the force of an earlier group"};
    }
    return GroupStarted{g};
  }
  if (group.wave_open) return group.unsettled == 0 ? wave_settled(g) : std::nullopt;
  if (group.wave > 0 && group.gate < plan.plan.after_wave.size()) return gate(g);
  if (group.wave < plan.waves.size()) return WaveStarted{g, group.wave};
  if (group.retried > 0) return std::nullopt;
  const auto good = [&](ClientState state) {
    return group.counts[static_cast<std::size_t>(state)];
  };
  const bool evidence = good(ClientState::upgraded) + good(ClientState::already_current) > 0 ||
                        good(ClientState::skipped) == plan.clients.size();
  if (evidence) return GroupPassed{g, ""};
  return Halted{Subject::group(g),
                plan.plan.name + ": no client was upgraded; no evidence is never a pass"};
}

// Every client of the wave has settled: it passes within its budgets and, the first wave, with
// evidence.
std::optional<Event> Decider::wave_settled(std::uint32_t g) const {
  const GroupRecord& group = r.group(g);
  const ScheduledGroup& plan = r.schedule().groups[g];
  const std::string wave = plan.plan.name + " wave " + std::to_string(group.wave + 1) + ": ";
  if (group.failed > plan.tolerate_failed + group.acknowledged)
    return std::nullopt;  // breach() speaks
  if (group.late > plan.tolerate_late) {
    return Halted{Subject::group(g), wave + std::to_string(group.late) + " late, " +
                                         std::to_string(plan.tolerate_late) + " tolerated"};
  }
  const bool put_back = group.wave < group.prove_until;
  if ((group.wave == 0 || put_back) && group.wave_good == 0 &&
      group.wave_skipped < group.wave_size) {
    return Halted{Subject::group(g),
                  wave +
                      (put_back ? "none of its clients was upgraded since they were put back"
                                : "no client was upgraded") +
                      "; no evidence is never a pass"};
  }
  return WavePassed{g, group.wave};
}

}  // namespace sitewide
