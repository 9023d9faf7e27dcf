// One function a kind: what it has beyond the columns goes into `detail`.
#include "orchestrator/base/text.h"
#include "orchestrator/core/event_parts.h"

namespace sitewide {
namespace {

namespace json = boost::json;

std::int64_t ms(Timestamp at) { return at.time_since_epoch().count(); }

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
    if (!by.order.empty()) text("order", by.order);
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
    text("preview", e.preview);
    if (e.drift.empty()) return;
    json::array drift;
    for (const std::string& item : e.drift) drift.emplace_back(to_utf8(item));
    detail["drift"] = std::move(drift);
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
    text("reason", e.reason);
  }
  void operator()(const Halted& e) { text("reason", e.reason); }
  void operator()(const RollbackStarted& e) {
    detail["scope"] = kScopes[static_cast<std::size_t>(e.scope)];
    json::array sites;
    for (const std::uint32_t s : e.undo_sites) sites.emplace_back(schedule.sites[s].plan.name);
    if (!sites.empty()) detail["undo_sites"] = std::move(sites);
    json::array waves;
    for (const Subject& wave : e.begin_anew) waves.emplace_back(subject_name(schedule, wave));
    if (!waves.empty()) detail["begin_anew"] = std::move(waves);
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
    text("policy", std::string(name_of(e.policy)));
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
    text("verb", e.order);  // `order` is the id, as in every event that an order became
    text("why", e.why);
    actor(e.by);
  }
  void operator()(const RateRaised& e) {
    detail = {{"count", e.rate.count},
              {"per", e.rate.per.count()},
              {"triggered", e.triggered},
              {"proven", e.proven}};
  }
  void operator()(const SuccessWithdrawn& e) { text("reason", e.reason); }
};

}  // namespace

void write_event(const Schedule& schedule, const Event& event, Record& record) {
  Writer writer{schedule, record};
  std::visit(writer, event);
  if (!writer.detail.empty()) record.detail = json::serialize(writer.detail);
}

}  // namespace sitewide
