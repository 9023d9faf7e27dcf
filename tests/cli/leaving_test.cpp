// What a controller leaves behind when it goes in the middle: upgrades that run on to their end,
// also those that talk and that nobody keeps a record of.
#include <gtest/gtest.h>
#include <signal.h>

#include <thread>

#include "tests/cli/command_world.h"
#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;

/// Waits for `path`, but not for ever.
bool appears(const fs::path& path) {
  for (int look = 0; look < 1200 && !fs::exists(path); ++look) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return fs::exists(path);
}

/// An upgrade in eight steps, of which each says more than a short line; it begins to speak when
/// it is told that the controller has gone.
class Leaving : public testing::Test {
 protected:
  void start() {
    run_ = std::make_unique<Program>(
        world_.argv({"run", "--yes", "--json", "--only", "name=pc01", world_.plan()}));
    ASSERT_TRUE(appears(world_.client(1) / "begun")) << run_->finish().err;
  }
  void expect_upgrade_ends() {
    write_file(world_.client(1) / "go", "");
    EXPECT_TRUE(appears(world_.client(1) / "done")) << "the upgrade died of its own output";
  }

  CommandWorld world_{
      "[sh, -c, 'touch begun; while [ ! -e go ]; do sleep 0.05; done; "
      "for i in 1 2 3 4 5 6 7 8; do head -c 8000 /dev/zero || exit; echo step $i >&2; done; "
      "touch done']",
      "      repeatable: true\n"};
  std::unique_ptr<Program> run_;
};

TEST_F(Leaving, TwiceByCtrlC_TheUpgradeGoesOnByItself) {
  start();
  run_->signal(SIGINT);
  ASSERT_TRUE(run_->wait_for("controller_stopping"));
  run_->signal(SIGINT);
  EXPECT_EQ(run_->finish().exit_code, 130);
  expect_upgrade_ends();
}

TEST_F(Leaving, Killed_TheUpgradeGoesOnByItself) {
  start();
  run_->signal(SIGKILL);
  EXPECT_EQ(run_->finish().exit_code, 128 + SIGKILL);
  expect_upgrade_ends();
}

// Ctrl-C while the rollout is made: before its journal can be resumed, nothing of it is left.
TEST(LeavingWhileTheRolloutIsMade, ByCtrlC_NothingIsLeftBehind) {
  for (const char* where : {"mkdir:interrupt:1:*/here-1", "rename:interrupt:1:*/here-1/*",
                            "sync:interrupt:1:*/here-1/journal.db*"}) {
    const CommandWorld world;
    Program run(world.argv({"run", "--yes", world.plan()}), crash_at(where));
    const Finished finished = run.finish();
    EXPECT_EQ(finished.exit_code, 130) << where << finished.out << finished.err;
    EXPECT_NE(finished.err.find("nothing was done"), std::string::npos) << finished.err;
    EXPECT_FALSE(fs::exists(world.state() / "here-1")) << where;
    EXPECT_TRUE(world.untouched());
  }
}

}  // namespace
}  // namespace sitewide::test
