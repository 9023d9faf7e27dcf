// What each kind of event is called: its level, its scope and its phrase. A new event does not
// compile until it has all.
#include "orchestrator/base/text.h"
#include "orchestrator/core/gate.h"
#include "orchestrator/core/ramp.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

constexpr std::size_t kNameLimit = 80;
constexpr std::size_t kReasonLimit = 400;

std::string reason_after(std::string_view separator, std::string_view reason) {
  if (reason.empty()) return {};
  return std::string(separator) + escaped(reason, kReasonLimit);
}

std::string by(const Actor& actor) {
  std::string text;
  if (!actor.user.empty()) text += " by " + escaped(actor.user, kNameLimit);
  if (!actor.host.empty()) text += " from " + escaped(actor.host, kNameLimit);
  return text + reason_after(": ", actor.reason);
}

// Steps of sites and gates are few, and each counts.
bool is_told(Step step) { return is_site_step(step) || step == Step::check; }

struct LevelOf {
  Level operator()(const RolloutCreated&) { return Level::info; }
  Level operator()(const ControllerStarted&) { return Level::info; }
  Level operator()(const ControllerStopping&) { return Level::warning; }
  Level operator()(const ClockJumped&) { return Level::warning; }
  Level operator()(const RolloutEnded& e) {
    if (e.result == RolloutState::completed) return Level::info;
    return e.result == RolloutState::needs_hands ? Level::error : Level::warning;
  }
  Level operator()(const GroupStarted&) { return Level::info; }
  Level operator()(const WaveStarted&) { return Level::info; }
  Level operator()(const WavePassed&) { return Level::info; }
  Level operator()(const GroupPassed&) { return Level::info; }
  Level operator()(const GateOpened&) { return Level::info; }
  Level operator()(const GatePassed&) { return Level::info; }
  Level operator()(const StepStarted& e) { return is_told(e.step) ? Level::info : Level::debug; }
  Level operator()(const StepNoted& e) { return is_site_step(e.step) ? Level::info : Level::debug; }
  Level operator()(const StepInDoubt&) { return Level::warning; }
  Level operator()(const StepFinished& e) {
    if (e.outcome.kind == OutcomeKind::ok) {
      if (!is_told(e.step)) return Level::debug;
      return warning_of(e.outcome).empty() ? Level::info : Level::warning;
    }
    // A client that is off becomes late, which is told when it does.
    const bool off = e.outcome.kind == OutcomeKind::unreachable && !is_told(e.step);
    return off || e.outcome.kind == OutcomeKind::cancelled ? Level::debug : Level::warning;
  }
  Level operator()(const RetryScheduled& e) { return is_told(e.step) ? Level::info : Level::debug; }
  Level operator()(const ClientQueued&) { return Level::debug; }
  Level operator()(const ClientSettled& e) {
    if (e.state == ClientState::needs_hands || e.state == ClientState::failed ||
        e.state == ClientState::lost) {
      return Level::error;
    }
    return e.state == ClientState::late ? Level::warning : Level::info;
  }
  Level operator()(const ForcedWithoutBackup&) { return Level::warning; }
  Level operator()(const Warned&) { return Level::warning; }
  Level operator()(const Breached&) { return Level::error; }
  Level operator()(const Halted&) { return Level::error; }
  Level operator()(const RollbackStarted&) { return Level::warning; }
  Level operator()(const RollbackFinished& e) {
    return e.needs_hands > 0 ? Level::error : Level::info;
  }
  Level operator()(const Paused&) { return Level::warning; }
  Level operator()(const Continued&) { return Level::info; }
  Level operator()(const Aborted&) { return Level::warning; }
  Level operator()(const Approved&) { return Level::info; }
  Level operator()(const Skipped&) { return Level::info; }
  Level operator()(const RetryOrdered&) { return Level::info; }
  Level operator()(const Acknowledged&) { return Level::info; }
  Level operator()(const OrderRefused&) { return Level::warning; }
  Level operator()(const RateRaised&) { return Level::info; }
  Level operator()(const SuccessWithdrawn&) { return Level::error; }
};

