// Forecasts: the same engine on a virtual clock.
#include "orchestrator/preview/forecast.h"

#include <gmock/gmock.h>

#include "orchestrator/core/event_codec.h"
#include "tests/support/stage.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

ForecastOptions options() {
  ForecastOptions options;
  options.start = *parse_timestamp("2026-11-23T20:00:00Z");
  options.keep_events = true;
  return options;
}

Schedule schedule_of(ScenePlan plan) {
  return std::move(compile(plan.plan, std::move(plan.clients), {}).schedule);
}

ScenePlan two_groups() {
  ScenePlan plan;
  Group& canary = plan.group("canary", 4, Method::upgrade_bat);
  canary.waves = {{1, false}, {100, true}};
  canary.after_wave = {{Gate::Kind::soak, minutes(10), "", {}}};
  plan.group("office", 6, Method::site_wide).after = {"canary"};
  return plan;
}

// Kind, subject and step of each event of a group's clients, in order.
std::vector<std::string> steps(const std::vector<Record>& records, const std::string& prefix) {
  std::vector<std::string> lines;
  for (const Record& record : records) {
    if (record.subject.starts_with("client/" + prefix))
      lines.push_back(record.kind + " " + record.subject + " " + record.step);
  }
  return lines;
}

TEST(Forecast, EverythingGoesWell_CompletedWithEveryClientUpgraded) {
  const Schedule schedule = schedule_of(two_groups());
  const Forecast forecast = sitewide::forecast(schedule, options());
  EXPECT_EQ(forecast.result, RolloutState::completed);
  EXPECT_EQ(forecast.counts[static_cast<std::size_t>(ClientState::upgraded)], 10U);
  EXPECT_GT(forecast.end, forecast.start + minutes(20));
}

TEST(Forecast, AskedTwice_TheSame) {
  const Schedule schedule = schedule_of(two_groups());
  const Forecast one = sitewide::forecast(schedule, options());
  const Forecast two = sitewide::forecast(schedule, options());
  ASSERT_EQ(one.events.size(), two.events.size());
  for (std::size_t i = 0; i < one.events.size(); ++i) {
    EXPECT_EQ(encode(schedule, one.events[i].event, one.events[i].at),
              encode(schedule, two.events[i].event, two.events[i].at));
  }
}

// A preview cannot drift from a run: what happens to each client is the same, in the same order.
TEST(Forecast, RunWithoutFaults_EachClientTakesTheSameSteps) {
  const Schedule schedule = schedule_of(two_groups());
  const Forecast forecast = sitewide::forecast(schedule, options());
  std::vector<Record> foreseen;
  for (const JournaledEvent& event : forecast.events)
    foreseen.push_back(encode(schedule, event.event, event.at));
  Stage stage(two_groups());
  ASSERT_TRUE(stage.run());
  for (const char* client : {"canary1", "canary2", "canary4", "office1", "office6"}) {
    EXPECT_EQ(steps(foreseen, client), steps(stage.journal().records, client));
  }
}

TEST(Forecast, ApprovalsAreNeeded_TakenAsGivenAndNamed) {
  ScenePlan plan = two_groups();
  plan.plan.groups[1].before = {{Gate::Kind::approval, {}, "change-board", {}}};
  const Forecast forecast = sitewide::forecast(schedule_of(std::move(plan)), options());
  EXPECT_EQ(forecast.result, RolloutState::completed);
  const auto named = [](const ForecastMoment& moment) {
    return moment.text.find("change-board") != std::string::npos;
  };
  EXPECT_TRUE(std::any_of(forecast.moments.begin(), forecast.moments.end(), named));
}

TEST(Forecast, WindowOpensLater_TriggersWaitForIt) {
  ScenePlan plan;
  Group& group = plan.group("a", 2, Method::upgrade_bat);
  Window tuesday;
  tuesday.days[1] = true;
  tuesday.start = hours(3);
  tuesday.length = hours(2);
  group.windows = {tuesday};
  const Forecast forecast = sitewide::forecast(schedule_of(std::move(plan)), options());
  for (const JournaledEvent& event : forecast.events) {
    const auto* started = std::get_if<StepStarted>(&event.event);
    if (started != nullptr && started->step == Step::trigger) {
      EXPECT_GE(event.at, *parse_timestamp("2026-11-24T03:00:00Z"));
    }
  }
  EXPECT_EQ(forecast.result, RolloutState::completed);
}

TEST(Forecast, ClientsFail_BreachAndRollbackAreForeseen) {
  ForecastOptions failing = options();
  failing.fates = [](std::uint32_t client) { return client == 2 ? Fate::fails : Fate::goes_well; };
  const Forecast forecast = sitewide::forecast(schedule_of(two_groups()), failing);
  EXPECT_EQ(forecast.result, RolloutState::rolled_back);
  EXPECT_GT(forecast.counts[static_cast<std::size_t>(ClientState::restored)], 0U);
  EXPECT_EQ(forecast.counts[static_cast<std::size_t>(ClientState::waiting)], 6U);
}

TEST(Forecast, ClientIsOff_LateAndGivenUp) {
  ScenePlan plan;
  plan.group("a", 3).tolerate_late = {1, false};
  ForecastOptions one_off = options();
  one_off.fates = [](std::uint32_t client) { return client == 1 ? Fate::is_off : Fate::goes_well; };
  const Forecast forecast = sitewide::forecast(schedule_of(std::move(plan)), one_off);
  EXPECT_EQ(forecast.result, RolloutState::completed_with_failures);
  EXPECT_EQ(forecast.counts[static_cast<std::size_t>(ClientState::late)], 1U);
}

TEST(Forecast, ForcedClientIsOff_LateAndForcedWithoutBackup) {
  ScenePlan plan;
  Group& group = plan.group("a", 3, Method::site_wide);
  group.tolerate_late = {1, false};
  ForecastOptions one_off = options();
  one_off.fates = [](std::uint32_t client) { return client == 1 ? Fate::is_off : Fate::goes_well; };
  const Forecast forecast = sitewide::forecast(schedule_of(std::move(plan)), one_off);
  EXPECT_EQ(forecast.counts[static_cast<std::size_t>(ClientState::late)], 1U);
  EXPECT_EQ(forecast.counts[static_cast<std::size_t>(ClientState::upgraded)], 2U);
}

TEST(Forecast, RampAndRechecks_ArePlayedAndNamed) {
  ScenePlan plan;
  Group& group = plan.group("a", 60);
  group.command.verify = {"verify"};
  group.in_flight = 60;
  group.recheck = hours(24);
  plan.plan.limits.rate = {2, minutes(1)};
  plan.plan.limits.ramp = Ramp{minutes(5), {8, minutes(1)}};
  const Schedule schedule = schedule_of(std::move(plan));
  const Forecast forecast = sitewide::forecast(schedule, options());
  EXPECT_EQ(forecast.result, RolloutState::completed);
  EXPECT_GT(forecast.end, forecast.start + hours(24));
  std::vector<std::string> texts;
  for (const ForecastMoment& moment : forecast.moments) texts.push_back(moment.text);
  EXPECT_THAT(texts, testing::IsSupersetOf({"the rate of triggers rises to 4/m",
                                            "the rate of triggers rises to 8/m",
                                            "a: its clients are proven again"}));
}

}  // namespace
}  // namespace sitewide
