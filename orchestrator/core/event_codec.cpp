// One function a kind to write it, one line a kind to read it. What a kind has beyond the columns
// goes into `detail`.
#include "orchestrator/core/event_codec.h"

#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "orchestrator/base/check.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

namespace json = boost::json;

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
    "order_refused"};

constexpr std::array<std::string_view, 6> kScopes = {"none",    "wave",   "group",
                                                     "rollout", "client", "site"};

std::int64_t ms(Timestamp at) { return at.time_since_epoch().count(); }

// ----------------------------------------------------------------------------------------------------
// writing
struct Writer {
  const Schedule& schedule;
  Record& record;
  json::object detail{};

  void text(std::string_view key, const std::string& value) {
    if (!value.empty()) detail[key] = to_utf8(value);
  }
  void actor(const Actor& by) {
    text("user", by.user);
    text("host", by.host);
    text("reason", by.reason);
  }
  void step(Step step, std::uint32_t attempt) {
    record.step = name_of(step);
    record.attempt = attempt;
  }
  void gate(const GateId& gate) {
    if (gate.wave != kNone) detail["wave"] = gate.wave + 1;
    detail["position"] = gate.position;
  }

  void operator()(const RolloutCreated& e) {
    detail["id"] = e.id;
    detail["schedule"] = e.schedule.hex();
    detail["engine"] = e.engine;
    actor(e.by);
  }
  void operator()(const ControllerStarted& e) {
    detail = {{"fence", e.fence},
              {"engine", e.engine},
              {"host", e.host},
              {"pid", e.pid},
              {"user", e.user}};
    if (e.idle.count() != 0) detail["idle"] = e.idle.count();
  }
  void operator()(const ControllerStopping& e) { text("reason", e.reason); }
  void operator()(const ClockJumped& e) { detail["by"] = e.by.count(); }
  void operator()(const RolloutEnded& e) { record.outcome = name_of(e.result); }
  void operator()(const GroupStarted&) {}
  void operator()(const WaveStarted&) {}
  void operator()(const WavePassed&) {}
  void operator()(const GroupPassed& e) { text("reason", e.reason); }
  void operator()(const GateOpened& e) { gate(e.gate); }
  void operator()(const GatePassed& e) { gate(e.gate); }
  void operator()(const StepStarted& e) {
    step(e.step, e.attempt);
    record.detail = "{\"deadline\":" + std::to_string(ms(e.deadline)) + "}";
  }
  void operator()(const StepNoted& e) {
    step(e.step, e.attempt);
    text("note", e.note);
    if (!e.reachable) detail["reachable"] = false;
  }
  void operator()(const StepInDoubt& e) {
    step(e.step, e.attempt);
    text("reason", e.reason);
  }
  void operator()(const StepFinished& e) {
    step(e.step, e.attempt);
    record.outcome = name_of(e.outcome.kind);
    text("reason", e.outcome.reason);
    if (e.outcome.exit_code >= 0) detail["exit_code"] = e.outcome.exit_code;
    if (e.outcome.on_target) detail["on_target"] = true;
    if (e.outcome.recovered) detail["recovered"] = true;
    if (e.outcome.facts.empty()) return;
    json::object facts;
    for (const auto& [name, value] : e.outcome.facts) facts[name] = to_utf8(value);
    detail["facts"] = std::move(facts);
  }
  void operator()(const RetryScheduled& e) {
    record.step = name_of(e.step);
    detail["due"] = ms(e.due);
  }
  void operator()(const ClientQueued&) {}
  void operator()(const ClientSettled& e) {
    record.outcome = name_of(e.state);
    text("reason", e.reason);
    if (e.final) detail["final"] = true;
  }
  void operator()(const ForcedWithoutBackup&) {}
  void operator()(const Warned& e) { text("text", e.text); }
  void operator()(const Breached& e) {
    detail = {{"failed", e.failed}, {"tolerated", e.tolerated}};
  }
  void operator()(const Halted& e) { text("reason", e.reason); }
  void operator()(const RollbackStarted& e) {
    detail["scope"] = kScopes[static_cast<std::size_t>(e.scope)];
    json::array sites;
    for (const std::uint32_t s : e.undo_sites) sites.emplace_back(schedule.sites[s].plan.name);
    if (!sites.empty()) detail["undo_sites"] = std::move(sites);
    actor(e.by);
  }
  void operator()(const RollbackFinished& e) {
    detail = {{"restored", e.restored}, {"needs_hands", e.needs_hands}};
  }
  void operator()(const Paused& e) { actor(e.by); }
  void operator()(const Continued& e) {
    actor(e.by);
    if (e.idle.count() != 0) detail["idle"] = e.idle.count();
  }
  void operator()(const Aborted& e) {
    detail["policy"] = e.policy == AbortPolicy::drain ? "drain" : "rollback";
    actor(e.by);
  }
  void operator()(const Approved& e) {
    if (e.wave != kNone) detail["wave"] = e.wave + 1;
    text("name", e.name);
    actor(e.by);
  }
  void operator()(const Skipped& e) { actor(e.by); }
  void operator()(const RetryOrdered& e) { actor(e.by); }
  void operator()(const Acknowledged& e) {
    detail["count"] = e.count;
    actor(e.by);
  }
  void operator()(const OrderRefused& e) {
    text("order", e.order);
    text("why", e.why);
    actor(e.by);
  }
};

