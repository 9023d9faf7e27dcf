#include "orchestrator/views/history.h"

#include <algorithm>

#include "orchestrator/core/gate.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

using Kind = Stretch::Kind;

void close_last(std::vector<Stretch>& stretches, Kind kind, Timestamp at) {
  for (auto stretch = stretches.rbegin(); stretch != stretches.rend(); ++stretch) {
    if (stretch->kind != kind || stretch->end) continue;
    stretch->end = at;
    return;
  }
}

// The open attempt that an event is about, or null: a recorded journal may begin in the middle.
AttemptHistory* find_open(std::vector<AttemptHistory>& attempts, Step step, std::uint32_t number) {
  for (auto attempt = attempts.rbegin(); attempt != attempts.rend(); ++attempt) {
    if (attempt->step == step && attempt->attempt == number) return &*attempt;
  }
  return nullptr;
}

struct Folder {
  const Schedule& schedule;
  History& history;
  std::vector<bool>& was_late;
  const JournaledEvent& now;

  std::vector<AttemptHistory>& attempts_of(const Subject& subject) {
    return subject.kind == Subject::Kind::site ? history.sites[subject.index]
                                               : history.clients[subject.index];
  }
  // A breach halts, and so do other things; a second reason does not halt anew.
  void halt(const std::string& reason) {
    const bool halted = std::any_of(
        history.rollout.begin(), history.rollout.end(),
        [](const Stretch& stretch) { return stretch.kind == Kind::halted && !stretch.end; });
    if (halted) return;
    history.rollout.push_back(
        {Kind::halted, reason.empty() ? "halted" : "halted: " + reason, now.at, {}});
  }
  void end_idleness() {
    close_last(history.rollout, Kind::paused, now.at);
    close_last(history.rollout, Kind::halted, now.at);
  }

  void operator()(const RolloutCreated&) { history.created = now; }
  void operator()(const ControllerStarted& e) {
    history.controllers.push_back(now);
    if (e.idle.count() > 0)
      history.rollout.push_back({Kind::no_controller, "no controller", now.at - e.idle, now.at});
  }
  void operator()(const StepStarted& e) {
    if (e.step == Step::check) return;  // its gate is a stretch, and says how it ended
    AttemptHistory attempt;
    attempt.step = e.step;
    attempt.attempt = e.attempt;
    attempt.begun = now.at;
    attempts_of(e.subject).push_back(std::move(attempt));
    if (!is_site_step(e.step)) return;
    history.site_stretches[e.subject.index].push_back(
        {Kind::site_step, spoken(name_of(e.step)), now.at, {}});
  }
  void operator()(const StepInDoubt& e) {
    if (AttemptHistory* attempt = find_open(attempts_of(e.subject), e.step, e.attempt))
      attempt->was_in_doubt = true;
  }
  void operator()(const StepFinished& e) {
    if (e.step == Step::check) return;
    if (is_site_step(e.step))
      close_last(history.site_stretches[e.subject.index], Kind::site_step, now.at);
    AttemptHistory* attempt = find_open(attempts_of(e.subject), e.step, e.attempt);
    if (attempt == nullptr) return;
    attempt->ended = now.at;
    attempt->outcome = e.outcome.kind;
    attempt->recovered = e.outcome.recovered;
    attempt->exit_code = e.outcome.exit_code;
    attempt->reason = e.outcome.reason;
    const std::string_view warning = warning_of(e.outcome);
    if (attempt->reason.empty() && !warning.empty())
      attempt->reason = "warning: " + std::string(warning);
    attempt->seq = now.seq;
  }
  void operator()(const ClientSettled& e) {
    const bool bad = e.state == ClientState::failed || e.state == ClientState::lost ||
                     e.state == ClientState::late || e.state == ClientState::needs_hands;
    if (!bad) return;
    if (!e.reason.empty()) history.failures[e.client] = e.reason;
    // A client that is off is late again at every retry: the first time is news.
    if (e.state == ClientState::late) {
      if (was_late[e.client]) return;
      was_late[e.client] = true;
    }
    history.marks.push_back({schedule.lanes[schedule.owner_lane(e.client)].group, e.state, now.at});
  }
  void operator()(const WaveStarted& e) {
    history.groups[e.group].push_back(
        {Kind::wave, "wave " + std::to_string(e.wave + 1), now.at, {}});
  }
  void operator()(const WavePassed& e) { close_last(history.groups[e.group], Kind::wave, now.at); }
  void operator()(const GateOpened& e) {
    const Gate& gate = gate_at(schedule, e.gate.group, e.gate.wave, e.gate.position);
    history.gates.push_back({e.gate, now.at, {}});
    history.groups[e.gate.group].push_back(
        {gate.kind == Gate::Kind::soak ? Kind::soak : Kind::gate, gate_label(gate), now.at, {}});
  }
  void operator()(const GatePassed& e) {
    close_last(history.groups[e.gate.group], Kind::soak, now.at);
    close_last(history.groups[e.gate.group], Kind::gate, now.at);
    for (auto gate = history.gates.rbegin(); gate != history.gates.rend(); ++gate) {
      if (gate->gate != e.gate || gate->passed) continue;
      gate->passed = now.at;
      return;
    }
  }
  void operator()(const RollbackStarted& e) {
    const Stretch stretch{Kind::rollback, "rollback", now.at, {}};
    if (e.subject.kind == Subject::Kind::group || e.subject.kind == Subject::Kind::wave) {
      history.groups[e.subject.index].push_back(stretch);
    } else {
      history.rollout.push_back(stretch);
    }
  }
  void operator()(const RollbackFinished&) {
    close_last(history.rollout, Kind::rollback, now.at);
    for (std::vector<Stretch>& stretches : history.groups)
      close_last(stretches, Kind::rollback, now.at);
  }
  void operator()(const Paused&) {
    history.rollout.push_back({Kind::paused, "paused", now.at, {}});
  }
  void operator()(const Breached& e) {
    const std::string counts =
        std::to_string(e.failed) + " failed, " + std::to_string(e.tolerated) + " tolerated";
    halt(schedule.groups[e.group].plan.name + ": " + (e.reason.empty() ? counts : e.reason));
  }
  void operator()(const Halted& e) { halt(e.reason); }
  void operator()(const Continued&) { end_idleness(); }
  void operator()(const RolloutEnded&) {
    const auto end_all = [&](std::vector<Stretch>& stretches) {
      for (Stretch& stretch : stretches) stretch.end = stretch.end.value_or(now.at);
    };
    end_all(history.rollout);
    std::for_each(history.groups.begin(), history.groups.end(), end_all);
    std::for_each(history.site_stretches.begin(), history.site_stretches.end(), end_all);
  }

