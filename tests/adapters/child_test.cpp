#include "adapters/child.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/descendants.h"
#include "adapters/descriptor.h"
#include "tests/adapters/left_behind.h"

namespace sitewide {
namespace {

using namespace std::chrono_literals;

Spawned start(const Argv& argv) {
  static const std::string folder;
  static const std::map<std::string, std::string> environment;
  return spawn({.argv = argv,
                .folder = folder,
                .environment = environment,
                .input = -1,
                .output = STDOUT_FILENO,
                .errors = STDERR_FILENO});
}

Spawned shell(const std::string& script) { return start({"/bin/sh", "-c", script}); }

class ChildTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { prepare_for_children(); }
  void TearDown() override { EXPECT_EQ(test::children(), 0U); }
};

TEST_F(ChildTest, EndsByItself_ItsExitCodeIsKept) {
  Child child(shell("exit 7"));
  EXPECT_TRUE(child.ends_within(20s));
  EXPECT_TRUE(child.has_ended());
  EXPECT_EQ(child.exit_code(), 7);
}

TEST_F(ChildTest, WhileItRuns_ItHasNeitherEndedNorAnExitCode) {
  Child child(start({"sleep", "600"}));
  EXPECT_FALSE(child.ends_within(20ms));
  EXPECT_EQ(child.exit_code(), -1);
}

TEST_F(ChildTest, NotStarted_CountsAsEnded) {
  Child child(start({"/no/such/program"}));
  EXPECT_TRUE(child.has_ended());
  EXPECT_EQ(child.exit_code(), -1);
}

TEST_F(ChildTest, End_TakesItsWholeGroupAlong) {
  const Spawned spawned = shell("sleep 600 & sleep 600 & wait");
  ASSERT_GT(spawned.pid, 0) << spawned.reason;
  {
    Child child(spawned);
    EXPECT_FALSE(child.has_ended());
  }
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (group_has_members(spawned.pid) && std::chrono::steady_clock::now() < until) {
    reap_adopted();
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_FALSE(group_has_members(spawned.pid));
}

TEST_F(ChildTest, LetGo_KillsItsWholeGroupAndLeavesTheReapingToOthers) {
  const Spawned spawned = shell("sleep 600 & sleep 600 & wait");
  ASSERT_GT(spawned.pid, 0) << spawned.reason;
  Child child(spawned);
  ASSERT_EQ(::kill(-spawned.pid, SIGSTOP), 0);
  child.let_go();
  EXPECT_TRUE(child.has_ended());
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(spawned.pid), &info, WEXITED | WNOWAIT), 0)
      << "it was waited for";
  EXPECT_EQ(info.si_status, SIGKILL);
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (group_has_members(spawned.pid) && std::chrono::steady_clock::now() < until) {
    reap_adopted();
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_FALSE(group_has_members(spawned.pid));
}

TEST_F(ChildTest, MovedFrom_LeavesTheProgramToTheNewOwner) {
  Child owner;
  {
    Child first(start({"sleep", "600"}));
    owner = std::move(first);
  }
  EXPECT_FALSE(owner.has_ended());
  owner.end();
  EXPECT_TRUE(owner.has_ended());
}

// A program may have ended before spawn() has returned its number.
TEST_F(ChildTest, EndsAtOnceWhileOthersReap_ItsExitCodeIsNotLost) {
  std::atomic<bool> is_over{false};
  std::vector<std::thread> reapers;
  for (int i = 0; i < 4; ++i)
    reapers.emplace_back([&] {
      while (!is_over) reap_adopted();
    });
  int lost = 0;
  for (int i = 0; i < 1000; ++i) {
    Child child(start({"/bin/false"}));
    EXPECT_TRUE(child.ends_within(20s));
    if (child.exit_code() != 1) ++lost;
  }
  is_over = true;
  for (std::thread& reaper : reapers) reaper.join();
  EXPECT_EQ(lost, 0);
}

}  // namespace
}  // namespace sitewide
