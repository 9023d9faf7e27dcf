// A second operator: who may do what while a rollout is driven by somebody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "tests/cli/command_world.h"
#include "tests/support/lab_check.h"

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

TEST(SecondOperator, AbortThatCancels_EndsWhatRunsAtOnce) {
  const CommandWorld world("[sh, -c, 'touch $0/begun; sleep 47', \"{client.root}\"]");
  Program first(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(first.wait_for("wave 1 of 1 starts"));
  const auto begun = [&] { return std::filesystem::exists(world.client(6) / "begun"); };
  for (int i = 0; i < 500 && !begun(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const Finished abort = world.run({"abort", "latest", "--policy", "cancel", "--reason", "wrong"});
  EXPECT_EQ(abort.exit_code, 0) << abort.err;
  const auto ordered = std::chrono::steady_clock::now();
  const Finished end = first.finish();
  EXPECT_LT(std::chrono::steady_clock::now() - ordered, std::chrono::seconds(30));
  EXPECT_EQ(end.exit_code, 12) << end.out << end.err;
  const std::string log = world.run({"log", "latest"}).out;
  EXPECT_THAT(log, HasSubstr("what runs on clients is ended"));
  EXPECT_THAT(log, HasSubstr("wrong"));
  EXPECT_THAT(survivors(world.root()), testing::IsEmpty());
  EXPECT_EQ(world.run({"audit", "latest"}).exit_code, 0);
}

TEST(SecondOperator, RollbackWhileItRuns_IsCarriedOutByItsController) {
  const CommandWorld world(CommandWorld::slow(),
                           "      restore: [rm, -f, \"{client.root}/begun\"]\n    in_flight: 3\n");
  Program first(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(first.wait_for("wave 1 of 1 starts"));
  const auto begun = [&] { return std::filesystem::exists(world.client(3) / "begun"); };
  for (int i = 0; i < 500 && !begun(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const Finished order = world.run({"rollback", "latest", "--yes", "--reason", "phones are down"});
  EXPECT_EQ(order.exit_code, 0) << order.err;
  EXPECT_THAT(order.out, HasSubstr("rollback accepted"));
  EXPECT_EQ(first.finish().exit_code, 0);
  EXPECT_TRUE(world.untouched());
  EXPECT_THAT(world.run({"log", "latest"}).out, HasSubstr("phones are down"));
}

TEST(StatusThatWaits, RolloutRuns_ReturnsAtItsEndOrAtItsTimeout) {
  const CommandWorld world(CommandWorld::slow());
  Program first(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(first.wait_for("wave 1 of 1 starts"));
  EXPECT_EQ(world.run({"status", "--wait", "--timeout", "1s"}).exit_code, 13);
  const Finished status = world.run({"status", "--wait", "--timeout", "1m"});
  EXPECT_EQ(status.exit_code, 0) << status.out;
  EXPECT_THAT(status.out, HasSubstr("completed"));
  EXPECT_EQ(first.finish().exit_code, 0);
  EXPECT_EQ(world.run({"status", "--timeout", "soon"}).exit_code, 2);
}

TEST(StatusThatWaits, RolloutWaitsForAnApproval_ReturnsForNobodyElseGoesOn) {
  const CommandWorld world(CommandWorld::slow(), "    before: [{approval: board}]\n");
  Program first(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(first.wait_for("waits for approval board"));
  EXPECT_EQ(world.run({"status", "--wait", "--timeout", "1m"}).exit_code, 13);
  first.signal(SIGTERM);
  first.finish();
}

TEST(ResumeWithoutAnId, EndedRollouts_ArePassedOver) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  write_file(world.plan(), read_file(world.plan()) + "    before: [{approval: board}]\n");
  Program second(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(second.wait_for("waits for approval board"));
  second.signal(SIGKILL);
  second.finish();
  write_file(world.plan(),
             replaced(read_file(world.plan()), "    before: [{approval: board}]\n", ""));
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  EXPECT_EQ(world.run({"approve", "here-2", "all", "board"}).exit_code, 0);
  const Finished resume = world.run({"resume"});
  EXPECT_EQ(resume.exit_code, 0) << resume.err;
  EXPECT_THAT(world.run({"log", "here-2"}).out, HasSubstr("approval board given"));
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
