// Maintenance windows, over midnight and over clock changes; and what they hold back.
#include "orchestrator/core/window.h"

#include <gmock/gmock.h>

#include "orchestrator/core/schedule_codec.h"
#include "orchestrator/core/why.h"
#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::IsEmpty;
using Names = std::vector<std::string>;

Timestamp at(std::string_view text) { return *parse_timestamp(text); }

ScheduledWindow window(std::initializer_list<int> days, Duration start, Duration length) {
  ScheduledWindow window;
  for (const int day : days) window.window.days[static_cast<std::size_t>(day)] = true;
  window.window.start = start;
  window.window.length = length;
  return window;
}

// Berlin: winter +1 h; summer +2 h from 2026-03-29 01:00 to 2026-10-25 01:00 UTC.
ScheduledWindow in_berlin(ScheduledWindow window) {
  window.offsets = {{at("2025-10-26T01:00:00Z"), hours(1)},
                    {at("2026-03-29T01:00:00Z"), hours(2)},
                    {at("2026-10-25T01:00:00Z"), hours(1)}};
  return window;
}

constexpr int kFriday = 4, kSunday = 6;

TEST(Window, OverMidnight_StartDayCounts) {
  const auto friday = window({kFriday}, hours(22), hours(7));
  EXPECT_FALSE(is_open(friday, at("2026-11-27T21:59:59Z")));
  EXPECT_TRUE(is_open(friday, at("2026-11-27T22:00:00Z")));
  EXPECT_TRUE(is_open(friday, at("2026-11-28T04:59:59Z")));
  EXPECT_FALSE(is_open(friday, at("2026-11-28T05:00:00Z")));
  EXPECT_FALSE(is_open(friday, at("2026-11-26T23:00:00Z")));
}

TEST(Window, Needs_ClosesSoEarlierForStarts) {
  auto friday = window({kFriday}, hours(22), hours(7));
  friday.window.needs = minutes(30);
  EXPECT_TRUE(is_open(friday, at("2026-11-28T04:29:59Z")));
  EXPECT_FALSE(is_open(friday, at("2026-11-28T04:30:00Z")));
  EXPECT_EQ(closes_at(friday, at("2026-11-28T01:00:00Z")), at("2026-11-28T04:30:00Z"));
}

TEST(Window, NeedsMoreThanItsLength_NeverOpens) {
  auto friday = window({kFriday}, hours(22), hours(1));
  friday.window.needs = hours(2);
  EXPECT_EQ(next_opening({friday}, at("2026-11-27T12:00:00Z")), kNever);
}

TEST(Window, NextOpening_IsTheFirstOfAll) {
  const auto friday = window({kFriday}, hours(22), hours(7));
  const auto sunday = window({kSunday}, hours(1), hours(2));
  EXPECT_EQ(next_opening({friday, sunday}, at("2026-11-28T12:00:00Z")), at("2026-11-29T01:00:00Z"));
  EXPECT_EQ(next_opening({friday}, at("2026-11-27T22:00:00Z")), at("2026-12-04T22:00:00Z"));
}

TEST(Window, NoWindows_AlwaysOpen) { EXPECT_TRUE(any_open({}, at("2026-11-28T12:00:00Z"))); }

TEST(Window, WinterAndSummer_LocalTimeHolds) {
  const auto daily = in_berlin(window({0, 1, 2, 3, 4, 5, 6}, hours(22), hours(1)));
  EXPECT_TRUE(is_open(daily, at("2026-02-10T21:00:00Z")));
  EXPECT_FALSE(is_open(daily, at("2026-02-10T20:59:00Z")));
  EXPECT_TRUE(is_open(daily, at("2026-07-10T20:00:00Z")));
  EXPECT_FALSE(is_open(daily, at("2026-07-10T21:00:00Z")));
}

// 02:30 does not exist on 2026-03-29: the clock goes from 02:00 to 03:00.
TEST(Window, StartIsSkippedInSpring_MovesForwardToTheChange) {
  const auto sunday = in_berlin(window({kSunday}, hours(2) + minutes(30), hours(2)));
  EXPECT_FALSE(is_open(sunday, at("2026-03-29T00:59:59Z")));
  EXPECT_TRUE(is_open(sunday, at("2026-03-29T01:00:00Z")));
  EXPECT_FALSE(is_open(sunday, at("2026-03-29T03:00:00Z")));
}