  // What operators order is listed for every event that has an actor.
  void operator()(const Aborted&) {}
  void operator()(const Approved&) {}
  void operator()(const Skipped&) {}
  void operator()(const RetryOrdered&) {}
  void operator()(const Acknowledged&) {}
  void operator()(const OrderRefused&) {}
  void operator()(const SuccessWithdrawn& e) {
    history.failures[e.client] = e.reason;
    history.marks.push_back(
        {schedule.lanes[schedule.owner_lane(e.client)].group, ClientState::failed, now.at});
  }

  void operator()(const RateRaised&) {}
  void operator()(const ControllerStopping&) {}
  void operator()(const ClockJumped&) {}
  void operator()(const GroupStarted&) {}
  void operator()(const GroupPassed&) {}
  void operator()(const StepNoted&) {}
  void operator()(const RetryScheduled&) {}
  void operator()(const ClientQueued&) {}
  void operator()(const ForcedWithoutBackup&) {}
  void operator()(const Warned&) {}
};

}  // namespace

std::string gate_label(const Gate& gate) {
  return gate.kind == Gate::Kind::soak ? "soak" : describe_gate(gate);
}

const Actor* actor_of(const Event& event) {
  const Actor* actor = std::visit(
      []<class Kind>(const Kind& e) -> const Actor* {
        if constexpr (requires { e.by.user; }) return &e.by;
        return nullptr;
      },
      event);
  return actor == nullptr || actor->user.empty() ? nullptr : actor;
}

History fold_history(const Schedule& schedule, std::span<const JournaledEvent> events) {
  History history;
  history.clients.resize(schedule.clients.size());
  history.failures.resize(schedule.clients.size());
  history.sites.resize(schedule.sites.size());
  history.groups.resize(schedule.groups.size());
  history.site_stretches.resize(schedule.sites.size());
  if (!events.empty()) {
    history.begin = events.front().at;
    history.end = events.back().at;
  }
  std::vector<bool> was_late(schedule.clients.size());
  for (const JournaledEvent& event : events) {
    std::visit(Folder{schedule, history, was_late, event}, event.event);
    const bool creates = std::holds_alternative<RolloutCreated>(event.event);
    if (!creates && actor_of(event.event) != nullptr) history.actions.push_back(event);
  }
  return history;
}

}  // namespace sitewide
