// A second operator: who may do what while a rollout is driven by somebody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/cli/command_world.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

TEST(SecondOperator, RunAndResumeOfALiveRollout_AreRefusedAndNameTheOwner) {
  const CommandWorld world(CommandWorld::slow());
  Program first(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(first.wait_for("wave 1 of 1 starts"));
  const std::string owner = "pid " + std::to_string(first.pid());
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"run", "--yes", world.plan()}, {"resume"}, {"resume", "here-1"}}) {
    const Finished second = world.run(command);
    EXPECT_EQ(second.exit_code, 6) << second.out;
    EXPECT_THAT(second.err, HasSubstr("here-1"));
    EXPECT_THAT(second.err, HasSubstr(owner));
    EXPECT_THAT(second.err, HasSubstr("since"));
  }
  EXPECT_EQ(first.finish().exit_code, 0) << "the first one is not disturbed";
  EXPECT_FALSE(std::filesystem::exists(world.state() / "here-2")) << "nothing half-made is left";
}

TEST(SecondOperator, OtherRolloutOnTheSameSite_IsRefusedAndNamesTheOwner) {
  Lab lab({"--clients", "6", "--canary", "2", "--story", "quiet"});  // nobody plays: it waits
  Program first(lab.argv({"run", "--yes", lab.plan()}));
  ASSERT_TRUE(first.wait_for("replicate starts"));
  // The same site, but none of the same clients.
  write_file(lab.root() / "others.csv",
             replaced(read_file(lab.root() / "clients.csv"), "pc0", "other0"));
  write_file(lab.root() / "others.yaml",
             replaced(replaced(read_file(lab.plan()), "clients.csv", "others.csv"), "name: q237690",
                      "name: others"));
  const Finished second = lab.run({"run", "--yes", lab.root() / "others.yaml"});
  EXPECT_EQ(second.exit_code, 6) << second.out << second.err;
  EXPECT_THAT(second.err, HasSubstr("site HQ is held by rollout q237690-1"));
  EXPECT_THAT(second.err, HasSubstr("pid " + std::to_string(first.pid())));
  first.signal(SIGTERM);
  first.finish();
}

TEST(SecondOperator, PauseAndContinue_ReachTheController) {
  const CommandWorld world(CommandWorld::slow(), "    in_flight: 1\n");
  Program first(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(first.wait_for("wave 1 of 1 starts"));
  const Finished pause = world.run({"pause", "latest", "--reason", "phones are down"});
  EXPECT_EQ(pause.exit_code, 0) << pause.err;
  EXPECT_THAT(pause.out, HasSubstr("pause accepted"));
  EXPECT_EQ(world.run({"status"}).exit_code, 13);
  EXPECT_THAT(world.run({"log", "latest"}).out, HasSubstr("phones are down"));
  EXPECT_THAT(world.run({"pause", "latest"}).out, HasSubstr("is so already"));
  EXPECT_EQ(world.run({"continue", "latest"}).exit_code, 0);
  first.signal(SIGTERM);
  EXPECT_EQ(first.finish().exit_code, 143);
}

TEST(SecondOperator, OrdersThatDoNotApply_SayWhy) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  EXPECT_EQ(world.run({"pause", "latest"}).exit_code, 4);
  EXPECT_EQ(world.run({"approve", "latest", "all", "nobody"}).exit_code, 4);
  EXPECT_EQ(world.run({"skip", "latest", "pc99"}).exit_code, 4);
}

TEST(SecondOperator, RollbackWithoutAWayBack_IsRefusedInsteadOfTried) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  const Finished rollback = world.run({"rollback", "latest", "--yes"});
  EXPECT_EQ(rollback.exit_code, 4) << rollback.out;
  EXPECT_THAT(rollback.err, HasSubstr("no `restore`"));
  EXPECT_EQ(world.run({"status"}).exit_code, 0) << "it is as it was";
}

TEST(SecondOperator, Rollback_PutsBackWhatThePreviewNamed) {
  const CommandWorld world("[touch, \"{client.root}/done\"]",
                           "      restore: [rm, -f, \"{client.root}/done\"]\n");
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  const Finished preview = world.run({"rollback", "latest", "--preview"});
  EXPECT_THAT(preview.out, HasSubstr("puts back 6 clients, newest trigger first: pc06 pc05"));
  EXPECT_EQ(world.run({"rollback", "latest"}).exit_code, 4) << "there is no terminal to ask on";
  EXPECT_FALSE(world.untouched());
  EXPECT_EQ(world.run({"rollback", "latest", "--yes"}).exit_code, 0);
  EXPECT_TRUE(world.untouched());
}

// The records that a `local` transport keeps of attempts are of one rollout, whatever its id.
TEST(AttemptRecords, SameIdInAnotherStateDirectory_EveryProgramRunsAnew) {
  const CommandWorld world("[touch, \"{client.root}/done\"]",
                           "      restore: [rm, -f, \"{client.root}/done\"]\n");
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  ASSERT_EQ(world.run({"rollback", "latest", "--yes"}).exit_code, 0);
  ASSERT_TRUE(world.untouched());
  std::filesystem::remove_all(world.state());
  const Finished again = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_TRUE(std::filesystem::exists(world.client(1) / "done"));
  EXPECT_THAT(world.run({"log", "latest"}).out, Not(HasSubstr("recovered")));
}

TEST(SecondOperator, RollbackOfAGroupAndAClient_IsAMistake) {
  const CommandWorld world;
  EXPECT_EQ(world.run({"rollback", "latest", "--group", "all", "--client", "pc01"}).exit_code, 2);
}

TEST(SecondOperator, Prune_KeepsWhatCouldBeRolledBackAndSaysWhy) {
  const CommandWorld world;
  EXPECT_THAT(world.run({"prune"}).out, HasSubstr("no rollouts"));
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  EXPECT_THAT(world.run({"prune"}).out, HasSubstr("younger than 30d"));
  EXPECT_THAT(world.run({"prune", "--older-than", "0s", "--yes"}).out, HasSubstr("rolled back"));
  EXPECT_TRUE(std::filesystem::exists(world.journal()));
  EXPECT_EQ(world.run({"prune", "--older-than", "0s", "--force", "--yes"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(world.journal()));
}

// Ctrl-C while a rollout is made leaves a folder without a journal.
TEST(SecondOperator, RolloutThatWasNeverBegun_IsNotTheLatestAndIsPruned) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  const std::filesystem::path first = world.journal().parent_path();
  const std::filesystem::path second = first.parent_path() / "here-2";
  std::filesystem::copy(first, second, std::filesystem::copy_options::recursive);
  std::filesystem::remove(second / "journal.db");
  EXPECT_EQ(world.run({"status", "latest"}).exit_code, 0);
  EXPECT_THAT(world.run({"prune", "--yes"}).out, HasSubstr("never begun"));
  EXPECT_FALSE(std::filesystem::exists(second));
  EXPECT_TRUE(std::filesystem::exists(first));
}

}  // namespace
}  // namespace sitewide::test