// ----------------------------------------------------------------------------------------------------
// reading Looks into a row; remembers the first thing that is missing or of the wrong kind.
class Reader {
 public:
  Reader(const SubjectIndex& subjects, const Record& record)
      : subjects_(subjects), record_(record) {
    const auto subject = subjects.find(record.subject);
    if (!subject) fail("unknown subject `" + record.subject + "`");
    subject_ = subject.value_or(Subject{});
    if (record.detail.empty()) return;
    boost::system::error_code error;
    json::value value = json::parse(record.detail, error);
    if (error || !value.is_object()) {
      fail("detail is not a JSON object");
    } else {
      detail_ = std::move(value.as_object());
    }
  }

  const Subject& subject() const { return subject_; }
  const std::string& problem() const { return problem_; }
  void fail(std::string what) {
    if (problem_.empty()) problem_ = std::move(what);
  }

  std::int64_t number(std::string_view key, std::int64_t absent = 0) {
    const json::value* value = detail_.if_contains(key);
    if (value == nullptr) return absent;
    if (value->is_int64()) return value->as_int64();
    if (value->is_uint64()) return static_cast<std::int64_t>(value->as_uint64());
    fail("`" + std::string(key) + "` is not a number");
    return absent;
  }
  std::uint32_t count(std::string_view key) { return static_cast<std::uint32_t>(number(key)); }
  std::string text(std::string_view key) {
    const json::value* value = detail_.if_contains(key);
    if (value == nullptr) return {};
    if (value->is_string()) return std::string(value->as_string());
    fail("`" + std::string(key) + "` is not text");
    return {};
  }
  bool flag(std::string_view key, bool absent) {
    const json::value* value = detail_.if_contains(key);
    if (value == nullptr || !value->is_bool()) return absent;
    return value->as_bool();
  }
  const json::value* find(std::string_view key) const { return detail_.if_contains(key); }
  Timestamp time(std::string_view key) { return Timestamp(Duration(number(key))); }
  Actor actor() { return {text("user"), text("host"), text("reason")}; }
  std::uint32_t wave() { return find("wave") == nullptr ? kNone : count("wave") - 1; }
  template <class Word>
  Word word(const std::string& name) {
    const auto found = word_from<Word>(name);
    if (!found) fail("unknown word `" + name + "`");
    return found.value_or(Word{});
  }
  Step step() { return word<Step>(record_.step); }
  const Record& record() const { return record_; }
  const SubjectIndex& subjects() const { return subjects_; }

 private:
  const SubjectIndex& subjects_;
  const Record& record_;
  Subject subject_;
  json::object detail_;
  std::string problem_;
};

Outcome read_outcome(Reader& in) {
  Outcome outcome;
  outcome.kind = in.word<OutcomeKind>(in.record().outcome);
  outcome.reason = in.text("reason");
  outcome.exit_code = static_cast<int>(in.number("exit_code", -1));
  outcome.on_target = in.flag("on_target", false);
  outcome.recovered = in.flag("recovered", false);
  const json::value* facts = in.find("facts");
  if (facts == nullptr || !facts->is_object()) return outcome;
  for (const auto& [name, value] : facts->as_object()) {
    if (value.is_string()) outcome.facts[std::string(name)] = std::string(value.as_string());
  }
  return outcome;
}

RollbackStarted read_rollback(Reader& in) {
  RollbackStarted event;
  event.subject = in.subject();
  event.by = in.actor();
  const std::string scope = in.text("scope");
  for (std::size_t i = 0; i < kScopes.size(); ++i) {
    if (kScopes[i] == scope) event.scope = static_cast<Scope>(i);
  }
  const json::value* sites = in.find("undo_sites");
  if (sites == nullptr || !sites->is_array()) return event;
  for (const json::value& name : sites->as_array()) {
    const auto site = name.is_string() ? in.subjects().site(name.as_string()) : std::nullopt;
    if (site) {
      event.undo_sites.push_back(*site);
    } else {
      in.fail("unknown site in `undo_sites`");
    }
  }
  return event;
}

using Read = Event (*)(Reader&);

