// Whose files are whose: what Sitewide keeps is its owner's alone whatever the umask, and what its
// upgrades write is as the user's umask says.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/cli/command_world.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;

/// `argv`, and `more`, by a shell that sets this umask, and a core limit where it may.
Finished run_under(const std::string& umask, std::vector<std::string> argv,
                   const std::vector<std::string>& more = {}) {
  argv.insert(argv.end(), more.begin(), more.end());
  std::vector<std::string> whole{"/bin/sh", "-c",
                                 "umask $0; ulimit -S -c 17 2>/dev/null; exec \"$@\"", umask};
  whole.insert(whole.end(), argv.begin(), argv.end());
  return Program(std::move(whole)).finish();
}

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777U;
}

// Upgrades with a record and without.
class Modes : public testing::TestWithParam<bool> {
 protected:
  static std::string repeatable() { return GetParam() ? "      repeatable: true\n" : ""; }
};
INSTANTIATE_TEST_SUITE_P(Repeatable, Modes, testing::Bool());

TEST_P(Modes, Upgrades_WriteAsTheUsersUmaskSays) {
  const CommandWorld world("[sh, -c, 'umask >umask; echo new >file; mkdir folder']", repeatable());
  const Finished run = run_under("027", world.argv({"run", "--yes", world.plan()}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(read_file(world.client(1) / "umask"), "0027\n");
  EXPECT_EQ(mode_of(world.client(1) / "file"), 0640U);
  EXPECT_EQ(mode_of(world.client(1) / "folder"), 0750U);
}

TEST_P(Modes, Upgrades_KeepTheUsersCoreLimit) {
  const CommandWorld world("[sh, -c, 'ulimit -S -c >core-limit']", repeatable());
  ::setenv("ASAN_OPTIONS", "disable_coredump=0", 1);  // AddressSanitizer has a limit of its own
  const Finished users = run_under("022", {"/bin/sh", "-c", "ulimit -S -c"});
  const Finished run = run_under("022", world.argv({"run", "--yes", world.plan()}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(read_file(world.client(1) / "core-limit"), users.out);
}

// A moment after they began, so they wait.
TEST_P(Modes, Upgrades_KeepTheUsersLimitOfOpenFiles) {
  const CommandWorld world("[sh, -c, 'sleep 0.3; ulimit -S -n >file-limit']", repeatable());
  const Finished run = run_under("022", {"/bin/sh", "-c", "ulimit -S -n 300; exec \"$0\" \"$@\""},
                                 world.argv({"run", "--yes", "--only", "name=pc01", world.plan()}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(read_file(world.client(1) / "file-limit"), "300\n");
}

// Six clients at a time take more than that.
TEST(Controller, ALowLimitOfOpenFiles_IsRaised) {
  const CommandWorld world("[sh, -c, 'sleep 1']", "      repeatable: true\n");
  const Finished run = run_under("022", {"/bin/sh", "-c", "ulimit -S -n 24; exec \"$0\" \"$@\""},
                                 world.argv({"run", "--yes", world.plan()}));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
}

// It has the user's limit for the moment in which it starts a program, so it is looked at again.
TEST(Controller, ItsOwnCoreFile_IsNeverWritten) {
  const CommandWorld world(
      "[sh, -c, 'for i in $(seq 200); do grep -q \"core file size *0 \" /proc/$PPID/limits && "
      "exit; "
      "sleep 0.05; done; exit 1']",
      "      repeatable: true\n");
  const Finished run =
      run_under("022", world.argv({"run", "--yes", "--only", "name=pc01", world.plan()}));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
}

TEST(StateFiles, AnyUmask_AreTheOwnersAlone) {
  for (const std::string mask : {"000", "077"}) {
    const CommandWorld world;
    const fs::path log = world.root() / "log";
    const Finished run =
        run_under(mask, world.argv({"run", "--yes", "--log-file", log, world.plan()}));
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(mode_of(log), 0600U);
    EXPECT_EQ(mode_of(world.state()), 0700U);
    for (const auto& entry : fs::recursive_directory_iterator(world.state())) {
      EXPECT_EQ(mode_of(entry.path()), entry.is_directory() ? 0700U : 0600U) << entry.path();
    }
    EXPECT_EQ(mode_of(world.client(1) / "done"), mask == "000" ? 0666U : 0600U);
  }
}

}  // namespace
}  // namespace sitewide::test
