#include "tests/support/stage.h"

#include <gtest/gtest.h>

#include "orchestrator/core/event_codec.h"

namespace sitewide {

Result<> MemoryJournal::append(std::span<Record> added, std::span<const OutputRecord>) {
  if (turns++ == fails_at) return Error{ErrorKind::journal, "disk full"};
  for (Record& record : added) {
    record.seq = static_cast<std::int64_t>(records.size()) + 1;
    records.push_back(record);
    if (log != nullptr) log->push_back("journal " + record.kind + " " + record.subject);
  }
  return {};
}

Stage::Stage(ScenePlan plan) : start_(*parse_timestamp("2026-11-23T20:00:00Z")) {
  Compiled compiled = compile(plan.plan, std::move(plan.clients), {});
  for (const Problem& problem : compiled.problems) ADD_FAILURE() << problem.message;
  schedule_ = std::move(compiled.schedule);
  subjects_ = std::make_unique<SubjectIndex>(schedule_);
  world_ = std::make_unique<ScriptedWorld>(schedule_, start_);
  rollout_ = std::make_unique<Rollout>(schedule_);
}

Result<> Stage::run(const std::vector<Order>& orders) {
  rollout_ = std::make_unique<Rollout>(schedule_);
  for (const Record& record : journal_.records) {
    rollout_->apply(decode(*subjects_, record).value(), record.at);
  }
  std::vector<Event> first;
  if (journal_.records.empty()) {
    RolloutCreated created;
    created.id = "stage-1";
    first.emplace_back(created);
  }
  ControllerStarted started;
  started.fence = rollout_->fence() + 1;
  first.emplace_back(started);
  Rollout judged = *rollout_;  // each order is judged after those before it
  for (const Event& event : first) judged.apply(event, world_->now());
  for (const Order& order : orders) {
    for (Event& event : to_events(judged, *subjects_, order, world_->now()).value()) {
      judged.apply(event, world_->now());
      first.push_back(std::move(event));
    }
  }
  Engine engine({*rollout_, *subjects_, *world_, *world_, &journal_, world_.get(), reporters_});
  engine_ = &engine;
  world_->on_idle = [&] { engine.leave(); };
  auto ran = engine.run(std::move(first));
  engine_ = nullptr;
  world_->controller_gone();
  return ran;
}

Result<> Stage::run_until(Duration after_start) {
  world_->at(after_start, [this] {
    if (engine_ != nullptr) engine_->leave();
  });
  return run();
}

ClientState Stage::state(const std::string& client) const {
  return rollout_->client(subjects_->client(client).value()).state;
}

std::uint32_t Stage::times(const std::string& kind) const {
  return static_cast<std::uint32_t>(std::count_if(journal_.records.begin(), journal_.records.end(),
                                                  [&](const Record& r) { return r.kind == kind; }));
}

std::string Stage::transcript() const {
  std::string text;
  for (const Record& record : journal_.records) {
    const Duration since = record.at - start_;
    std::string line = since.count() == 0 ? "0s" : describe_duration(since);
    line.resize(std::max<std::size_t>(line.size(), 9), ' ');
    line += record.kind + " " + record.subject;
    if (!record.step.empty()) line += " " + record.step;
    if (record.attempt > 0) line += " " + std::to_string(record.attempt);
    if (!record.outcome.empty()) line += " " + record.outcome;
    const bool dull = record.kind == "rollout_created" || record.kind == "controller_started" ||
                      record.kind == "step_started" || record.kind == "retry_scheduled";
    if (!dull && !record.detail.empty()) line += " " + record.detail;
    text += line + "\n";
  }
  return text;
}

}  // namespace sitewide
