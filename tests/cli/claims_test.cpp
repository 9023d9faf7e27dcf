// Two rollouts on one site or client: the second is refused, whoever runs it and wherever its state
// lies; clients that only have the same name are no reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/cli/command_world.h"
#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int kHeld = 6;

std::string waits() { return "[sh, -c, 'touch begun; sleep 60']"; }

/// Starts the rollout and returns when it is under way.
std::unique_ptr<Program> start(std::vector<std::string> argv) {
  argv.emplace_back("--json");
  auto run = std::make_unique<Program>(std::move(argv));
  EXPECT_TRUE(run->wait_for("step_started")) << run->out();
  return run;
}

/// Another administrator's run of the same plan.
Finished run_elsewhere(const std::filesystem::path& state, std::vector<std::string> arguments,
                       std::map<std::string, std::string> environment = {}) {
  arguments.insert(arguments.begin(), {"--state-dir", state.string()});
  return sitewide(std::move(arguments), std::move(environment));
}

TEST(Claims, OneClientInTwoStateDirectories_TheSecondIsRefused) {
  const CommandWorld world(waits());
  const auto first =
      start(world.argv({"run", "--yes", "--only", "name in (pc01, pc02)", world.plan()}));
  const Finished second = run_elsewhere(
      world.root() / "other", {"run", "--yes", "--only", "name in (pc02, pc03)", world.plan()});
  EXPECT_EQ(second.exit_code, kHeld) << second.out << second.err;
  EXPECT_THAT(second.err, AllOf(HasSubstr("client pc02 is held by rollout here-1 (pid " +
                                          std::to_string(first->pid())),
                                HasSubstr("in " + world.state().string())));
  EXPECT_FALSE(std::filesystem::exists(world.client(3) / "begun"));
}

TEST(Claims, OneSiteInTwoStateDirectories_TheSecondIsRefused) {
  const auto lab = small_lab();
  lab->play();
  const auto first =
      start(lab->argv({"run", "--yes", "--only", "name in (pc001, pc004)", lab->plan()}));
  const Finished second = run_elsewhere(
      lab->root() / "other", {"run", "--yes", "--only", "name in (pc002, pc005)", lab->plan()});
  EXPECT_EQ(second.exit_code, kHeld) << second.out << second.err;
  EXPECT_THAT(second.err, HasSubstr("site HQ is held by rollout q237690-1 (pid "));
}

TEST(Claims, ClientsOfOneNameInOtherFolders_AreOthers) {
  const CommandWorld one(waits());
  const CommandWorld other;
  const auto first = start(one.argv({"run", "--yes", one.plan()}));
  const Finished second = other.run({"run", "--yes", other.plan()});
  EXPECT_EQ(second.exit_code, 0) << second.out << second.err;
}

TEST(Claims, FolderThatCannotBeUsed_IsSaidAndTheStateDirectoryCounts) {
  const CommandWorld world(waits());
  const std::map<std::string, std::string> environment{
      {"SITEWIDE_CLAIMS_DIR", (world.root() / "no" / "such").string()}};
  std::vector<std::string> run = world.argv({"run", "--yes", "--json", world.plan()});
  Program first(run, environment);
  ASSERT_TRUE(first.wait_for("step_started"));
  Program again(run, environment);
  const Finished second = again.finish();
  EXPECT_EQ(second.exit_code, kHeld) << second.out << second.err;
  EXPECT_THAT(second.err, HasSubstr("only rollouts of this state directory are kept off"));
}

TEST(Claims, NoRoomForThem_IsRefusedAndSaysWhereAndWhatHelps) {
  const CommandWorld world;
  const Finished run =
      Program(world.argv({"run", "--yes", world.plan()}), crash_at("write:ENOSPC:1:*/claims-*"))
          .finish();
  EXPECT_EQ(run.exit_code, 4) << run.out << run.err;
  EXPECT_THAT(run.err, AllOf(HasSubstr("no room for 1 KiB in /"), HasSubstr("nothing was done"),
                             HasSubstr("SITEWIDE_CLAIMS_DIR")));
  EXPECT_TRUE(world.untouched());
  EXPECT_FALSE(std::filesystem::exists(world.state() / "here-1"));
}

}  // namespace
}  // namespace sitewide::test