// In the order of the variant.
constexpr std::array<Read, std::variant_size_v<Event>> kReaders = {
    [](Reader& in) -> Event {
      return RolloutCreated{in.text("id"), Digest::parse(in.text("schedule")).value_or(Digest{}),
                            in.text("engine"), in.actor()};
    },
    [](Reader& in) -> Event {
      return ControllerStarted{in.count("fence"), in.text("engine"), in.text("host"),
                               in.number("pid"),  in.text("user"),   Duration(in.number("idle"))};
    },
    [](Reader& in) -> Event { return ControllerStopping{in.text("reason")}; },
    [](Reader& in) -> Event { return ClockJumped{Duration(in.number("by"))}; },
    [](Reader& in) -> Event { return RolloutEnded{in.word<RolloutState>(in.record().outcome)}; },
    [](Reader& in) -> Event { return GroupStarted{in.subject().index}; },
    [](Reader& in) -> Event {
      return WaveStarted{in.subject().index, in.subject().wave};
    },
    [](Reader& in) -> Event {
      return WavePassed{in.subject().index, in.subject().wave};
    },
    [](Reader& in) -> Event {
      return GroupPassed{in.subject().index, in.text("reason")};
    },
    [](Reader& in) -> Event {
      return GateOpened{{in.subject().index, in.wave(), in.count("position")}};
    },
    [](Reader& in) -> Event {
      return GatePassed{{in.subject().index, in.wave(), in.count("position")}};
    },
    [](Reader& in) -> Event {
      return StepStarted{in.subject(), in.step(), in.record().attempt, in.time("deadline")};
    },
    [](Reader& in) -> Event {
      return StepNoted{in.subject(), in.step(), in.record().attempt, in.flag("reachable", true),
                       in.text("note")};
    },
    [](Reader& in) -> Event {
      return StepInDoubt{in.subject(), in.step(), in.record().attempt, in.text("reason")};
    },
    [](Reader& in) -> Event {
      return StepFinished{in.subject(), in.step(), in.record().attempt, read_outcome(in)};
    },
    [](Reader& in) -> Event {
      return RetryScheduled{in.subject(), in.step(), in.time("due")};
    },
    [](Reader& in) -> Event { return ClientQueued{in.subject().index}; },
    [](Reader& in) -> Event {
      return ClientSettled{in.subject().index, in.word<ClientState>(in.record().outcome),
                           in.flag("final", false), in.text("reason")};
    },
    [](Reader& in) -> Event { return ForcedWithoutBackup{in.subject().index}; },
    [](Reader& in) -> Event {
      return Warned{in.subject(), in.text("text")};
    },
    [](Reader& in) -> Event {
      return Breached{in.subject().index, in.count("failed"), in.count("tolerated")};
    },
    [](Reader& in) -> Event {
      return Halted{in.subject(), in.text("reason")};
    },
    [](Reader& in) -> Event { return read_rollback(in); },
    [](Reader& in) -> Event {
      return RollbackFinished{in.count("restored"), in.count("needs_hands")};
    },
    [](Reader& in) -> Event { return Paused{in.actor()}; },
    [](Reader& in) -> Event {
      return Continued{in.actor(), Duration(in.number("idle"))};
    },
    [](Reader& in) -> Event {
      return Aborted{in.text("policy") == "rollback" ? AbortPolicy::rollback : AbortPolicy::drain,
                     in.actor()};
    },
    [](Reader& in) -> Event {
      return Approved{in.subject().index, in.wave(), in.text("name"), in.actor()};
    },
    [](Reader& in) -> Event {
      return Skipped{in.subject(), in.actor()};
    },
    [](Reader& in) -> Event {
      return RetryOrdered{in.subject(), in.actor()};
    },
    [](Reader& in) -> Event {
      return Acknowledged{in.subject().index, in.count("count"), in.actor()};
    },
    [](Reader& in) -> Event {
      return OrderRefused{in.text("order"), in.text("why"), in.actor()};
    },
};

// The row of nine in ten: read without building a JSON value.
std::optional<Event> read_plain_step(const SubjectIndex& subjects, const Record& record) {
  constexpr std::string_view kDeadline = "{\"deadline\":";
  const bool started = record.kind == "step_started" && record.detail.starts_with(kDeadline);
  const bool finished = record.kind == "step_finished" && record.detail.empty();
  if (!started && !finished) return std::nullopt;
  const auto subject = subjects.find(record.subject);
  const auto step = word_from<Step>(record.step);
  if (!subject || !step) return std::nullopt;
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
  Writer writer{schedule, record};
  std::visit(writer, event);
  if (!writer.detail.empty()) record.detail = json::serialize(writer.detail);
  return record;
}

Result<Event> decode(const SubjectIndex& subjects, const Record& record) {
  if (auto plain = read_plain_step(subjects, record)) return std::move(*plain);
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i] != record.kind) continue;
    Reader in(subjects, record);
    Event event = kReaders[i](in);
    if (!in.problem().empty()) return bad_row(record, in.problem());
    return event;
  }
  return bad_row(record, "this version does not know the kind");
}

}  // namespace sitewide
