#include "plans/diagnostics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sitewide {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Problem problem_at(std::uint32_t line, std::uint32_t column, std::uint32_t length,
                   std::string message) {
  Problem problem;
  problem.place = {line, column, length, 0};
  problem.message = std::move(message);
  return problem;
}

TEST(Diagnostics, Full_ShowsTheLineWithACaretAndHelp) {
  Problem problem = problem_at(2, 5, 3, "unknown key `foo` in group");
  problem.help = "a similar name exists: `for`";
  EXPECT_EQ(render({problem}, {{"plan.yaml", "a: 1\nb:  foo: 2\n"}}),
            "error: unknown key `foo` in group\n"
            " --> plan.yaml:2:5\n"
            "  |\n"
            "2 | b:  foo: 2\n"
            "  |     ^^^\n"
            "  |\n"
            "  = help: a similar name exists: `for`\n"
            "\n"
            "plan.yaml: 1 error\n");
}

TEST(Diagnostics, Related_IsShownInTheOrderOfTheFile) {
  Problem problem = problem_at(12, 1, 1, "duplicate key `a`");
  problem.related = Place{3, 1, 1, 0};
  problem.related_label = "first defined here";
  EXPECT_EQ(render({problem}, {{"p", "\n\na: 1\n\n\n\n\n\n\n\n\na: 2\n"}}),
            "error: duplicate key `a`\n"
            "  --> p:12:1\n"
            "   |\n"
            " 3 | a: 1\n"
            "   | - first defined here\n"
            "...\n"
            "12 | a: 2\n"
            "   | ^\n"
            "\n"
            "p: 1 error\n");
}

TEST(Diagnostics, RelatedInAnotherFile_HasItsOwnBlock) {
  Problem problem = problem_at(1, 1, 2, "client `pc` is listed twice");
  problem.related = Place{1, 1, 2, 1};
  problem.related_label = "first listed here";
  EXPECT_EQ(render({problem}, {{"p", "pc\n"}, {"q", "pc,x\n"}}),
            "error: client `pc` is listed twice\n --> p:1:1\n  |\n1 | pc\n  | ^^\n"
            " ::: q:1:1\n  |\n1 | pc,x\n  | -- first listed here\n\np: 1 error\n");
}

TEST(Diagnostics, Caret_StandsBelowWideCharactersAndTabs) {
  EXPECT_THAT(render({problem_at(1, 5, 2, "m")}, {{"p", "\t日e\u0301xy\n"}}),
              HasSubstr("1 | \t日e\u0301xy\n  | \t   ^^\n"));
  EXPECT_THAT(render({problem_at(1, 3, 2, "m")}, {{"p", "a:日本\n"}}), HasSubstr("\n  |   ^^^^\n"));
}

TEST(Diagnostics, PlaceBehindTheLine_IsPointedAt) {
  EXPECT_THAT(render({problem_at(1, 3, 1, "m")}, {{"p", "ab\n"}}), HasSubstr("1 | ab\n  |   ^\n"));
}

TEST(Diagnostics, LongLine_IsCutAroundTheCaret) {
  const std::string text = render({problem_at(1, 5000, 3, "m")}, {{"p", std::string(20000, 'x')}});
  EXPECT_LT(text.size(), 1000U);
  EXPECT_THAT(text, HasSubstr("…xxx"));
}

TEST(Diagnostics, HostileText_IsEscaped) {
  const std::string text = render({problem_at(1, 2, 1, "bad \x1b[2J")}, {{"p\n", "\x1b]0;x\x07y"}});
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("bad \\x1b[2J"));
  EXPECT_THAT(text, HasSubstr("p\\n:1:2"));
}

TEST(Diagnostics, ManyProblems_AreSortedCappedAndCounted) {
  Problems problems;
  for (std::uint32_t line = 30; line >= 1; --line) problems.push_back(problem_at(line, 1, 1, "m"));
  const std::string text = render(problems, {{"p", ""}}, {DiagnosticFormat::concise, false, 20});
  EXPECT_THAT(text, HasSubstr("p:1:1: error: m\np:2:1: error: m\n"));
  EXPECT_THAT(text, HasSubstr("p:20:1: error: m\np: and 10 more\np: 30 errors\n"));
}

TEST(Diagnostics, SameProblemTwice_IsShownOnce) {
  EXPECT_EQ(render({problem_at(1, 1, 1, "m"), problem_at(1, 1, 1, "m")}, {{"p", ""}},
                   {DiagnosticFormat::concise, false, 20}),
            "p:1:1: error: m\np: 1 error\n");
}

TEST(Diagnostics, Warnings_AreCountedApart) {
  Problem warning = problem_at(1, 1, 1, "w");
  warning.severity = Problem::Severity::warning;
  EXPECT_EQ(render({warning, problem_at(2, 1, 1, "e")}, {{"p", ""}},
                   {DiagnosticFormat::concise, false, 20}),
            "p:1:1: warning: w\np:2:1: error: e\np: 1 error, 1 warning\n");
}

TEST(Diagnostics, Json_IsOneObjectALine) {
  Problem problem = problem_at(2, 5, 3, "a \"b\"");
  problem.help = "c";
  EXPECT_EQ(
      render({problem}, {{"p", ""}}, {DiagnosticFormat::json, false, 20}),
      R"({"v":1,"type":"diagnostic","level":"error","file":"p","line":2,"column":5,"length":3,)"
      R"("msg":"a \"b\"","help":"c"})"
      "\n");
}

TEST(Diagnostics, NoPlace_NamesTheFileAlone) {
  EXPECT_EQ(render({problem_at(0, 0, 1, "the plan cannot be read")}, {{"p", ""}}),
            "error: the plan cannot be read\n --> p\n\np: 1 error\n");
}

TEST(Diagnostics, Colour_IsOptional) {
  EXPECT_THAT(render({problem_at(1, 1, 1, "m")}, {{"p", "x"}}, {DiagnosticFormat::full, true, 20}),
              HasSubstr("\x1b[1;31merror\x1b[0m"));
}

}  // namespace
}  // namespace sitewide
