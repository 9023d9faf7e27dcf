// Resumes that nobody watches, as after a restart of the machine: what a person has stopped, or has
// to decide, stays so. And resumes by a person, which say what they lift.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "tests/cli/command_world.h"
#include "tests/support/event_log.h"
#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kRestore = "      restore: [rm, -f, \"{client.root}/done\"]\n";

std::size_t events_in(const CommandWorld& world) {
  const std::string log = world.run({"log", "latest"}).out;
  return static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
}

/// A rollout that was paused, approved meanwhile, and whose controller was killed: but for the
/// pause its clients would be upgraded at once.
class PausedAndKilled : public CommandWorld {
 public:
  PausedAndKilled()
      : CommandWorld("[touch, \"{client.root}/done\"]", "    before: [{approval: board}]\n") {
    Program run(argv({"run", "--yes", plan()}));
    EXPECT_TRUE(run.wait_for("waits for approval board"));
    EXPECT_EQ(this->run({"pause", "latest", "--reason", "phones are down"}).exit_code, 0);
    EXPECT_EQ(this->run({"approve", "latest", "all", "board"}).exit_code, 0);
    run.signal(SIGKILL);
    run.finish();
  }
};

TEST(UnattendedResume, PausedRollout_StaysPausedUnderItsController) {
  const PausedAndKilled world;
  Program resume(world.argv({"resume", "--unattended", "here-1"}));
  ASSERT_TRUE(resume.wait_for("controller"));
  const Finished order = world.run({"continue", "latest", "--reason", "phones are back"});
  EXPECT_EQ(order.exit_code, 0) << order.err;
  const Finished end = resume.finish();
  EXPECT_EQ(end.exit_code, 0) << end.out << end.err;
  EXPECT_THAT(end.err, HasSubstr("paused and stays so (phones are down)"));
  EXPECT_THAT(end.err, HasSubstr("sitewide continue here-1"));
  const std::string log = world.run({"log", "latest"}).out;
  const std::size_t continued = log.find("continued");
  ASSERT_NE(continued, log.npos);
  EXPECT_GT(log.find("upgrade starts"), continued);
}

TEST(UnattendedResume, PausedRollout_IsNotToldToGoOnByASecondOneEither) {
  const PausedAndKilled world;
  for (int i = 0; i < 2; ++i) {
    Program resume(world.argv({"resume", "--unattended", "here-1"}));
    ASSERT_TRUE(resume.wait_for("controller"));
    EXPECT_EQ(world.run({"status"}).exit_code, 13);
    resume.signal(SIGKILL);
    resume.finish();
  }
  EXPECT_THAT(world.run({"log", "latest"}).out, Not(HasSubstr("continued")));
}

TEST(UnattendedResume, HaltedRollout_IsLeftAsItIs) {
  const CommandWorld world(CommandWorld::failing(), "    on_breach: {rollback: none}\n");
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 11);
  const std::size_t events = events_in(world);
  const Finished resume = world.run({"resume", "--unattended"});
  EXPECT_EQ(resume.exit_code, 11) << resume.out << resume.err;
  EXPECT_THAT(resume.err, HasSubstr("halted and stays so"));
  EXPECT_THAT(resume.err, HasSubstr("sitewide resume here-1"));
  EXPECT_EQ(events_in(world), events);
}

TEST(UnattendedResume, HaltWithinTheBudget_IsLeftAsItIsToo) {
  const CommandWorld world("[touch, \"{client.root}/done\"]", kRestore);
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  ASSERT_EQ(world.run({"rollback", "latest", "--client", "pc01", "--yes"}).exit_code, 11);
  const std::size_t events = events_in(world);
  EXPECT_EQ(world.run({"resume", "--unattended"}).exit_code, 11);
  EXPECT_EQ(events_in(world), events);
}

