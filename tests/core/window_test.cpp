// Maintenance windows, over midnight and over clock changes; and what they hold back.
#include "orchestrator/core/window.h"

#include <gmock/gmock.h>

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

}  // namespace
}  // namespace sitewide
