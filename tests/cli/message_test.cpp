// What a new user meets: each message says where, what is wrong, and what to do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/cli/command_world.h"
#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;

TEST(Message, WordThatIsMissing_SaysWhatItWouldBe) {
  const CommandWorld world;
  EXPECT_THAT(world.run({"run"}).err,
              HasSubstr("error: PLAN is missing: the plan file, or a preview that was saved\n"));
  EXPECT_THAT(world.run({"why"}).err, HasSubstr("error: ID is missing: rollout id, the beginning"));
  EXPECT_THAT(world.run({"approve", "x", "all"}).err,
              HasSubstr("error: NAME is missing: the approval's name in the plan\n"));
}

TEST(Message, RolloutThatIsNotThere_SaysWhichThereAre) {
  const CommandWorld world;
  EXPECT_THAT(world.run({"status", "x-1"}).err,
              HasSubstr("rollouts are kept where --state-dir or SITEWIDE_STATE_DIR says"));
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  EXPECT_THAT(world.run({"status", "x-1"}).err, HasSubstr("`sitewide list` shows those"));
  EXPECT_THAT(world.run({"status", "here-2"}).err, HasSubstr("did you mean `here-1`?"));
}

TEST(Message, StateDirectoryThatCannotBeMade_SaysHowAnotherIsNamed) {
  const CommandWorld world;
  const Finished run =
      Program(sitewide_argv({"--state-dir", "/proc/rollouts", "run", "--yes", world.plan()}))
          .finish();
  EXPECT_EQ(run.exit_code, 15);
  EXPECT_THAT(run.err, HasSubstr("/proc/rollouts"));
  EXPECT_THAT(run.err, HasSubstr("--state-dir or SITEWIDE_STATE_DIR"));
}

TEST(Message, PlanThatIsNotThereOrEmpty_SaysHowToBegin) {
  const CommandWorld world;
  write_file(world.root() / "empty.yaml", "");
  for (const char* plan : {"none.yaml", "empty.yaml"}) {
    const Finished run = world.run({"validate", world.root() / plan});
    EXPECT_EQ(run.exit_code, 3);
    EXPECT_THAT(run.out + run.err, HasSubstr("`sitewide init` writes one to begin with"));
  }
}

TEST(Message, EmptyInventory_SaysWhatItHolds) {
  const CommandWorld world;
  write_file(world.root() / "clients.csv", "");
  std::string text = read_file(world.plan());
  const std::string hosts = "hosts: [\"pc[01-06]\"]";
  text.replace(text.find(hosts), hosts.size(), "file: clients.csv");
  write_file(world.plan(), text);
  const Finished run = world.run({"validate", world.plan()});
  EXPECT_THAT(run.out + run.err, HasSubstr("the first row names the columns: name"));
}

TEST(Message, HelpThatCannotBeWritten_IsNoSuccess) {
  const Finished help = Program({"sh", "-c", "\"$0\" --help >/dev/full", program_path()}).finish();
  EXPECT_EQ(help.exit_code, 4);
  EXPECT_THAT(help.err, HasSubstr("cannot write standard output"));
}

}  // namespace
}  // namespace sitewide::test