TEST(UnattendedResume, RollbackThatWasCutShort_GoesOn) {
  const CommandWorld world(
      "[sh, -c, 'touch $1/done; test $0 != pc02 || exit 126', \"{client.name}\", "
      "\"{client.root}\"]",
      "      restore: " + CommandWorld::held("rm -f \"$0/done\"") + "\n");
  // A restore that never began is begun again.
  std::string text = read_file(world.plan());
  const std::string once = "    attempts: 1\n";
  write_file(world.plan(), text.replace(text.find(once), once.size(), ""));
  Program run(world.argv({"run", "--json", "--yes", world.plan()}));
  ASSERT_TRUE(run.wait_for("restore starts"));
  run.signal(SIGKILL);
  run.finish();
  world.let_go();
  const Finished resume = world.run({"resume", "--unattended"});
  EXPECT_EQ(resume.exit_code, 11) << resume.out << resume.err;
  EXPECT_TRUE(world.untouched());
  EXPECT_THAT(world.run({"log", "latest"}).out, Not(HasSubstr("continued")));
}

TEST(UnattendedResume, EndedRollout_GivesItsOwnCode) {
  const CommandWorld world(CommandWorld::failing(),
                           "    tolerate: {failed: 1}\n    on_failure: leave\n");
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 10);
  EXPECT_EQ(world.run({"resume", "--unattended", "here-1"}).exit_code, 10);
}

TEST(UnattendedResume, WithWhatOnlyAPersonDecides_IsAMistake) {
  const CommandWorld world;
  EXPECT_EQ(world.run({"resume", "--unattended", "--retry-failed"}).exit_code, 2);
  EXPECT_EQ(world.run({"resume", "--unattended", "--acknowledge", "1"}).exit_code, 2);
}

TEST(Resume, OfAPausedRollout_SaysThatThePauseEnds) {
  const PausedAndKilled world;
  const Finished resume = world.run({"resume"});
  EXPECT_EQ(resume.exit_code, 0) << resume.out << resume.err;
  EXPECT_THAT(resume.err, HasSubstr("here-1 was paused (phones are down); it goes on"));
}

TEST(Resume, OfAHaltWithinTheBudget_SaysThatTheHaltEnds) {
  const CommandWorld world("[touch, \"{client.root}/done\"]", kRestore);
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  ASSERT_EQ(world.run({"rollback", "latest", "--client", "pc01", "--yes"}).exit_code, 11);
  const Finished resume = world.run({"resume"});
  EXPECT_THAT(resume.err, HasSubstr("here-1 was halted (rolled back by "));
}

/// A group that is upgraded, and one that breached its budget and was put back: halted.
class HaltedAfterARollback : public CommandWorld {
 public:
  HaltedAfterARollback() : CommandWorld(failing(), kRestore) {
    std::string text = read_file(plan());
    const std::string group = text.substr(text.find("  - name: all"));
    text.replace(text.find("select: name\n"), 13, "select: name=pc01\n");
    std::string second = group;
    second.replace(second.find("name: all"), 9, "name: rest");
    second.replace(second.find("select: name\n"), 13, "select: name!=pc01\n    after: [all]\n");
    write_file(plan(), text + second);
    EXPECT_EQ(run({"run", "--yes", plan()}).exit_code, 11);
  }
};

TEST(Resume, OverTheBudgetWithoutAWord_IsRefusedAndRollsNothingBackAgain) {
  const HaltedAfterARollback world;
  const std::size_t events = events_in(world);
  const Finished resume = world.run({"resume"});
  EXPECT_EQ(resume.exit_code, 4) << resume.out << resume.err;
  EXPECT_THAT(resume.err, HasSubstr("group `rest` has 1 failed, 0 tolerated"));
  EXPECT_THAT(resume.err, HasSubstr("--retry-failed"));
  EXPECT_EQ(events_in(world), events);
}

TEST(Resume, AfterAnOrderThatWaitedSettledTheFailures_GoesOn) {
  const HaltedAfterARollback world;
  const Finished order = world.run({"acknowledge", "latest", "--reason", "pc02 is scrapped"});
  EXPECT_THAT(order.out, HasSubstr("waits"));
  const Finished resume = world.run({"resume"});
  EXPECT_NE(resume.exit_code, 4) << resume.out << resume.err;
  EXPECT_THAT(resume.err, HasSubstr("here-1 was halted"));
  const std::string log = world.run({"log", "latest"}).out;
  EXPECT_LT(log.find("1 failure acknowledged"), log.find("continued"));
}

}  // namespace
}  // namespace sitewide::test
