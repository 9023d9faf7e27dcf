// What is to be typed next, after a rollout that did not go well.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/command_world.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kPlan = "this rollout keeps the one it was made from";

TEST(Advice, ProgramThatIsNotThere_SaysThatTheRolloutKeepsItsPlan) {
  const CommandWorld world("[./no-such-program]", "      restore: [\"true\"]\n");
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_THAT(run.out, HasSubstr("  look:      sitewide log here-1 pc0"));
  EXPECT_THAT(run.out, HasSubstr(kPlan));
  EXPECT_THAT(run.out, HasSubstr("edit the plan, then run it anew"));
}

TEST(Advice, HaltThatMayBeTheFaultOfThePlan_SaysHowToLeaveIt) {
  const CommandWorld world("[./no-such-program]",
                           "      restore: [\"true\"]\n    on_failure: leave\n"
                           "    on_breach: {rollback: none}\n");
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_THAT(run.out, HasSubstr("sitewide resume here-1 --retry-failed"));
  EXPECT_THAT(run.out, HasSubstr(kPlan));
  EXPECT_THAT(run.out, HasSubstr("sitewide abort here-1 (or rollback), edit the plan"));
}

TEST(Advice, ClientThatFails_IsNotTheFaultOfThePlan) {
  const CommandWorld world(CommandWorld::failing(), "      restore: [\"true\"]\n");
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_THAT(run.out, HasSubstr("  look:      sitewide log here-1 pc02"));
  EXPECT_THAT(run.out, Not(HasSubstr(kPlan)));
}

// The name is in the reason of each.
TEST(LastScreen, ReasonsThatDifferInTheClientsNameAlone_AreOneCause) {
  const CommandWorld world("[sh, -c, 'echo \"no room in $0\"; exit 3', \"{client.name}\"]",
                           "      restore: [\"true\"]\n    tolerate: {failed: 100%}\n"
                           "    on_failure: leave\n");
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_THAT(run.out, HasSubstr("6 clients failed: ")) << run.err;
}

}  // namespace
}  // namespace sitewide::test
