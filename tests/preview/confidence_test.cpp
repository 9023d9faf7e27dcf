#include "orchestrator/preview/confidence.h"

#include <gmock/gmock.h>

#include "orchestrator/core/compile.h"
#include "tests/support/scene.h"

namespace sitewide {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> samples_of(ScenePlan plan) {
  return small_samples(compile(plan.plan, std::move(plan.clients), {}).schedule);
}

TEST(Confidence, SomeGood_GivesTheExactBoundOfTheRuleOfThree) {
  EXPECT_DOUBLE_EQ(failure_rate_below(0), 1.0);
  EXPECT_NEAR(failure_rate_below(1), 0.95, 1e-12);
  EXPECT_NEAR(failure_rate_below(3), 0.6316, 1e-4);
  EXPECT_NEAR(failure_rate_below(10), 0.2589, 1e-4);
  EXPECT_NEAR(failure_rate_below(59), 0.0495, 1e-4);
}

TEST(Confidence, Words_AreThoseOfTheDesign) {
  EXPECT_EQ(small_sample_in_words(3),
            "3 of 3 good proves only a failure rate under 63% (95% confidence)");
}

TEST(Confidence, SmallWaveThatGatesOthers_IsNamedWithWhatWavesBeforeItShowed) {
  ScenePlan plan;
  plan.group("office", 40).waves = {{3, false}, {10, false}, {100, true}};
  EXPECT_THAT(samples_of(std::move(plan)),
              ElementsAre(HasSubstr("before wave 2 of office (10 clients): 3 of 3"),
                          HasSubstr("before wave 3 of office (27 clients): 13 of 13")));
}

TEST(Confidence, SmallGroupThatNobodyWaitsFor_IsNotNamed) {
  ScenePlan plan;
  plan.group("canary", 3);
  plan.group("office", 40);
  EXPECT_THAT(samples_of(std::move(plan)), IsEmpty());
}

TEST(Confidence, SmallGroupThatOthersWaitFor_IsNamed) {
  ScenePlan plan;
  plan.group("canary", 3);
  plan.group("office", 40).after = {"canary"};
  EXPECT_THAT(samples_of(std::move(plan)),
              ElementsAre(HasSubstr("before the groups after canary: 3 of 3 good")));
}

}  // namespace
}  // namespace sitewide
