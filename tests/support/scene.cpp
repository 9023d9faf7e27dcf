#include "tests/support/scene.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "orchestrator/core/decide.h"
#include "orchestrator/core/recount.h"

namespace sitewide {

ScenePlan::ScenePlan() {
  plan.name = "scene";
  plan.sites.emplace_back().name = "HQ";
  Transport& transport = plan.transports.emplace_back();
  transport.name = "shop";
  transport.type = "local";
  transport.batch = {"cmd"};
  clients.column("site");
  clients.column("ring");
}

Group& ScenePlan::group(const std::string& name, std::uint32_t count, Method method) {
  for (std::uint32_t i = 1; i <= count; ++i) {
    const std::uint32_t client = clients.add(name + std::to_string(i), "");
    clients.set(client, 0, "HQ");
    clients.set(client, 1, name);
  }
  Group& group = plan.groups.emplace_back();
  group.name = name;
  group.select = "ring=" + name;
  group.transport = "shop";
  group.method = method;
  group.strict = method == Method::site_wide ? std::optional<bool>() : false;
  group.reaches_site = method == Method::site_wide;
  group.command.upgrade = {"upgrade"};
  group.command.restore = {"restore"};
  group.command.repeatable = true;
  return group;
}

void ScenePlan::strangers(std::uint32_t count) {
  for (std::uint32_t i = 1; i <= count; ++i) {
    clients.set(clients.add("stranger" + std::to_string(i), ""), 0, "HQ");
  }
}

Scene::Scene(ScenePlan plan) : now_(*parse_timestamp("2026-11-23T20:00:00Z")) {
  Compiled compiled = compile(plan.plan, std::move(plan.clients), plan.options);
  for (const Problem& problem : compiled.problems) ADD_FAILURE() << problem.message;
  schedule_ = std::move(compiled.schedule);
  subjects_ = std::make_unique<SubjectIndex>(schedule_);
  rollout_ = std::make_unique<Rollout>(schedule_);
  RolloutCreated created;
  created.id = "scene-1";
  apply(created);
  ControllerStarted started;
  started.fence = 1;
  apply(started);
  decide_all();
}

void Scene::apply(Event event) {
  rollout_->apply(event, now_);
  for (const std::string& wrong : recount(*rollout_)) ADD_FAILURE() << wrong;
  events_.push_back(std::move(event));
}

void Scene::decide_all() {
  for (int i = 0; i < 10000; ++i) {
    auto event = decide(*rollout_, now_);
    if (!event) return;
    apply(std::move(*event));
  }
  ADD_FAILURE() << "no end of decisions";
}

Subject Scene::subject(const std::string& name) const {
  if (const auto client = subjects_->client(name)) return Subject::client(*client);
  if (const auto group = subjects_->group(name)) return rollout_->gate_of(*group);
  return Subject::site(subjects_->site(name).value());
}

void Scene::finish(const std::string& name, OutcomeKind kind, const std::string& reason) {
  const auto open = rollout_->open_attempt(subject(name));
  ASSERT_TRUE(open) << name << " has nothing open";
  Outcome outcome;
  outcome.kind = kind;
  outcome.reason = reason;
  apply(StepFinished{open->subject, open->step, open->attempt, outcome});
  decide_all();
}

void Scene::is_current(const std::string& name) {
  const auto open = rollout_->open_attempt(subject(name));
  ASSERT_TRUE(open && open->step == Step::inspect) << name << " is not inspected";
  Outcome outcome;
  outcome.on_target = true;
  apply(StepFinished{open->subject, open->step, open->attempt, outcome});
  decide_all();
}

void Scene::finish_all(Step step, OutcomeKind kind) {
  for (const std::string& name : open(step)) finish(name, kind);
}

void Scene::finish_everything() {
  for (int i = 0; i < 1000; ++i) {
    const std::vector<Action> open = rollout_->open_attempts();
    if (open.empty()) return;
    apply(StepFinished{open.front().subject, open.front().step, open.front().attempt, {}});
    decide_all();
  }
  ADD_FAILURE() << "no end of attempts";
}

void Scene::doubt(const std::string& name) {
  const auto open = rollout_->open_attempt(subject(name));
  ASSERT_TRUE(open);
  apply(StepInDoubt{open->subject, open->step, open->attempt, "connection lost"});
  decide_all();
}

void Scene::make_sites_ready() {
  finish_all(Step::stage);
  finish_all(Step::replicate);
}

void Scene::pass(Duration time) {
  const Timestamp end = now_ + time;
  while (now_ < end) {
    now_ = std::min(end, next_wake(*rollout_, now_));
    decide_all();
  }
}

void Scene::restart(Duration idle) {
  now_ += idle;
  ControllerStarted started;
  started.fence = rollout_->fence() + 1;
  started.idle = idle;
  apply(started);
  decide_all();
}

Result<std::vector<Event>> Scene::answer_to(const Order& order) const {
  return to_events(*rollout_, *subjects_, order, now_);
}

bool Scene::order(const std::string& verb, const std::string& subject, const std::string& name,
                  std::uint32_t count) {
  auto events = answer_to({verb, subject, name, count, {"ann", "desk", "because"}});
  if (!events) {
    refusal_ = events.error().message;
    return false;
  }
  for (Event& event : *events) apply(std::move(event));
  decide_all();
  return true;
}

const ClientRecord& Scene::record(const std::string& client) const {
  return rollout_->client(subjects_->client(client).value());
}

ClientState Scene::state(const std::string& client) const { return record(client).state; }

const GroupRecord& Scene::group(const std::string& name) const {
  return rollout_->group(subjects_->group(name).value());
}

std::vector<std::string> Scene::open(Step step) const {
  std::vector<std::string> names;
  for (const Event& event : events_) {
    const auto* started = std::get_if<StepStarted>(&event);
    if (started == nullptr || started->step != step) continue;
    const auto open = rollout_->open_attempt(started->subject);
    if (!open || open->step != step || open->attempt != started->attempt) continue;
    const std::string name = subject_name(schedule_, started->subject);
    names.push_back(name.substr(name.find('/') + 1));
  }
  return names;
}

std::uint32_t Scene::started(const std::string& name, Step step) const {
  const Subject about = subject(name);
  return static_cast<std::uint32_t>(
      std::count_if(events_.begin(), events_.end(), [&](const Event& event) {
        const auto* started = std::get_if<StepStarted>(&event);
        return started != nullptr && started->step == step && started->subject == about;
      }));
}

std::uint32_t Scene::times(const std::string& kind) const {
  return static_cast<std::uint32_t>(std::count_if(
      events_.begin(), events_.end(), [&](const Event& event) { return kind_of(event) == kind; }));
}

std::vector<std::string> Scene::settled(ClientState state) const {
  std::vector<std::string> names;
  for (const Event& event : events_) {
    const auto* settled = std::get_if<ClientSettled>(&event);
    if (settled != nullptr && settled->state == state) {
      names.emplace_back(schedule_.clients.name(settled->client));
    }
  }
  return names;
}

}  // namespace sitewide
