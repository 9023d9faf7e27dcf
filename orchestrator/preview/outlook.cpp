#include "orchestrator/preview/outlook.h"

#include <algorithm>

#include "orchestrator/core/subject_index.h"
#include "orchestrator/engine/engine.h"

namespace sitewide {
namespace {

// So many clients that converged tell how long it takes.
constexpr std::int64_t kEnoughConverged = 3;

/// Notes when groups pass, and leaves the engine when nobody wants to know any more.
class Passing : public Reporter {
 public:
  Passing(Ahead& ahead, const std::atomic<bool>& stop) : ahead_(ahead), stop_(stop) {}
  void watch(Engine& engine) { engine_ = &engine; }

  void report(std::span<const JournaledEvent> events, const Rollout&) override {
    for (const JournaledEvent& event : events) {
      if (const auto* passed = std::get_if<GroupPassed>(&event.event))
        ahead_.groups[passed->group] = event.at;
      if (std::holds_alternative<RolloutEnded>(event.event)) ahead_.end = event.at;
    }
    if (stop_ && engine_ != nullptr) engine_->leave();
  }

 private:
  Ahead& ahead_;
  const std::atomic<bool>& stop_;
  Engine* engine_ = nullptr;
};

bool needs_approval(const Rollout& rollout, std::uint32_t g, std::uint32_t wave,
                    const std::vector<Gate>& gates, std::vector<Event>& given) {
  bool needs = false;
  for (const Gate& gate : gates) {
    if (gate.kind != Gate::Kind::approval) continue;
    if (rollout.group(g).approvals.contains({wave, gate.approval})) continue;
    given.emplace_back(Approved{g, wave, gate.approval, {"forecast", "", ""}});
    needs = true;
  }
  return needs;
}

// Every approval that is still to be asked for, as if somebody gave it at once.
bool give_approvals(const Rollout& rollout, std::vector<Event>& given) {
  bool needs = false;
  const Schedule& schedule = rollout.schedule();
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    const ScheduledGroup& group = schedule.groups[g];
    const GroupRecord& record = rollout.group(g);
    if (record.state == GroupState::passed || record.state == GroupState::skipped) continue;
    if (!record.started) needs |= needs_approval(rollout, g, kNone, group.plan.before, given);
    const std::uint32_t first = record.wave > 0 ? record.wave - 1 : 0;
    for (std::uint32_t wave = first; wave < group.waves.size(); ++wave)
      needs |= needs_approval(rollout, g, wave, group.plan.after_wave, given);
  }
  return needs;
}

}  // namespace

void Durations::note(const Event& event, Timestamp at) {
  if (const auto* started = std::get_if<StepStarted>(&event)) {
    open_[started->subject] = {started->step, at, started->deadline};
  } else if (const auto* finished = std::get_if<StepFinished>(&event)) {
    const auto open = open_.find(finished->subject);
    if (open == open_.end()) return;
    const Open attempt = open->second;
    open_.erase(open);
    if (attempt.step != finished->step || finished->outcome.kind != OutcomeKind::ok) return;
    const Duration took = at - attempt.since;
    Mean& mean = means_[finished->step];
    mean.total_ms += took.count();
    ++mean.count;
    const Duration allowed = attempt.deadline - attempt.since;
    if (finished->step == Step::converge && allowed.count() > 0) {
      converge_parts_ += static_cast<double>(took.count()) / static_cast<double>(allowed.count());
      ++converged_;
    }
  }
}

std::optional<Duration> Durations::mean(Step step) const {
  const auto found = means_.find(step);
  if (found == means_.end()) return std::nullopt;
  return Duration(found->second.total_ms / found->second.count);
}

AssumedDurations Durations::assumed() const {
  AssumedDurations assumed;
  assumed.inspect = mean(Step::inspect).value_or(assumed.inspect);
  assumed.back_up = mean(Step::back_up).value_or(assumed.back_up);
  assumed.trigger = mean(Step::trigger).value_or(assumed.trigger);
  assumed.command = mean(Step::upgrade).value_or(assumed.command);
  assumed.stage = mean(Step::stage).value_or(assumed.stage);
  assumed.replicate = mean(Step::replicate).value_or(assumed.replicate);
  assumed.regenerate = mean(Step::regenerate).value_or(assumed.regenerate);
  if (converged_ >= kEnoughConverged) {
    const double part = converge_parts_ / static_cast<double>(converged_);
    assumed.converge_part = static_cast<std::uint32_t>(1 / std::clamp(part, 0.0001, 1.0));
  }
  return assumed;
}

Ahead look_ahead_from(Rollout rollout, Timestamp now, const AssumedDurations& durations,
                      const std::atomic<bool>& stop) {
  Ahead ahead;
  ahead.groups.resize(rollout.schedule().groups.size());
  if (rollout.ended() || rollout.halted() || rollout.aborted() || rollout.rollback().running)
    return ahead;
  const SubjectIndex subjects(rollout.schedule());
  Simulator simulator(now, durations);
  Passing passing(ahead, stop);
  Engine engine({rollout, subjects, simulator, simulator, nullptr, nullptr, {&passing}});
  passing.watch(engine);
  std::vector<Event> first;
  ControllerStarted controller;
  controller.fence = rollout.fence() + 1;
  first.emplace_back(std::move(controller));
  if (rollout.paused()) {
    first.emplace_back(
        Continued{{"forecast", "", ""}, std::max(Duration{}, now - rollout.idle_since())});
    ahead.needs_somebody = true;
  }
  ahead.needs_somebody |= give_approvals(rollout, first);
  const auto ran = engine.run(std::move(first));
  if (!ran || stop) ahead = {};
  return ahead;
}

}  // namespace sitewide
