#include "orchestrator/preview/forecast.h"

#include <map>
#include <set>

#include "orchestrator/base/check.h"
#include "orchestrator/base/text.h"
#include "orchestrator/core/gate.h"
#include "orchestrator/core/ramp.h"
#include "orchestrator/core/subject_index.h"
#include "orchestrator/core/window.h"
#include "orchestrator/engine/engine.h"

namespace sitewide {
namespace {

// Notes the moments that a person wants on a timeline, and remembers approvals that are asked for.
class Watcher : public Reporter {
 public:
  Watcher(const Schedule& schedule, Forecast& forecast, bool keep_events)
      : schedule_(schedule), forecast_(forecast), keep_events_(keep_events) {}

  void report(std::span<const JournaledEvent> events, const Rollout& rollout) override {
    forecast_.event_count += events.size();
    for (const JournaledEvent& event : events) {
      forecast_.end = event.at;
      if (keep_events_) forecast_.events.push_back(event);
      note(event);
      note_window(event, rollout);
    }
  }

 private:
  void add(const JournaledEvent& event, std::string text) {
    forecast_.moments.push_back({event.at, subject_of(event.event), std::move(text)});
  }

  // `22:00 Europe/Berlin` of an instant.
  static std::string local(const ScheduledWindow& window, Timestamp at) {
    Duration offset{};
    for (const ZoneOffset& each : window.offsets) {
      if (&each == &window.offsets.front() || each.from <= at) offset = each.offset;
    }
    return format_timestamp(at + offset).substr(11, 5) + " " + window.window.zone;
  }
  static std::string both_times(const ScheduledWindow& window, Timestamp at) {
    return format_timestamp(std::chrono::floor<std::chrono::seconds>(at)) + " (" +
           local(window, at) + ")";
  }

  // A wave that has to wait for a window, and the first start in each opening of one.
  void note_window(const JournaledEvent& journaled, const Rollout& rollout) {
    if (const auto* wave = std::get_if<WaveStarted>(&journaled.event))
      return note_waiting(journaled, *wave);
    const auto* step = std::get_if<StepStarted>(&journaled.event);
    const std::uint32_t lane = step == nullptr ? kNone : held_by_window(*step, rollout);
    if (lane == kNone || journaled.at < window_until_[lane]) return;
    const std::uint32_t g = schedule_.lanes[lane].group;
    for (const ScheduledWindow& window : windows_as_clocked(schedule_, lane)) {
      if (!is_open(window, journaled.at)) continue;
      window_until_[lane] = closes_at(window, journaled.at);
      forecast_.moments.push_back({journaled.at, Subject::group(g),
                                   group(g) + " goes in its window, open until " +
                                       both_times(window, window_until_[lane])});
      return;
    }
  }

  void note_waiting(const JournaledEvent& journaled, const WaveStarted& wave) {
    Timestamp opens = kNever;
    std::uint32_t first = kNone;
    for (std::uint32_t lane = 0; lane < schedule_.lanes.size(); ++lane) {
      if (schedule_.lanes[lane].group != wave.group) continue;
      if (any_open(schedule_, lane, journaled.at)) return;
      const Timestamp opening = next_opening(schedule_, lane, journaled.at);
      if (opening >= opens) continue;
      opens = opening;
      first = lane;
    }
    if (first == kNone) return;
    add(journaled, group(wave.group) + " wave " + std::to_string(wave.wave + 1) +
                       " waits for its window, which opens at " +
                       both_times(windows_as_clocked(schedule_, first).front(), opens));
  }

  // The lane whose window this step had to wait for, or kNone.
  std::uint32_t held_by_window(const StepStarted& started, const Rollout& rollout) const {
    std::uint32_t lane = kNone;
    if (started.step == Step::trigger || started.step == Step::upgrade)
      lane = schedule_.owner_lane(started.subject.index);
    if (started.step == Step::force) lane = rollout.site(started.subject.index).forcing_lane;
    const std::uint32_t g = lane == kNone ? kNone : schedule_.lanes[lane].group;
    return g == kNone || schedule_.groups[g].windows.empty() ? kNone : lane;
  }
  const std::string& group(std::uint32_t g) const { return schedule_.groups[g].plan.name; }

