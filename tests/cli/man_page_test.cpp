#include "orchestrator/cli/man_page.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <sstream>

#include "orchestrator/cli/help_text.h"
#include "orchestrator/cli/man_formats.h"
#include "orchestrator/cli/options.h"
#include "plans/reference.h"
#include "tests/cli/command_world.h"

namespace sitewide {
namespace {

using test::CommandWorld;
using test::Finished;
using test::Program;
using testing::HasSubstr;

TEST(ManPage, EveryOptionOfHelp_IsInIt) {
  const Manual manual = read_manual();
  for (const ManualCommand& command : manual.commands) {
    const std::string page = man_page(manual, command);
    for (const auto* list : {&command.options, &command.words}) {
      for (const ManualOption& option : *list) {
        std::string name = option.names.empty() ? option.value : option.names.back();
        for (std::size_t at = 0; (at = name.find('-', at)) != name.npos; at += 2)
          name.replace(at, 1, "\\-");
        EXPECT_THAT(page, HasSubstr(name)) << command.name;
      }
    }
  }
}

TEST(ManPage, LinesThatLookLikeRequests_AreText) {
  ManualCommand command;
  command.name = "x";
  command.description = "a\n.so /etc/passwd\n'b \\fBc";
  command.examples = ".nf";
  const std::string page = man_page(Manual{}, command);
  EXPECT_THAT(page, HasSubstr("\n\\&.so /etc/passwd\n\\&\\(aqb \\efBc"));
  EXPECT_THAT(page, HasSubstr("\n\\&.nf\n"));
}

TEST(ManPage, PlanPage_HasEveryKey) {
  const std::string page = man_page_of_plans();
  for (const ReferenceSection& section : plan_reference()) {
    EXPECT_THAT(page, HasSubstr("\n.SS " + section.noun + "\n"));
    for (const ReferenceKey& key : section.keys)
      EXPECT_THAT(page, HasSubstr("\n.TP\n\\fB" + key.name + "\\fR\n"));
  }
}

TEST(Help, EveryCommand_SaysWhatItDoesWithAnExampleAndItsExitCodes) {
  const Manual manual = read_manual();
  for (const ManualCommand& command : manual.commands) {
    EXPECT_NE(command.paragraph, "") << command.name;
    EXPECT_THAT(command.examples, HasSubstr("sitewide " + command.name)) << command.name;
    EXPECT_THAT(command.exit_codes, testing::IsSupersetOf({0, 1, 2})) << command.name;
    EXPECT_THAT(help_text(manual), HasSubstr("\n  " + command.name + " "));
    const std::string help = help_text(command);
    for (const ManualOption& option : command.options)
      EXPECT_THAT(help, HasSubstr(option.names.back())) << command.name;
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
  }
}

TEST(Help, Program_PrintsThatOfTheCommand) {
  const CommandWorld world;
  EXPECT_THAT(world.run({"--help"}).out, HasSubstr("Orders to a rollout, from any terminal:\n"));
  EXPECT_THAT(world.run({"status", "--help"}).out, HasSubstr("sitewide status [OPTION]... [ID]\n"));
  EXPECT_THAT(world.run({"status", "-h", "latest"}).out, HasSubstr("   13  it goes on, is paused"));
}

// Rendered by groff with every warning on; skipped where it is missing.
TEST(ManPage, EveryPage_IsRenderedWithoutAWarning) {
  if (Program({"sh", "-c", "command -v groff"}).finish().exit_code != 0)
    GTEST_SKIP() << "groff is not installed";
  const CommandWorld world;
  const std::string folder = (world.root() / "man1").string();
  ASSERT_EQ(world.run({"man", "--into", folder}).exit_code, 0);
  int pages = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const Finished shown =
        Program({"groff", "-man", "-Tascii", "-ww", "-P-c", "-rLL=100n", entry.path().string()})
            .finish();
    EXPECT_EQ(shown.exit_code, 0);
    EXPECT_EQ(shown.err, "") << entry.path();
    if (entry.path().extension() == ".1") {
      EXPECT_THAT(shown.out, HasSubstr("everything in scope is on target"));
    }
    ++pages;
  }
  EXPECT_GE(pages, 27);
}

TEST(ManPage, Program_PrintsOnePage) {
  const CommandWorld world;
  EXPECT_THAT(world.run({"man"}).out, HasSubstr(".TH SITEWIDE 1"));
  EXPECT_THAT(world.run({"man", "run"}).out, HasSubstr(".TH SITEWIDE-RUN 1"));
  EXPECT_THAT(world.run({"man", "plan"}).out, HasSubstr(".TH SITEWIDE-PLAN 5"));
  EXPECT_THAT(world.run({"man", "events"}).out, HasSubstr("\\fBstep_finished\\fR"));
  EXPECT_EQ(world.run({"man", "nothing"}).exit_code, 2);
}

}  // namespace
}  // namespace sitewide
