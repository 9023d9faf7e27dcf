// What-if: the policy played by seed.
#include "orchestrator/preview/what_if.h"

#include <gmock/gmock.h>

#include "orchestrator/core/compile.h"
#include "tests/support/scene.h"

namespace sitewide {
namespace {

const Timestamp kStart = *parse_timestamp("2026-11-23T20:00:00Z");

Schedule schedule_of(ScenePlan plan) {
  return std::move(compile(plan.plan, std::move(plan.clients), {}).schedule);
}

ScenePlan canary_and_office() {
  ScenePlan plan;
  Group& canary = plan.group("canary", 10);
  canary.tolerate_failed = {1, false};
  canary.tolerate_late = {10, false};
  Group& office = plan.group("office", 90);
  office.after = {"canary"};
  office.tolerate_failed = {90, false};
  office.tolerate_late = {90, false};
  return plan;
}

WhatIf played(const SupposedShares& shares, std::uint32_t seeds) {
  return what_if(schedule_of(canary_and_office()), {shares, seeds, kStart, kMostPlays, {}});
}

TEST(WhatIf, Shares_AreReadToTheHundredthOfAPercent) {
  EXPECT_EQ(parse_what_if("failed=3%,late=10%")->failed, 30'000U);
  EXPECT_EQ(parse_what_if("failed=3%,late=10%")->late, 100'000U);
  EXPECT_EQ(parse_what_if("late=0.25%")->late, 2'500U);
  EXPECT_EQ(parse_what_if("failed=100%")->failed, 1'000'000U);
}

TEST(WhatIf, WhatSupposesNothing_IsAMistakeThatNamesIt) {
  for (const char* text : {"", "failed", "failed=3", "failed=101%", "late=1.234%", "failed=.5%",
                           "failed=-1%", "lost=3%", "failed=3%,failed=4%", "failed=60%,late=41%"}) {
    const auto read = parse_what_if(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().kind, ErrorKind::usage);
  }
}

TEST(WhatIf, NobodyFails_EverySeedCompletes) {
  const WhatIf all = played({0, 0}, 20);
  EXPECT_EQ(all.completed, 20U);
  EXPECT_TRUE(all.stops.empty());
  EXPECT_EQ(all.worst(), nullptr);
}

TEST(WhatIf, EverybodyFails_EverySeedStopsAtTheFirstWave) {
  const WhatIf all = played({1'000'000, 0}, 20);
  EXPECT_EQ(all.completed, 0U);
  ASSERT_EQ(all.stops.size(), 1U);
  EXPECT_EQ(all.stops[0].where, "canary wave 1");
  EXPECT_EQ(all.stops[0].why, "more failed than tolerated");
  EXPECT_EQ(all.stops[0].seeds, 20U);
  EXPECT_LE(all.stops[0].worst_touched, 10U) << "office never began";
}

// With one failure of ten tolerated, a seed is stopped when two or more fail: 1 - 0.9^10 -
// 10·0.1·0.9^9 = 26.4% of the seeds at a share of a tenth.
TEST(WhatIf, SomeFail_StopsAsOftenAsTheBinomialSays) {
  const WhatIf all = played({100'000, 0}, 2000);
  EXPECT_NEAR((all.seeds - all.completed) / 2000.0, 0.264, 0.04);
}

TEST(WhatIf, ClientThatIsCurrentAlready_DoesNotFail) {
  const WhatIf all = what_if(schedule_of(canary_and_office()),
                             {{1'000'000, 0}, 5, kStart, kMostPlays, [](std::uint32_t client) {
                                return client < 10 ? Fate::is_current : Fate::goes_well;
                              }});
  ASSERT_EQ(all.stops.size(), 1U);
  EXPECT_EQ(all.stops[0].where, "office wave 1");
}

TEST(WhatIf, MoreLateThanTolerated_IsSaidToBeThat) {
  ScenePlan plan;
  plan.group("canary", 10).tolerate_late = {0, false};
  const WhatIf played =
      what_if(schedule_of(std::move(plan)), {{0, 500'000}, 20, kStart, kMostPlays, {}});
  ASSERT_FALSE(played.stops.empty());
  EXPECT_EQ(played.stops[0].why, "more late than tolerated");
}

TEST(WhatIf, SameSeeds_GiveTheSameFigures) {
  const Schedule schedule = schedule_of(canary_and_office());
  const WhatIf one = what_if(schedule, {{80'000, 50'000}, 100, kStart, kMostPlays, {}});
  const WhatIf other =
      what_if(schedule, {{80'000, 50'000}, 100, kStart + std::chrono::hours(7), kMostPlays, {}});
  EXPECT_EQ(one.completed, other.completed);
  ASSERT_EQ(one.stops.size(), other.stops.size());
  for (std::size_t i = 0; i < one.stops.size(); ++i) {
    EXPECT_EQ(one.stops[i].seeds, other.stops[i].seeds);
    EXPECT_EQ(one.stops[i].worst_touched, other.stops[i].worst_touched);
    EXPECT_EQ(one.stops[i].worst_seed, other.stops[i].worst_seed);
  }
}

TEST(WhatIf, MoreWorkThanAllowed_PlaysFewerSeedsAndSaysHowMany) {
  const WhatIf played = what_if(schedule_of(canary_and_office()), {{0, 0}, 1000, kStart, 350, {}});
  EXPECT_EQ(played.seeds, 3U);
  EXPECT_EQ(played.seeds_asked, 1000U);
  EXPECT_EQ(played.plays, 300U);
}

}  // namespace
}  // namespace sitewide