// 02:30 happens twice on 2026-10-25: at 00:30 and at 01:30 UTC.
TEST(Window, StartHappensTwiceInAutumn_FirstCounts) {
  const auto sunday = in_berlin(window({kSunday}, hours(2) + minutes(30), hours(1)));
  EXPECT_FALSE(is_open(sunday, at("2026-10-25T00:29:59Z")));
  EXPECT_TRUE(is_open(sunday, at("2026-10-25T00:30:00Z")));
  EXPECT_FALSE(is_open(sunday, at("2026-10-25T01:30:00Z")));
}

TEST(Window, LengthOverTheChange_IsRealTime) {
  const auto saturday = in_berlin(window({5}, hours(22), hours(7)));
  EXPECT_EQ(closes_at(saturday, at("2026-03-28T22:00:00Z")), at("2026-03-29T04:00:00Z"));
}

TEST(Window, Closed_HoldsBackTriggersAndNothingElse) {
  ScenePlan plan;
  Group& group = plan.group("a", 1, Method::upgrade_bat);
  Window monday;
  monday.days[0] = true;
  monday.start = hours(22);
  monday.length = hours(2);
  group.windows = {monday};
  Scene scene(std::move(plan));  // begins on a Monday at 20:00
  scene.make_sites_ready();
  scene.finish("a1");
  scene.finish("a1");
  EXPECT_THAT(scene.open(Step::trigger), IsEmpty());
  scene.pass(hours(2));
  EXPECT_EQ(scene.open(Step::trigger), Names{"a1"});
}

TEST(Window, Closed_HoldsBackTheForceToo) {
  ScenePlan plan;
  Group& group = plan.group("a", 1, Method::site_wide);
  Window monday;
  monday.days[0] = true;
  monday.start = hours(22);
  monday.length = hours(2);
  group.windows = {monday};
  Scene scene(std::move(plan));
  scene.make_sites_ready();
  scene.finish("a1");
  scene.finish("a1");
  EXPECT_THAT(scene.open(Step::force), IsEmpty());
  scene.pass(hours(2));
  EXPECT_EQ(scene.open(Step::force), Names{"HQ"});
}

TEST(Window, RetryOfAPassedWave_WaitsForItAndWakes) {
  ScenePlan plan;
  Group& group = plan.group("a", 2);
  group.tolerate_failed = {1, false};
  group.restore_failed = false;
  Window monday;
  monday.days[0] = true;
  monday.start = hours(20);
  monday.length = hours(2);
  group.windows = {monday};
  Scene scene(std::move(plan));
  scene.finish("a1", OutcomeKind::refused);
  scene.pass(hours(3));
  scene.order("retry", "a1");
  EXPECT_THAT(scene.open(Step::upgrade), Names{"a2"});
  scene.finish("a2");
  scene.pass(hours(24 * 7));
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a1"});
}

// New York: -5 h, and -4 h from 2026-11-25 07:00 UTC on; Tokyo: +9 h. Scenes begin on Monday
// 2026-11-23 at 20:00 UTC.
Result<std::vector<ZoneOffset>> offsets(const std::string& zone) {
  if (zone == "Asia/Tokyo") return std::vector<ZoneOffset>{{Timestamp{}, hours(9)}};
  if (zone == "America/New_York") {
    return std::vector<ZoneOffset>{{Timestamp{}, -hours(5)},
                                   {at("2026-11-25T07:00:00Z"), -hours(4)}};
  }
  return Error{ErrorKind::invalid, "unknown time zone `" + zone + "`"};
}

Window local(Duration start, Duration length) {
  Window window;
  window.days.fill(true);
  window.start = start;
  window.length = length;
  window.zone_label = "tz";
  return window;
}

// Clients a1, a3 … live in New York, a2, a4 … in Tokyo.
ScenePlan two_zones(std::uint32_t clients, Duration start) {
  ScenePlan plan;
  plan.group("a", clients).windows = {local(start, hours(2))};
  const auto tz = plan.clients.column("tz");
  for (std::uint32_t c = 0; c < clients; ++c)
    plan.clients.set(c, tz, c % 2 == 0 ? "America/New_York" : "Asia/Tokyo");
  plan.options.zones = offsets;
  return plan;
}

// 22:00 in New York is 03:00 UTC, in Tokyo 13:00 UTC.
TEST(LocalWindow, EachClient_StartsByItsOwnClock) {
  Scene scene(two_zones(4, hours(22)));
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  scene.pass(hours(7));
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"a1", "a3"}));
  scene.pass(hours(10));
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"a1", "a3", "a2", "a4"}));
}