struct Phrase {
  const Schedule& schedule;

  std::string client(std::uint32_t c) const {
    return escaped(schedule.clients.name(c), kNameLimit);
  }
  const Group& group(std::uint32_t g) const { return schedule.groups[g].plan; }
  std::string wave(std::uint32_t g, std::uint32_t w) const {
    return "wave " + std::to_string(w + 1) + " of " +
           std::to_string(schedule.groups[g].waves.size());
  }
  const Gate& gate(const GateId& id) const {
    return gate_at(schedule, id.group, id.wave, id.position);
  }
  std::string gate_place(const GateId& id) const {
    return id.wave == kNone ? "" : " after " + wave(id.group, id.wave);
  }
  /// `pc012 trigger`, `stage`, with the attempt where it is not the first.
  std::string attempt(const Subject& subject, Step step, std::uint32_t number) const {
    std::string text =
        subject.kind == Subject::Kind::client ? client(subject.index) + " " : std::string();
    text += subject.kind == Subject::Kind::gate ? describe_gate(gate_at(schedule, subject))
                                                : spoken(name_of(step));
    return number > 1 ? text + " (attempt " + std::to_string(number) + ")" : text;
  }
  std::string named(const Subject& subject) const {
    switch (subject.kind) {
      case Subject::Kind::rollout:
        return "the rollout";
      case Subject::Kind::site:
        return "site " + escaped(schedule.sites[subject.index].plan.name, kNameLimit);
      case Subject::Kind::group:
        return "the group";
      case Subject::Kind::wave:
        return wave(subject.index, subject.wave);
      case Subject::Kind::client:
        return client(subject.index);
      case Subject::Kind::gate:
        return describe_gate(gate_at(schedule, subject));
    }
    return {};
  }

