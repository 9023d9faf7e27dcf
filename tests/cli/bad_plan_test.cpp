// What a person with a wrong plan or a typo gets to read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/command_world.h"
#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// The plan with eight mistakes in a folder that holds its payload; a missing payload would be a
// ninth.
std::string eight(const CommandWorld& world) {
  std::string program(70, '\0');
  program.replace(0, 2, "MZ");
  program[0x3c] = 0x40;
  program.replace(0x40, 6, std::string("PE\0\0\x4c\x01", 6));
  write_file(world.root() / "a.exe", program);
  write_file(world.plan(), read_file(source_dir() + "/tests/plans/bad/eight_mistakes.yaml"));
  return world.plan();
}

TEST(BadPlan, EightMistakes_AllReportedInOrderWithPlacesAndNothingTouched) {
  const CommandWorld world;
  const std::string plan = eight(world);
  const auto before = tree_of(world.root());
  const std::vector<std::string> places = {
      ":6:31: ", ":14:72: ", ":17:25: ", ":19:5: ", ":20:24: ", ":21:24: ", ":22:11: ", ":23:13: "};
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"validate", "--format", "concise", plan}, {"run", "--yes", plan}, {"preview", plan}}) {
    const Finished finished = world.run(command);
    EXPECT_EQ(finished.exit_code, 3);
    EXPECT_EQ(finished.out, "");
    if (command.front() != "validate") {
      EXPECT_THAT(finished.err, HasSubstr("8 errors"));
      continue;
    }
    std::size_t at = 0;
    for (const std::string& place : places) {
      const std::size_t next = finished.err.find(place, at);
      ASSERT_NE(next, std::string::npos) << place << " in\n" << finished.err;
      at = next;
    }
  }
  EXPECT_FALSE(std::filesystem::exists(world.state())) << "no state directory is made for it";
  EXPECT_EQ(tree_of(world.root()), before);
}

TEST(BadPlan, FullFormat_ShowsTheLineAndACaret) {
  const CommandWorld world;
  const Finished finished = sitewide({"validate", eight(world)});
  EXPECT_THAT(finished.err, HasSubstr("max_in_flight: 3"));
  EXPECT_THAT(finished.err, HasSubstr("^^^^^^^^^^^^^"));
  EXPECT_THAT(finished.err, HasSubstr("`in_flight`"));
  EXPECT_THAT(finished.err, Not(HasSubstr("\x1b["))) << "no colour where nobody sees it";
}

TEST(BadPlan, NoSuchFile_NamesIt) {
  const Finished finished = sitewide({"run", "--yes", "/nowhere/plan.yaml"});
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_THAT(finished.err, HasSubstr("/nowhere/plan.yaml"));
}

TEST(CommandLine, Typos_NameTheNearestAndWhereHelpIs) {
  EXPECT_THAT(sitewide({"resme"}).err, HasSubstr("`resume`"));
  const Finished option = sitewide({"run", "--yse", "plan.yaml"});
  EXPECT_THAT(option.err, HasSubstr("unknown option `--yse`; a similar option exists: `--yes`"));
  EXPECT_THAT(option.err, HasSubstr("sitewide run --help"));
  EXPECT_THAT(sitewide({}).err, HasSubstr("sitewide preview PLAN"));
}

TEST(CommandLine, UnknownIdsAndSubjects_AreNamed) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  EXPECT_THAT(world.run({"status", "hree-1"}).err, HasSubstr("did you mean `here-1`?"));
  EXPECT_THAT(world.run({"why", "latest", "pc99"}).err, HasSubstr("`pc99`"));
  EXPECT_THAT(world.run({"log", "latest", "pc99"}).err, HasSubstr("`pc99`"));
  EXPECT_EQ(world.run({"catalogue", "Q237691"}).exit_code, 4);
}

TEST(CommandLine, LinesOfWindowsPrograms_AreShownWithoutTheirEnds) {
  const CommandWorld world("[printf, 'one\\r\\ntwo\\r\\n']");
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  const Finished log = world.run({"log", "latest", "pc01"});
  EXPECT_THAT(log.out, HasSubstr("| one\n"));
  EXPECT_THAT(log.out, HasSubstr("| two\n"));
}

}  // namespace
}  // namespace sitewide::test
