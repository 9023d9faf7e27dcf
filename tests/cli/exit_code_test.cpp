// Each documented exit code is got by the real program. 1, a bug, has no way to be asked for.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/cli/command_world.h"

namespace sitewide::test {
namespace {

// Runs until `signal` is sent, just after the first client began.
Finished interrupted_by(const CommandWorld& world, int signal) {
  Program program(world.argv({"run", "--yes", world.plan()}));
  EXPECT_TRUE(program.wait_for("wave 1 of 1 starts"));
  program.signal(signal);
  return program.finish();
}

TEST(ExitCode, EverybodyOnTarget_Is0) {
  const CommandWorld world;
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(world.run({"status"}).exit_code, 0);
  EXPECT_EQ(world.run({"resume"}).exit_code, 0);
}

TEST(ExitCode, CommandLine_Is2) {
  EXPECT_EQ(sitewide({}).exit_code, 2);
  EXPECT_EQ(sitewide({"rum"}).exit_code, 2);
  EXPECT_EQ(sitewide({"run"}).exit_code, 2);
  EXPECT_EQ(sitewide({"run", "--yse", "plan.yaml"}).exit_code, 2);
  EXPECT_EQ(sitewide({"--help"}).exit_code, 0);
}

TEST(ExitCode, Plan_Is3) {
  const CommandWorld world;
  write_file(world.plan(), "version: 2\n");
  for (const char* command : {"validate", "preview", "run"})
    EXPECT_EQ(world.run({command, world.plan()}).exit_code, 3) << command;
}

TEST(ExitCode, UnknownRollout_Is4) {
  const CommandWorld world;
  EXPECT_EQ(world.run({"status"}).exit_code, 4);
  EXPECT_EQ(world.run({"resume", "nothing-1"}).exit_code, 4);
}

TEST(ExitCode, WorkToDo_Is5) {
  const CommandWorld world;
  EXPECT_EQ(world.run({"preview", "--exit-code", world.plan()}).exit_code, 5);
  EXPECT_EQ(world.run({"preview", world.plan()}).exit_code, 0);
}

TEST(ExitCode, SecondController_Is6) {
  const CommandWorld world(CommandWorld::slow());
  Program first(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(first.wait_for("wave 1 of 1 starts"));
  EXPECT_EQ(world.run({"resume"}).exit_code, 6);
  first.signal(SIGTERM);
  first.finish();
}

TEST(ExitCode, FailureWithinBudget_Is10) {
  const CommandWorld world(CommandWorld::failing(),
                           "    tolerate: {failed: 1}\n    on_failure: leave\n");
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 10) << run.out << run.err;
  EXPECT_EQ(world.run({"status"}).exit_code, 10);
}

TEST(ExitCode, Breach_Is11) {
  const CommandWorld world(CommandWorld::failing(),
                           "      restore: [rm, -f, \"{client.root}/done\"]\n");
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 11) << run.out << run.err;
  EXPECT_TRUE(world.untouched()) << "every triggered client was put back";
}

TEST(ExitCode, Abort_Is12) {
  const CommandWorld world(CommandWorld::slow());
  Program first(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(first.wait_for("wave 1 of 1 starts"));
  EXPECT_EQ(world.run({"abort", "latest"}).exit_code, 0);
  EXPECT_EQ(first.finish().exit_code, 12);
  EXPECT_EQ(world.run({"status"}).exit_code, 12);
}

TEST(ExitCode, WaitingForApproval_Is13WhereTheCommandDoesNotWait) {
  const CommandWorld world("[touch, \"{client.root}/done\"]",
                           "    before: [{approval: change-board}]\n");
  Program run(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(run.wait_for("change-board"));
  EXPECT_EQ(world.run({"status"}).exit_code, 13);
  EXPECT_EQ(world.run({"approve", "latest", "all", "change-board"}).exit_code, 0);
  EXPECT_EQ(run.finish().exit_code, 0);
}

TEST(ExitCode, StillGoingOn_Is13WhereTheCommandDoesNotWait) {
  const CommandWorld world(CommandWorld::held("touch \"$0/done\""));
  Program run(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(run.wait_for("wave 1 of 1 starts"));
  EXPECT_EQ(world.run({"status"}).exit_code, 13);
  world.let_go();
  EXPECT_EQ(run.finish().exit_code, 0);
  EXPECT_EQ(world.run({"status"}).exit_code, 0);
}

TEST(ExitCode, RollbackUnderWay_Is13AndInterrupted130) {
  const CommandWorld world("[touch, \"{client.root}/done\"]",
                           "      restore: " + CommandWorld::held("rm -f \"$0/done\"") + "\n");
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  Program back(world.argv({"rollback", "--json", "--yes", "latest"}));
  ASSERT_TRUE(back.wait_for("restore starts"));
  EXPECT_EQ(world.run({"status"}).exit_code, 13);
  back.signal(SIGKILL);
  back.finish();
  EXPECT_EQ(world.run({"status"}).exit_code, 130);
  world.let_go();
}

TEST(ExitCode, Journal_Is15) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  write_file(world.journal(), "this is no journal");
  EXPECT_EQ(world.run({"status"}).exit_code, 15);
}

TEST(ExitCode, RestoreThatFails_Is16) {
  const CommandWorld world(CommandWorld::failing(),
                           "      restore: [\"false\"]\n    rollback: {within: 2s}\n");
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 16) << run.out << run.err;
}

TEST(ExitCode, Interrupted_Is130OrByTermination143_AndResumesTo0) {
  const CommandWorld world(CommandWorld::slow());
  EXPECT_EQ(interrupted_by(world, SIGINT).exit_code, 130);
  EXPECT_EQ(world.run({"status"}).exit_code, 130) << "nobody drives it";
  EXPECT_EQ(world.run({"resume"}).exit_code, 0);
  const CommandWorld other(CommandWorld::slow());
  EXPECT_EQ(interrupted_by(other, SIGTERM).exit_code, 143);
}

}  // namespace
}  // namespace sitewide::test
