#include "tests/fuzz/sample.h"

#include "orchestrator/core/compile.h"
#include "orchestrator/core/decide.h"
#include "orchestrator/core/operation.h"
#include "orchestrator/core/subject_index.h"
#include "plans/loader.h"
#include "tests/fuzz/property.h"

namespace sitewide::fuzz {
namespace {

constexpr std::string_view kPlan = R"(version: 1
name: sample
hotfix:
  id: Q237690
  files:
    - {name: Pcmwin32.exe, platform: x86, source: Pcmwin32.exe}
sites:
  HQ: {root: hq, logon_servers: {L1: l1, L2: l2}}
  PLANT: {root: plant, logon_servers: {L3: l3}}
inventory:
  - hosts: ["pc[1-6]"]
    labels: {site: HQ, ring: canary, platform: x86, os: nt}
  - hosts: ["kiosk[1-4]"]
    labels: {site: PLANT, ring: plant, platform: x86, os: nt}
  - hosts: [srv1, srv2]
    labels: {ring: servers}
transports:
  shop: {type: local, root: "clients/{client.name}", batch: ["{batch}"]}
groups:
  - name: canary
    select: ring=canary
    method: upgrade_bat
    waves: [1, 50%, rest]
    before: [{approval: board}]
    after_wave: [{soak: 10m}]
    windows: [{days: Mon-Fri, start: "22:00", for: 7h}]
  - name: plant
    after: [canary]
    select: ring=plant
    method: site_wide
    reaches: site
  - name: servers
    select: ring=servers
    method: command
    command: {upgrade: [upgrade], restore: [restore]}
limits: {rate: 600/m, rollout_within: 14d}
)";

Result<std::vector<ZoneOffset>> no_offset(const std::string&) {
  return std::vector<ZoneOffset>{{Timestamp(), Duration()}};
}

Schedule compiled() {
  LoadedPlan loaded = load_plan(std::string(kPlanPath), std::string(kPlan));
  Problems problems = loaded.problems;
  ClientTable clients = read_inventory(loaded.sources, problems);
  Compiled made = compile(loaded.plan, std::move(clients), {no_offset, {}});
  problems.insert(problems.end(), made.problems.begin(), made.problems.end());
  for (const Problem& problem : problems) {
    holds(problem.severity != Problem::Severity::error, "the sample plan is good", problem.message);
  }
  return std::move(made.schedule);
}

}  // namespace

const Schedule& sample_schedule() {
  static const Schedule schedule = compiled();
  return schedule;
}

std::vector<Event> sample_story(std::size_t count) {
  const Schedule& schedule = sample_schedule();
  const auto now = *parse_timestamp("2026-11-23T22:30:00Z");  // the window is open
  Rollout rollout(schedule);
  std::vector<Event> events;
  const auto record = [&](const Event& event) {
    rollout.apply(event, now);
    events.push_back(event);
  };
  record(RolloutCreated{"sample-1", schedule.digest, "0", {}});
  record(ControllerStarted{1, "0", "here", 1, "me", {}});
  std::vector<StepStarted> open;
  while (events.size() < count) {
    if (const auto event = decide(rollout, now)) {
      record(*event);
      if (const auto* started = std::get_if<StepStarted>(&*event)) open.push_back(*started);
    } else if (!open.empty()) {
      const StepStarted& done = open.back();
      const StepFinished finished{done.subject, done.step, done.attempt, {}};
      open.pop_back();
      record(finished);
    } else {
      break;
    }
  }
  return events;
}

void use(const Schedule& schedule) {
  const SubjectIndex subjects(schedule);
  Rollout rollout(schedule);
  rollout.apply(RolloutCreated{"sample-1", schedule.digest, "0", {}}, Timestamp());
  rollout.apply(ControllerStarted{1, "0", "here", 1, "me", {}}, Timestamp());
  for (int i = 0; i < 200; ++i) {
    const auto event = decide(rollout, Timestamp());
    if (!event) break;
    rollout.apply(*event, Timestamp());
    if (const auto* started = std::get_if<StepStarted>(&*event)) {
      make_operation(schedule, "sample-1", {started->subject, started->step});
    }
  }
  for (std::uint32_t c = 0; c < schedule.clients.size(); ++c) {
    schedule.wave_of(c);
    holds(subjects.client(schedule.clients.name(c)).has_value(), "a client is found by its name",
          schedule.clients.name(c));
  }
}

}  // namespace sitewide::fuzz
