// The kinds and their names, and the way in and out; event_write.cpp and event_read.cpp have the
// fields.
#include "orchestrator/core/event_codec.h"

#include <array>
#include <charconv>

#include "orchestrator/core/event_parts.h"
#include "orchestrator/core/gate.h"

namespace sitewide {
namespace {

constexpr std::array<std::string_view, std::variant_size_v<Event>> kKinds = {
    "rollout_created",
    "controller_started",
    "controller_stopping",
    "clock_jumped",
    "rollout_ended",
    "group_started",
    "wave_started",
    "wave_passed",
    "group_passed",
    "gate_opened",
    "gate_passed",
    "step_started",
    "step_noted",
    "step_in_doubt",
    "step_finished",
    "retry_scheduled",
    "client_queued",
    "client_settled",
    "forced_without_backup",
    "warned",
    "breached",
    "halted",
    "rollback_started",
    "rollback_finished",
    "paused",
    "continued",
    "aborted",
    "approved",
    "skipped",
    "retry_ordered",
    "acknowledged",
    "order_refused",
    "rate_raised",
    "success_withdrawn"};

bool is_step_of(const Schedule& schedule, const Subject& subject, Step step) {
  if (step == Step::check)
    return subject.kind == Subject::Kind::gate && gate_at(schedule, subject).asks();
  return subject.kind == (is_site_step(step) ? Subject::Kind::site : Subject::Kind::client);
}

bool has_wave(const Schedule& schedule, std::uint32_t group, std::uint32_t wave) {
  return wave < schedule.groups[group].waves.size();
}

/// Whether the schedule has all that the event names, so that it can be folded. A row that someone
/// altered must not reach beyond the rollout's own tables.
bool fits(const Schedule& schedule, const Subject& named, const Event& event) {
  if (subject_of(event) != named) return false;
  return std::visit(
      [&](const auto& e) {
        using Kind = std::decay_t<decltype(e)>;
        // A gate is asked and answers; it is never in doubt, nor watched.
        if constexpr (std::is_same_v<Kind, StepNoted> || std::is_same_v<Kind, StepInDoubt>)
          if (e.step == Step::check) return false;
        if constexpr (requires { e.step; }) return is_step_of(schedule, e.subject, e.step);
        if constexpr (requires { e.gate; })
          return has_gate(schedule, e.gate.group, e.gate.wave, e.gate.position);
        if constexpr (std::is_same_v<Kind, WaveStarted> || std::is_same_v<Kind, WavePassed>)
          return has_wave(schedule, e.group, e.wave);
        if constexpr (std::is_same_v<Kind, Approved>)
          return e.wave == kNone || has_wave(schedule, e.group, e.wave);
        if constexpr (std::is_same_v<Kind, Skipped>)
          return named.kind == Subject::Kind::client || named.kind == Subject::Kind::group;
        if constexpr (std::is_same_v<Kind, RetryOrdered>)
          return named.kind != Subject::Kind::wave && named.kind != Subject::Kind::site &&
                 named.kind != Subject::Kind::gate;
        return true;
      },
      event);
}

// The row of nine in ten: read without building a JSON value.
std::optional<Event> read_plain_step(const SubjectIndex& subjects, const Record& record) {
  constexpr std::string_view kDeadline = "{\"deadline\":";
  const bool started = record.kind == "step_started" && record.detail.starts_with(kDeadline);
  const bool finished = record.kind == "step_finished" && record.detail.empty();
  if (!started && !finished) return std::nullopt;
  const auto subject = subjects.find(record.subject);
  const auto step = word_from<Step>(record.step);
  if (!subject || !step || !is_step_of(subjects.schedule(), *subject, *step)) return std::nullopt;
  if (finished) {
    const auto outcome = word_from<OutcomeKind>(record.outcome);
    if (!outcome) return std::nullopt;
    Outcome plain;
    plain.kind = *outcome;
    return StepFinished{*subject, *step, record.attempt, std::move(plain)};
  }
  std::int64_t deadline = 0;
  const char* end = record.detail.data() + record.detail.size();
  const auto read = std::from_chars(record.detail.data() + kDeadline.size(), end, deadline);
  if (read.ec != std::errc() || read.ptr + 1 != end) return std::nullopt;
  return StepStarted{*subject, *step, record.attempt, Timestamp(Duration(deadline))};
}

Error bad_row(const Record& record, const std::string& why) {
  return {ErrorKind::journal, "event " + std::to_string(record.seq) + " (`" + record.kind +
                                  "`) cannot be read: " + why};
}

}  // namespace

std::string_view kind_of(const Event& event) { return kKinds[event.index()]; }
std::span<const std::string_view> event_kinds() { return kKinds; }

std::string_view name_of(AbortPolicy policy) {
  switch (policy) {
    case AbortPolicy::drain:
      return "drain";
    case AbortPolicy::cancel:
      return "cancel";
    case AbortPolicy::rollback:
      return "rollback";
  }
  return {};
}

std::optional<AbortPolicy> abort_policy(std::string_view name) {
  for (const AbortPolicy policy :
       {AbortPolicy::drain, AbortPolicy::cancel, AbortPolicy::rollback}) {
    if (name_of(policy) == name) return policy;
  }
  return std::nullopt;
}

Subject subject_of(const Event& event) {
  return std::visit(
      [](const auto& e) -> Subject {
        using Kind = std::decay_t<decltype(e)>;
        if constexpr (requires { e.subject; }) {
          return e.subject;
        } else if constexpr (requires { e.client; }) {
          return Subject::client(e.client);
        } else if constexpr (requires { e.gate; }) {
          return Subject::group(e.gate.group);
        } else if constexpr (std::is_same_v<Kind, WaveStarted> ||
                             std::is_same_v<Kind, WavePassed>) {
          return Subject::wave_of(e.group, e.wave);
        } else if constexpr (requires { e.group; }) {
          return Subject::group(e.group);
        } else {
          return Subject::rollout();
        }
      },
      event);
}

Record encode(const Schedule& schedule, const Event& event, Timestamp at) {
  Record record;
  record.at = at;
  record.kind = kind_of(event);
  record.subject = subject_name(schedule, subject_of(event));
  write_event(schedule, event, record);
  return record;
}

Result<Event> decode(const SubjectIndex& subjects, const Record& record) {
  if (auto plain = read_plain_step(subjects, record)) return std::move(*plain);
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i] != record.kind) continue;
    auto event = read_event(subjects, record, i);
    if (!event) return bad_row(record, event.error().message);
    const auto subject = subjects.find(record.subject);
    if (subject && fits(subjects.schedule(), *subject, *event)) return event;
    return bad_row(record, "it does not fit the schedule");
  }
  return bad_row(record, "this version does not know the kind");
}

}  // namespace sitewide