TEST(LocalWindow, FirstInTheQueueIsClosed_OthersAreNotHeldUp) {
  ScenePlan plan = two_zones(6, hours(15));  // New York: from 20:00 UTC, open at the start
  plan.plan.groups[0].in_flight = 2;
  Scene scene(std::move(plan));
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"a1", "a3"}));
  scene.finish("a1");
  scene.finish("a3");
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a5"});
  scene.finish("a5");
  scene.pass(hours(10));  // 15:00 in Tokyo
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"a2", "a4"}));
}

TEST(LocalWindow, SeveralWindows_OneThatIsOpenIsEnough) {
  ScenePlan plan = two_zones(2, hours(22));
  Window utc = local(hours(21), hours(1));
  utc.zone_label.clear();
  utc.zone = "Asia/Tokyo";  // 12:00 UTC
  plan.plan.groups[0].windows.push_back(utc);
  Scene scene(std::move(plan));
  scene.pass(hours(7));
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a1"});
  scene.pass(hours(9));
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"a1", "a2"}));
}

// On the 25th New York goes from 02:00 to 03:00, at 07:00 UTC.
TEST(LocalWindow, StartIsSkippedInOneZone_MovesForwardThere) {
  ScenePlan plan = two_zones(1, hours(2) + minutes(30));
  plan.plan.groups[0].windows[0].days = {};
  plan.plan.groups[0].windows[0].days[2] = true;  // Wednesday, the 25th
  Scene scene(std::move(plan));
  scene.pass(hours(35) - minutes(1));
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  scene.pass(minutes(1));
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a1"});
}

TEST(LocalWindow, StartHappensTwiceInOneZone_FirstCounts) {
  ScenePlan plan = two_zones(1, hours(2) + minutes(30));
  plan.options.zones = [](const std::string&) -> Result<std::vector<ZoneOffset>> {
    return std::vector<ZoneOffset>{{Timestamp{}, hours(2)}, {at("2026-11-24T01:00:00Z"), hours(1)}};
  };
  plan.plan.groups[0].windows[0].length = minutes(40);
  Scene scene(std::move(plan));
  scene.pass(hours(4) + minutes(30));  // 02:30 for the first time
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a1"});
}

TEST(LocalWindow, Closed_WhyNamesTheTimeThereAndHere) {
  Scene scene(two_zones(2, hours(22)));
  EXPECT_EQ(why(scene.rollout(), Subject::client(0), scene.now()),
            "a1 waits to be triggered: its window opens at 22:00 America/New_York (2026-11-24 "
            "03:00 UTC, in 7h)");
  EXPECT_THAT(why(scene.rollout(), Subject::group(0), scene.now()),
              testing::HasSubstr("the windows of 2 of 2 zones are closed, the first of them: its "
                                 "window opens at 22:00 America/New_York"));
}

TEST(LocalWindow, ScheduleIsWrittenAndRead_KeepsZonesOfClients) {
  const Scene scene(two_zones(4, hours(22)));
  const auto again = decode_schedule(encode_schedule(scene.schedule()));
  ASSERT_TRUE(again) << again.error().message;
  ASSERT_EQ(again->zones.size(), 2U);
  EXPECT_EQ(again->zones[0].name, "America/New_York");
  EXPECT_EQ(again->lanes.size(), 2U);
  EXPECT_EQ(again->groups[0].windows[0].window.zone_label, "tz");
}

TEST(LocalWindow, LabelIsMissingOrNoZone_IsAProblemAtTheClientsPlace) {
  ScenePlan plan = two_zones(2, hours(22));
  ClientTable clients = std::move(plan.clients);
  const auto add = [&](const char* name, const char* zone, std::uint32_t line) {
    const std::uint32_t c = clients.add(name, "", {line, 1, 1, 1});
    clients.set(c, 0, "HQ");
    clients.set(c, 1, "a");
    clients.set(c, 2, zone);
  };
  add("lost", "", 41);
  add("odd", "Europe/Berln", 42);
  const Compiled compiled = compile(plan.plan, std::move(clients), plan.options);
  ASSERT_EQ(compiled.problems.size(), 2U);
  EXPECT_EQ(compiled.problems[0].message, "client `lost` has no label `tz`");
  EXPECT_EQ(compiled.problems[0].place.line, 41U);
  EXPECT_EQ(compiled.problems[0].place.source, 1U);
  EXPECT_EQ(compiled.problems[1].message, "client `odd`: unknown time zone `Europe/Berln`");
  EXPECT_EQ(compiled.problems[1].place.line, 42U);
}

}  // namespace
}  // namespace sitewide