  void note(const JournaledEvent& journaled) {
    const Event& event = journaled.event;
    note_recheck(journaled);
    if (const auto* step = std::get_if<StepStarted>(&event);
        step != nullptr && is_site_step(step->step)) {
      add(journaled, "site " + schedule_.sites[step->subject.index].plan.name + ": " +
                         spoken(name_of(step->step)));
    } else if (const auto* started = std::get_if<GroupStarted>(&event)) {
      add(journaled, group(started->group) + " starts");
    } else if (const auto* wave = std::get_if<WaveStarted>(&event)) {
      const auto& waves = schedule_.groups[wave->group].waves;
      add(journaled, group(wave->group) + " wave " + std::to_string(wave->wave + 1) + " of " +
                         std::to_string(waves.size()) +
                         " starts: " + count_of(waves[wave->wave].size(), "client"));
    } else if (const auto* passed = std::get_if<WavePassed>(&event)) {
      add(journaled,
          group(passed->group) + " wave " + std::to_string(passed->wave + 1) + " passes");
    } else if (const auto* done = std::get_if<GroupPassed>(&event)) {
      add(journaled,
          group(done->group) + " passes" + (done->reason.empty() ? "" : ": " + done->reason));
    } else if (const auto* gate = std::get_if<GateOpened>(&event)) {
      note_gate(journaled, gate->gate);
    } else if (const auto* halted = std::get_if<Halted>(&event)) {
      add(journaled, "halts: " + halted->reason);
    } else if (const auto* breached = std::get_if<Breached>(&event)) {
      add(journaled, group(breached->group) +
                         " breaches its budget: " + std::to_string(breached->failed) + " failed");
    } else if (const auto* raised = std::get_if<RateRaised>(&event)) {
      add(journaled, "the rate of triggers rises to " + format_rate(raised->rate));
    } else if (const auto* withdrawn = std::get_if<SuccessWithdrawn>(&event)) {
      add(journaled,
          std::string(schedule_.clients.name(withdrawn->client)) + " is off target again; halts");
    } else if (std::holds_alternative<RollbackStarted>(event)) {
      add(journaled, "rolls back");
    } else if (const auto* back = std::get_if<RollbackFinished>(&event)) {
      add(journaled, "rollback ends: " + std::to_string(back->restored) + " restored");
    }
  }

  // The first recheck of a group stands for all.
  void note_recheck(const JournaledEvent& journaled) {
    const auto* started = std::get_if<StepStarted>(&journaled.event);
    if (started == nullptr || started->step != Step::recheck) return;
    const std::uint32_t g = schedule_.lanes[schedule_.owner_lane(started->subject.index)].group;
    if (rechecks_.insert(g).second) add(journaled, group(g) + ": its clients are proven again");
  }

  void note_gate(const JournaledEvent& event, const GateId& id) {
    const Group& plan = schedule_.groups[id.group].plan;
    const Gate& gate = gate_at(schedule_, id.group, id.wave, id.position);
    const std::string where =
        plan.name + (id.wave == kNone ? "" : " wave " + std::to_string(id.wave + 1));
    add(event, gate.kind == Gate::Kind::soak ? where + " soaks for " + format_duration(gate.soak)
                                             : where + " waits for " + describe_gate(gate));
  }

  const Schedule& schedule_;
  Forecast& forecast_;
  bool keep_events_;
  std::map<std::uint32_t, Timestamp> window_until_;  // by lane: the opening that was noted ends
  std::set<std::uint32_t> rechecks_;                 // groups whose first recheck was seen
};

// Gives each approval that the plan can ask for, as the operator would.
std::vector<Event> approvals(const Schedule& schedule) {
  std::vector<Event> events;
  const Actor operator_on_duty{"preview", "", ""};
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    const ScheduledGroup& group = schedule.groups[g];
    for (const Gate& gate : group.plan.before) {
      if (gate.kind == Gate::Kind::approval)
        events.push_back(Approved{g, kNone, gate.approval, operator_on_duty});
    }
    for (std::uint32_t wave = 0; wave < group.waves.size(); ++wave) {
      for (const Gate& gate : group.plan.after_wave) {
        if (gate.kind == Gate::Kind::approval)
          events.push_back(Approved{g, wave, gate.approval, operator_on_duty});
      }
    }
  }
  return events;
}

}  // namespace

Forecast forecast(const Schedule& schedule, const ForecastOptions& options) {
  Forecast result;
  result.start = result.end = options.start;
  Rollout rollout(schedule);
  const SubjectIndex subjects(schedule);
  Simulator simulator(options.start, options.durations, options.fates);
  Watcher watcher(schedule, result, options.keep_events);
  std::vector<Reporter*> reporters = {&watcher};
  if (options.watcher != nullptr) reporters.push_back(options.watcher);
  Engine engine({rollout, subjects, simulator, simulator, nullptr, nullptr, std::move(reporters)});
  std::vector<Event> first;
  RolloutCreated created;
  created.id = schedule.name + "-preview";
  created.schedule = schedule.digest;
  ControllerStarted controller;
  controller.fence = 1;
  first.emplace_back(std::move(created));
  first.emplace_back(std::move(controller));
  for (Event& approval : approvals(schedule)) first.push_back(std::move(approval));
  const auto ran = engine.run(std::move(first));
  check(ran.has_value(), "an engine without a journal cannot fail");
  result.result = rollout.state();
  result.halt_reason = rollout.halt_reason();
  result.counts = rollout.counts();
  return result;
}

}  // namespace sitewide
