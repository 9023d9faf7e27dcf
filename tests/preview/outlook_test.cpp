// How a rollout under way is expected to go on, against the forecast of the whole of it.
#include "orchestrator/preview/outlook.h"

#include <gtest/gtest.h>

#include "orchestrator/preview/forecast.h"
#include "tests/support/stage.h"

namespace sitewide {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const std::atomic<bool> kGoOn = false;

Schedule schedule_of(ScenePlan plan) {
  return std::move(compile(plan.plan, std::move(plan.clients), {}).schedule);
}

ScenePlan waves_with_soaks() {
  ScenePlan plan;
  Group& canary = plan.group("canary", 8, Method::command);
  canary.command.upgrade = {"true"};
  canary.waves = {{1, false}, {50, true}, {100, true}};
  canary.after_wave = {{Gate::Kind::soak, minutes(30), "", {}}};
  Group& office = plan.group("office", 6, Method::command);
  office.command.upgrade = {"true"};
  office.after = {"canary"};
  return plan;
}

/// The rollout as it stood after the first events of its forecast.
Rollout after(const Schedule& schedule, const Forecast& forecast, std::size_t events) {
  Rollout rollout(schedule);
  for (std::size_t i = 0; i < events; ++i)
    rollout.apply(forecast.events[i].event, forecast.events[i].at);
  return rollout;
}

Forecast whole(const Schedule& schedule) {
  ForecastOptions options;
  options.start = *parse_timestamp("2026-11-23T20:00:00Z");
  options.keep_events = true;
  return forecast(schedule, options);
}

TEST(Outlook, FromAnywhereOnTheWay_EndsWhenTheForecastOfTheWholeDoes) {
  const Schedule schedule = schedule_of(waves_with_soaks());
  const Forecast expected = whole(schedule);
  ASSERT_EQ(expected.result, RolloutState::completed);
  ASSERT_GT(expected.events.size(), 30U);
  for (std::size_t events = 3; events + 1 < expected.events.size(); events += 3) {
    const Timestamp now = expected.events[events - 1].at;
    const Ahead ahead =
        look_ahead_from(after(schedule, expected, events), now, AssumedDurations{}, kGoOn);
    ASSERT_TRUE(ahead.end) << "after event " << events;
    // What is under way is taken to begin anew: a step longer at most.
    EXPECT_GE(*ahead.end + seconds(1), expected.end) << "after event " << events;
    EXPECT_LE(*ahead.end, expected.end + minutes(2)) << "after event " << events;
    EXPECT_FALSE(ahead.needs_somebody);
  }
}

TEST(Outlook, PassedGroups_HaveNoEndToCome) {
  const Schedule schedule = schedule_of(waves_with_soaks());
  const Forecast expected = whole(schedule);
  const Ahead ahead =
      look_ahead_from(after(schedule, expected, expected.events.size() - 2),
                      expected.events[expected.events.size() - 3].at, AssumedDurations{}, kGoOn);
  EXPECT_FALSE(ahead.groups[0]);
}

TEST(Outlook, ApprovalToCome_NeedsSomebody) {
  ScenePlan plan = waves_with_soaks();
  plan.plan.groups[1].before = {{Gate::Kind::approval, {}, "go-live", {}}};
  const Schedule schedule = schedule_of(std::move(plan));
  const Forecast expected = whole(schedule);
  Rollout rollout(schedule);
  for (const JournaledEvent& event : std::span(expected.events).first(12)) {
    if (!std::holds_alternative<Approved>(event.event)) rollout.apply(event.event, event.at);
  }
  const Ahead ahead = look_ahead_from(rollout, expected.events[11].at, AssumedDurations{}, kGoOn);
  EXPECT_TRUE(ahead.needs_somebody);
  EXPECT_TRUE(ahead.end);
}

TEST(Outlook, NobodyWantsToKnowAnyMore_NothingIsSaid) {
  const Schedule schedule = schedule_of(waves_with_soaks());
  const std::atomic<bool> stop = true;
  const Forecast expected = whole(schedule);
  EXPECT_FALSE(
      look_ahead_from(after(schedule, expected, 6), expected.events[5].at, AssumedDurations{}, stop)
          .end);
}

TEST(Durations, AttemptsThatWentWell_AreTheMean) {
  Durations durations;
  const Timestamp start = *parse_timestamp("2026-11-23T20:00:00Z");
  const auto attempt = [&](std::uint32_t client, Duration took, OutcomeKind kind) {
    const Subject subject = Subject::client(client);
    durations.note(StepStarted{subject, Step::upgrade, 1, start + minutes(30)}, start);
    StepFinished finished{subject, Step::upgrade, 1, {}};
    finished.outcome.kind = kind;
    durations.note(finished, start + took);
  };
  EXPECT_EQ(durations.assumed().command, AssumedDurations{}.command) << "none was seen";
  attempt(0, seconds(10), OutcomeKind::ok);
  attempt(1, seconds(20), OutcomeKind::ok);
  attempt(2, seconds(1), OutcomeKind::failed);
  EXPECT_EQ(durations.assumed().command, seconds(15));
}

}  // namespace
}  // namespace sitewide