  static std::string approved_by(const RolloutCreated& e) {
    if (e.preview.empty()) return {};
    std::string text = "; as saved in preview " + escaped(e.preview.substr(0, 12), kNameLimit);
    if (e.drift.empty()) return text;
    text += ", accepting " + count_of(e.drift.size(), "change") + " since: ";
    for (std::size_t i = 0; i < e.drift.size() && i < 3; ++i)
      text += (i == 0 ? "" : "; ") + escaped(e.drift[i], kReasonLimit);
    return e.drift.size() > 3 ? text + "; …" : text;
  }
  std::string operator()(const RolloutCreated& e) const {
    return escaped(e.id, kNameLimit) + " created" + by(e.by) + "; " +
           count_of(schedule.groups.size(), "group") + ", " +
           count_of(schedule.clients.size(), "client") + approved_by(e);
  }
  std::string operator()(const ControllerStarted& e) const {
    std::string text = "controller " + std::to_string(e.fence) + " starts";
    if (!e.host.empty())
      text += " on " + escaped(e.host, kNameLimit) + " (process " + std::to_string(e.pid) + ")";
    if (e.idle.count() > 0) text += ", after " + describe_duration(e.idle) + " without one";
    if (e.idle.count() < 0) text += "; the clock was set back by " + describe_duration(-e.idle);
    return text;
  }
  std::string operator()(const ControllerStopping& e) const {
    return "the controller starts nothing more and stops when what runs has ended" +
           reason_after(": ", e.reason);
  }
  std::string operator()(const ClockJumped& e) const {
    return "the clock was moved by " + describe_duration(e.by) + "; deadlines move with it";
  }
  std::string operator()(const RolloutEnded& e) const {
    return "ended: " + spoken(name_of(e.result));
  }
  std::string operator()(const GroupStarted& e) const {
    const ScheduledGroup& plan = schedule.groups[e.group];
    return "starts with " + count_of(plan.clients.size(), "client") + " in " +
           count_of(plan.waves.size(), "wave") + "; " +
           describe_budget(plan.tolerate_failed, plan.clients.size());
  }
  std::string operator()(const WaveStarted& e) const {
    return wave(e.group, e.wave) + " starts with " +
           count_of(schedule.groups[e.group].waves[e.wave].size(), "client");
  }
  std::string operator()(const WavePassed& e) const { return wave(e.group, e.wave) + " passes"; }
  std::string operator()(const GroupPassed& e) const {
    return "passes" + reason_after(": ", e.reason);
  }
  std::string operator()(const GateOpened& e) const {
    const Gate& what = gate(e.gate);
    const std::string place = gate_place(e.gate);
    if (what.kind == Gate::Kind::soak) return "soaks for " + format_duration(what.soak) + place;
    return "waits for " + describe_gate(what) + place;
  }
  std::string operator()(const GatePassed& e) const {
    const Gate& what = gate(e.gate);
    const std::string place = gate_place(e.gate);
    if (what.kind == Gate::Kind::soak)
      return "has soaked for " + format_duration(what.soak) + place;
    if (what.asks()) return describe_gate(what) + " passes" + place;
    return "has " + describe_gate(what) + place;
  }
  std::string operator()(const StepStarted& e) const {
    return attempt(e.subject, e.step, e.attempt) + " starts";
  }
  std::string operator()(const StepNoted& e) const {
    return attempt(e.subject, e.step, e.attempt) + ": " +
           (e.note.empty() ? std::string(e.reachable ? "goes on" : "does not answer")
                           : escaped(e.note, kReasonLimit));
  }
  std::string operator()(const StepInDoubt& e) const {
    return attempt(e.subject, e.step, e.attempt) + " is in doubt" + reason_after(": ", e.reason);
  }
  std::string operator()(const StepFinished& e) const {
    std::string text =
        attempt(e.subject, e.step, e.attempt) + " " + spoken(name_of(e.outcome.kind));
    if (e.outcome.recovered) text += " (recovered)";
    if (e.outcome.kind != OutcomeKind::ok && e.outcome.exit_code >= 0) {
      text += " (exit " + std::to_string(e.outcome.exit_code) + ")";
    }
    return text + reason_after(": ", e.outcome.reason) +
           reason_after("; warning: ", warning_of(e.outcome));
  }
  std::string operator()(const RetryScheduled& e) const {
    const bool back = e.step == Step::restore;  // also once more after it went well
    return attempt(e.subject, e.step, 1) + (back ? " is done again at " : " is tried again at ") +
           format_timestamp(std::chrono::ceil<std::chrono::seconds>(e.due));
  }
  std::string operator()(const ClientQueued& e) const {
    return client(e.client) + " waits for a free slot";
  }
  std::string operator()(const ClientSettled& e) const {
    const std::string final_word = e.state == ClientState::late && e.final ? " for good" : "";
    return client(e.client) + " " + spoken(name_of(e.state)) + final_word +
           reason_after(": ", e.reason);
  }
  std::string operator()(const ForcedWithoutBackup& e) const {
    return client(e.client) + " is reached by the force although its files could not be kept";
  }
  std::string operator()(const Warned& e) const {
    const std::string who =
        e.subject.kind == Subject::Kind::client ? client(e.subject.index) + ": " : "";
    return who + escaped(e.text, kReasonLimit);
  }
  std::string operator()(const Breached& e) const {
    const std::string budget =
        std::to_string(e.failed) + " failed, " + std::to_string(e.tolerated) + " tolerated";
    return "breach: " + (e.reason.empty() ? budget : escaped(e.reason, kReasonLimit)) +
           "; no further client action starts";
  }
  std::string operator()(const Halted& e) const { return "halted" + reason_after(": ", e.reason); }
  std::string operator()(const RollbackStarted& e) const {
    std::string text = "rollback of " + named(e.subject) + " starts" + by(e.by);
    for (std::size_t i = 0; i < e.undo_sites.size(); ++i) {
      text += (i == 0 ? "; undoes site " : ", ") +
              escaped(schedule.sites[e.undo_sites[i]].plan.name, kNameLimit);
    }
    for (const Subject& wave : e.begin_anew) {
      text += "; " + escaped(schedule.groups[wave.index].plan.name, kNameLimit) +
              " begins anew with wave " + std::to_string(wave.wave + 1);
    }
    return text;
  }
  std::string operator()(const RollbackFinished& e) const {
    return "rollback ends: " + std::to_string(e.restored) + " restored, " +
           std::to_string(e.needs_hands) + " needs hands";
  }
  std::string operator()(const Paused& e) const { return "paused" + by(e.by); }
  std::string operator()(const Continued& e) const {
    const bool by_halt = e.by.user.empty() && e.by.order.empty();
    return (by_halt ? "the halt ends the pause" : "continued" + by(e.by)) +
           (e.idle.count() > 0 ? " (after " + describe_duration(e.idle) + ")" : "");
  }
  std::string operator()(const Aborted& e) const {
    const auto comes = [&] {
      switch (e.policy) {
        case AbortPolicy::drain:
          return "; what runs is allowed to finish";
        case AbortPolicy::cancel:
          return "; what runs on clients is ended, and looked for";
        case AbortPolicy::rollback:
          return "; everything is rolled back";
      }
      return "";
    };
    return "aborted" + by(e.by) + comes();
  }
  std::string operator()(const Approved& e) const {
    return (e.wave == kNone ? "" : wave(e.group, e.wave) + ": ") + "approval " +
           escaped(e.name, kNameLimit) + " given" + by(e.by);
  }
  std::string operator()(const Skipped& e) const {
    return named(e.subject) + " is skipped" + by(e.by);
  }
  std::string operator()(const RetryOrdered& e) const {
    const std::string who = e.subject.kind == Subject::Kind::client
                                ? client(e.subject.index)
                                : "what failed in " + named(e.subject);
    return who + " is tried again" + by(e.by);
  }
  std::string operator()(const Acknowledged& e) const {
    return count_of(e.count, "failure") + " acknowledged" + by(e.by) +
           "; the budget counts on above";
  }
  std::string operator()(const OrderRefused& e) const {
    return "order " + escaped(e.order, kNameLimit) + " refused" + reason_after(": ", e.why);
  }
  std::string operator()(const RateRaised& e) const {
    return "the rate of triggers rises to " + format_rate(e.rate) + ": " +
           std::to_string(e.proven) + " of " + std::to_string(e.triggered) +
           " triggered are proven";
  }
  std::string operator()(const SuccessWithdrawn& e) const {
    return client(e.client) + " was proven and is no more" + reason_after(": ", e.reason) +
           "; halted";
  }
};

}  // namespace

Level level_of(const Event& event) { return std::visit(LevelOf{}, event); }

std::string scope_of(const Schedule& schedule, const Event& event) {
  const Subject subject = subject_of(event);
  const auto group_name = [&](std::uint32_t g) {
    return g == kNone ? std::string("rollout") : escaped(schedule.groups[g].plan.name, kNameLimit);
  };
  switch (subject.kind) {
    case Subject::Kind::rollout:
      return "rollout";
    case Subject::Kind::site:
      return "site " + escaped(schedule.sites[subject.index].plan.name, kNameLimit);
    case Subject::Kind::group:
    case Subject::Kind::wave:
    case Subject::Kind::gate:
      return group_name(subject.index);
    case Subject::Kind::client:
      return group_name(schedule.lanes[schedule.owner_lane(subject.index)].group);
  }
  return {};
}

std::string phrase(const Schedule& schedule, const Event& event) {
  return std::visit(Phrase{schedule}, event);
}

}  // namespace sitewide
