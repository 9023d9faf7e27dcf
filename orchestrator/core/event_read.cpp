// One line a kind, in the order of the variant: how a row becomes an event again.
#include <array>

#include "orchestrator/core/event_parts.h"

namespace sitewide {
namespace {

namespace json = boost::json;

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
    fail("`" + std::string(key) + "` is not a number");
    return absent;
  }
  std::uint32_t count(std::string_view key) {
    const std::int64_t value = number(key);
    if (value < 0 || value > UINT32_MAX) fail("`" + std::string(key) + "` is out of its range");
    return static_cast<std::uint32_t>(value);
  }
  std::string text(std::string_view key) {
    const json::value* value = detail_.if_contains(key);
    if (value == nullptr) return {};
    if (value->is_string()) return std::string(value->as_string());
    fail("`" + std::string(key) + "` is not text");
    return {};
  }
  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> list;
    const json::value* value = detail_.if_contains(key);
    if (value == nullptr) return list;
    if (!value->is_array()) fail("`" + std::string(key) + "` is not a list");
    if (!value->is_array()) return list;
    for (const json::value& each : value->as_array()) {
      if (!each.is_string()) fail("`" + std::string(key) + "` is not a list of texts");
      if (each.is_string()) list.emplace_back(each.as_string());
    }
    return list;
  }
  bool flag(std::string_view key, bool absent) {
    const json::value* value = detail_.if_contains(key);
    if (value == nullptr) return absent;
    if (value->is_bool()) return value->as_bool();
    fail("`" + std::string(key) + "` is not true or false");
    return absent;
  }
  const json::value* find(std::string_view key) const { return detail_.if_contains(key); }
  Timestamp time(std::string_view key) { return Timestamp(Duration(number(key))); }
  Actor actor() { return {text("user"), text("host"), text("reason"), text("order")}; }
  std::uint32_t wave() {
    if (find("wave") == nullptr) return kNone;
    const std::uint32_t counted = count("wave");
    if (counted == 0) fail("waves are counted from 1");
    return counted - 1;
  }
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

OrderRefused read_refusal(Reader& in) {
  OrderRefused event{in.text("verb"), in.text("why"), in.actor()};
  if (event.order.empty()) event.order = event.by.order;  // older rows have no verb
  return event;
}

void read_undo_sites(Reader& in, RollbackStarted& event) {
  const json::value* sites = in.find("undo_sites");
  if (sites == nullptr || !sites->is_array()) return;
  for (const json::value& name : sites->as_array()) {
    const auto site = name.is_string() ? in.subjects().site(name.as_string()) : std::nullopt;
    if (site) {
      event.undo_sites.push_back(*site);
    } else {
      in.fail("unknown site in `undo_sites`");
    }
  }
}

void read_begin_anew(Reader& in, RollbackStarted& event) {
  const auto& groups = in.subjects().schedule().groups;
  for (const std::string& name : in.texts("begin_anew")) {
    const auto wave = in.subjects().find(name);
    const bool known = wave && wave->kind == Subject::Kind::wave && wave->index < groups.size() &&
                       wave->wave < groups[wave->index].waves.size();
    if (known) event.begin_anew.push_back(*wave);
    if (!known) in.fail("unknown wave in `begin_anew`");
  }
}

RollbackStarted read_rollback(Reader& in) {
  RollbackStarted event;
  event.subject = in.subject();
  event.by = in.actor();
  const std::string scope = in.text("scope");
  for (std::size_t i = 0; i < kScopes.size(); ++i) {
    if (kScopes[i] == scope) event.scope = static_cast<Scope>(i);
  }
  read_undo_sites(in, event);
  read_begin_anew(in, event);
  return event;
}

using Read = Event (*)(Reader&);

// In the order of the variant.
constexpr std::array<Read, std::variant_size_v<Event>> kReaders = {
    [](Reader& in) -> Event {
      return RolloutCreated{
          in.text("id"),      Digest::parse(in.text("schedule")).value_or(Digest{}),
          in.text("engine"),  in.actor(),
          in.text("preview"), in.texts("drift")};
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
      return Breached{in.subject().index, in.count("failed"), in.count("tolerated"),
                      in.text("reason")};
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
      return Aborted{abort_policy(in.text("policy")).value_or(AbortPolicy::drain), in.actor()};
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
    [](Reader& in) -> Event { return read_refusal(in); },
    [](Reader& in) -> Event {
      return RateRaised{{in.count("count"), Duration(in.number("per"))},
                        in.count("triggered"),
                        in.count("proven")};
    },
    [](Reader& in) -> Event {
      return SuccessWithdrawn{in.subject().index, in.text("reason")};
    },
};

}  // namespace

Result<Event> read_event(const SubjectIndex& subjects, const Record& record, std::size_t index) {
  Reader in(subjects, record);
  Event event = kReaders[index](in);
  if (!in.problem().empty()) return Error{ErrorKind::journal, in.problem()};
  return event;
}

}  // namespace sitewide
