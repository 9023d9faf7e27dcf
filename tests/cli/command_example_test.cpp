// examples/command/run.sh, as a newcomer runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/command_world.h"

namespace sitewide::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(CommandExample, RunsFromOneScript_AndLeavesNothingRunning) {
  const CommandWorld world;  // for its folder
  const std::string folder = (world.root() / "example").string();
  const Finished run = Program({SITEWIDE_SOURCE_DIR "/examples/command/run.sh", folder},
                               {{"SITEWIDE", SITEWIDE_PROGRAM}})
                           .finish(std::chrono::seconds(90));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("Nothing is missing."),
                             HasSubstr("notepad-1 completed: 3 of 3 clients are on target"),
                             HasSubstr("notepad-1 rolled back"), HasSubstr("3 restored")));
  if (run.out.find("no namespaces without root") != std::string::npos)
    GTEST_SKIP() << "no namespaces without root: the folders alone were upgraded";
  EXPECT_THAT(run.out, AllOf(HasSubstr("its transport inside (exec) reaches no files"),
                             HasSubstr("machines-1 completed: 3 of 3 clients are on target")));
  const Finished left = Program({"pgrep", "-f", folder}).finish();
  EXPECT_EQ(left.out, "") << "something still runs";
}

}  // namespace
}  // namespace sitewide::test
