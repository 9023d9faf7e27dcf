// Story: a small rollout told step by step, for tests of what screens say about it. What follows
// from each event is decided by decide() itself; the test says only how attempts end and what
// operators order.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "orchestrator/core/compile.h"
#include "orchestrator/core/decide.h"
#include "orchestrator/core/order.h"
#include "orchestrator/views/reporter.h"

namespace sitewide {

/// Two groups on one site: `canary` (pc1, pc2) by upgrade_bat, then `head-office` (pc3 …) by
/// site_wide.
inline Plan small_plan() {
  Plan plan;
  plan.name = "q237690";
  plan.sites.emplace_back();
  plan.sites[0].name = "HQ";
  plan.transports.emplace_back();
  plan.transports[0].name = "shop";
  plan.transports[0].type = "local";
  plan.transports[0].root = "/lab/{client.name}";
  plan.transports[0].batch = {"wine-batch", "{batch}"};
  Group canary;
  canary.name = "canary";
  canary.select = "ring=canary";
  canary.transport = "shop";
  canary.tolerate_failed = {0, false};
  canary.tolerate_late = {1, false};
  plan.groups.push_back(canary);
  Group rest;
  rest.name = "head-office";
  rest.select = "ring=rest";
  rest.after = {"canary"};
  rest.method = Method::site_wide;
  rest.reaches_site = true;
  rest.transport = "shop";
  rest.tolerate_failed = {1, false};
  rest.tolerate_late = {1, false};
  plan.groups.push_back(rest);
  return plan;
}

inline ClientTable small_inventory(std::uint32_t rest = 3, const std::string& first_name = "pc1",
                                   std::uint32_t canaries = 2) {
  ClientTable table;
  const auto site = table.column("site");
  const auto platform = table.column("platform");
  const auto ring = table.column("ring");
  for (std::uint32_t i = 0; i < canaries + rest; ++i) {
    const auto client = table.add(i == 0 ? first_name : "pc" + std::to_string(i + 1), "");
    table.set(client, site, "HQ");
    table.set(client, platform, "x86");
    table.set(client, ring, i < canaries ? "canary" : "rest");
  }
  return table;
}

inline Schedule compiled(const Plan& plan, ClientTable inventory) {
  CompileOptions options;
  options.zones = [](const std::string&) -> Result<std::vector<ZoneOffset>> {
    return std::vector<ZoneOffset>{ZoneOffset{}};
  };
  Compiled result = compile(plan, std::move(inventory), options);
  for (const Problem& problem : result.problems)
    EXPECT_NE(problem.severity, Problem::Severity::error) << problem.message;
  return std::move(result.schedule);
}

class Story {
 public:
  explicit Story(const Plan& plan = small_plan(), ClientTable inventory = small_inventory())
      : schedule(compiled(plan, std::move(inventory))), rollout(schedule), subjects(schedule) {
    RolloutCreated created;
    created.id = "q237690-3";
    created.engine = "0.1.0";
    created.by = {"anna", "opsbox", ""};
    append(std::move(created));
    start_controller();
  }
  Story(const Story&) = delete;
  Story& operator=(const Story&) = delete;

  /// What happens now, and what follows from it.
  void tell(Event event) {
    append(std::move(event));
    while (auto next = decide(rollout, now)) append(std::move(*next));
  }
  void start_controller(Duration idle = {}) {
    ControllerStarted controller;
    controller.fence = rollout.fence() + 1;
    controller.engine = "0.1.0";
    controller.host = "opsbox";
    controller.pid = 4711;
    controller.user = "anna";
    controller.idle = idle;
    tell(std::move(controller));
  }
  void pass(Duration time) {
    now += time;
    while (auto next = decide(rollout, now)) append(std::move(*next));
  }
  /// The open attempt of the subject ends.
  void end(const Subject& subject, OutcomeKind kind = OutcomeKind::ok, std::string reason = "",
           int exit_code = -1) {
    const auto open = rollout.open_attempt(subject);
    ASSERT_TRUE(open) << subject_name(schedule, subject);
    StepFinished finished{subject, open->step, open->attempt, {}};
    finished.outcome.kind = kind;
    finished.outcome.reason = std::move(reason);
    finished.outcome.exit_code = exit_code;
    now += std::chrono::seconds(1);
    tell(std::move(finished));
  }
  void note(const Subject& subject, std::string text, bool reachable = true) {
    const auto open = rollout.open_attempt(subject);
    ASSERT_TRUE(open);
    tell(StepNoted{subject, open->step, open->attempt, reachable, std::move(text)});
  }
  /// Stage and replicate are done.
  void ready_site() {
    end(Subject::site(0));
    end(Subject::site(0));
  }
  /// The client's attempts go well until `step` is open.
  void bring(std::uint32_t client, Step step) {
    for (int i = 0; i < 10; ++i) {
      const auto open = rollout.open_attempt(Subject::client(client));
      if (open && open->step == step) return;
      ASSERT_NO_FATAL_FAILURE(end(Subject::client(client)));
    }
  }
  void finish(std::uint32_t client) {
    while (rollout.open_attempt(Subject::client(client))) end(Subject::client(client));
  }
  void order(const std::string& verb, const std::string& subject = "",
             const std::string& name = "") {
    Order given;
    given.verb = verb;
    given.subject = subject;
    given.name = name;
    given.by = {"anna", "opsbox", "tills ok"};
    auto answer = to_events(rollout, subjects, given, now);
    ASSERT_TRUE(answer) << answer.error().message;
    for (Event& event : *answer) tell(std::move(event));
  }

  const Schedule schedule;
  Rollout rollout;
  const SubjectIndex subjects;
  Timestamp now = *parse_timestamp("2026-11-23T14:00:00Z");
  std::vector<JournaledEvent> events;

 private:
  void append(Event event) {
    rollout.apply(event, now);
    events.push_back({static_cast<std::int64_t>(events.size()) + 1, now, std::move(event)});
    ASSERT_LT(events.size(), 1'000'000U) << "the story does not come to rest";
  }
};

}  // namespace sitewide
