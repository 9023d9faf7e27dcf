// What `run` refuses before anything is done: exit 4, and not one byte is written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "tests/cli/command_world.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;

TEST(Refusal, ForceThatReachesOthers_IsListedByEveryCommandAndRefusedByRun) {
  Lab lab({"--clients", "8", "--canary", "2", "--story", "quiet"});
  lab.edit_plan("    reaches: site\n", "");
  lab.edit_plan("select: ring notin (canary)",
                "select: ring notin (canary), name notin (pc007, pc008)");
  const auto before = tree_of(lab.root());
  const Finished validate = lab.run({"validate", lab.plan()});
  EXPECT_EQ(validate.exit_code, 0) << "the plan is valid; it is the reach that is refused";
  EXPECT_THAT(validate.out, HasSubstr("run will refuse"));
  const Finished preview = lab.run({"preview", lab.plan()});
  EXPECT_EQ(preview.exit_code, 0);
  EXPECT_THAT(validate.out, HasSubstr("also reaches pc007 pc008"));
  for (const char* outsider : {"pc007", "pc008"})
    EXPECT_THAT(preview.out, HasSubstr(std::string(outsider) + " (in no group)"));
  const Finished run = lab.run({"run", "--yes", lab.plan()});
  EXPECT_EQ(run.exit_code, 4) << run.out;
  EXPECT_THAT(run.err, HasSubstr("pc007 pc008"));
  EXPECT_THAT(run.err, HasSubstr("`reaches: site`"));
  EXPECT_EQ(tree_of(lab.root()), before);
  EXPECT_FALSE(std::filesystem::exists(lab.state()));
}

TEST(Refusal, SiteThatCannotBeRead_IsNamedAndNothingIsDone) {
  Lab lab({"--clients", "4", "--canary", "1", "--story", "quiet"});
  std::filesystem::rename(lab.root() / "hq", lab.root() / "moved");
  const Finished run = lab.run({"run", "--yes", lab.plan()});
  EXPECT_EQ(run.exit_code, 4) << run.out;
  EXPECT_THAT(run.err, HasSubstr("site HQ"));
  EXPECT_THAT(run.err, HasSubstr("nothing was done"));
  EXPECT_FALSE(std::filesystem::exists(lab.state()));
}

TEST(Output, DiskIsFull_IsNamedAndIsNoSuccess) {
  const CommandWorld world;
  const auto to_full = [&](const std::string& words) {
    return Program({"sh", "-c", "exec \"$0\" --state-dir \"$1\" " + words + " >/dev/full",
                    sitewide_argv({}).front(), world.state().string(), world.plan().string()})
        .finish();
  };
  const Finished schema = to_full("schema");
  EXPECT_EQ(schema.exit_code, 4);
  EXPECT_THAT(schema.err, HasSubstr("cannot write standard output: No space left on device"));
  const Finished run = to_full("run --yes \"$2\"");
  EXPECT_EQ(run.exit_code, 0) << "a view that fails changes no rollout";
  EXPECT_THAT(run.err, HasSubstr("No space left on device"));
}

TEST(Output, ReportToADeviceThatIsFull_IsAnErrorAndTheDeviceStays) {
  const CommandWorld world;
  const std::string full = (world.root() / "full").string();  // a device of our own to lose
  if (::mknod(full.c_str(), S_IFCHR | 0600, makedev(1, 7)) != 0) GTEST_SKIP() << "not permitted";
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  const Finished report = world.run({"report", "latest", "--html", full});
  EXPECT_EQ(report.exit_code, 4) << report.out;
  EXPECT_THAT(report.err, HasSubstr("No space left on device"));
  EXPECT_TRUE(std::filesystem::is_character_file(full));
  const Finished nowhere = world.run({"report", "latest", "--html", "/nowhere/r.html"});
  EXPECT_THAT(nowhere.err, HasSubstr("No such file or directory"));
}

TEST(Refusal, NoTerminalAndNoYes_NamesTheTwoCommands) {
  const CommandWorld world;
  const Finished run = world.run({"run", world.plan()});
  EXPECT_EQ(run.exit_code, 4);
  EXPECT_THAT(run.err, HasSubstr("sitewide preview " + world.plan().string()));
  EXPECT_THAT(run.err, HasSubstr("sitewide run --yes " + world.plan().string()));
  EXPECT_FALSE(std::filesystem::exists(world.state()));
  EXPECT_TRUE(world.untouched());
}

TEST(Refusal, EmptyNarrowing_StartsNothing) {
  const CommandWorld world;
  const Finished run = world.run({"run", "--yes", "--only", "name=pc99", world.plan()});
  EXPECT_EQ(run.exit_code, 3) << run.out;
  EXPECT_TRUE(world.untouched());
}

}  // namespace
}  // namespace sitewide::test
