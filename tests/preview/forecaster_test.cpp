// The thread that makes forecasts for a live screen, while the rollout it was asked about goes on.
#include "orchestrator/cli/forecaster.h"

#include <gtest/gtest.h>

#include <thread>

#include "orchestrator/preview/forecast.h"
#include "tests/support/stage.h"

namespace sitewide {
namespace {

Schedule command_schedule(int clients) {
  ScenePlan plan;
  Group& all = plan.group("all", clients, Method::command);
  all.command.upgrade = {"true"};
  return std::move(compile(plan.plan, std::move(plan.clients), {}).schedule);
}

Forecast whole(const Schedule& schedule) {
  ForecastOptions options;
  options.start = *parse_timestamp("2026-11-23T20:00:00Z");
  options.keep_events = true;
  return forecast(schedule, options);
}

TEST(Forecaster, WhileTheRolloutGoesOn_ForecastsFromWhereItWasAsked) {
  const Schedule schedule = command_schedule(20);
  const Forecast expected = whole(schedule);
  Rollout rollout(schedule);
  Forecaster forecaster{Durations()};
  std::optional<Outlook> outlook;
  for (const auto& next : expected.events) {
    rollout.apply(next.event, next.at);
    forecaster.note(next.event, next.at);
    if (!outlook) outlook = forecaster.look(rollout, next.at, true);
  }
  while (!outlook) {
    outlook = forecaster.look(rollout, expected.end, false);
    std::this_thread::yield();
  }
  EXPECT_TRUE(outlook->end);
  EXPECT_FALSE(outlook->needs_somebody);
}

TEST(Forecaster, ThatGoesWhileItMakesOne_EndsItFirst) {
  const Schedule schedule = command_schedule(2000);
  const Timestamp now = *parse_timestamp("2026-11-23T20:00:00Z");
  Rollout rollout(schedule);
  rollout.apply(RolloutCreated{"here-1", schedule.digest, "0", {}}, now);
  rollout.apply(ControllerStarted{1, "0", "here", 1, "me", {}}, now);
  for (int turn = 0; turn < 5; ++turn) {
    Forecaster forecaster{Durations()};
    EXPECT_FALSE(forecaster.look(rollout, now, true)) << "it is being made";
  }
}

}  // namespace
}  // namespace sitewide
