#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "tests/cli/command_world.h"
#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;

std::vector<std::string> init_words(const std::string& file, const std::string& method) {
  return {"init",     file,        "--hotfix",       "Q237690",
          "--site",   "HQ=hq/SMS", "--logon-server", "S768AA0=s768aa0",
          "--method", method,      "--logon-server", "S768AA1=s768aa1"};
}

TEST(Init, PlanForALab_IsValid) {
  const Lab lab({"--clients", "12", "--story", "quiet"});
  for (const char* method : {"upgrade_bat", "site_wide"}) {
    const std::string plan = (lab.root() / (std::string(method) + ".yaml")).string();
    const Finished made = lab.run(init_words(plan, method));
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_THAT(made.out, HasSubstr("sitewide validate " + plan));
    EXPECT_THAT(made.out, HasSubstr("clients.csv was there already"));
    const Finished validated = lab.run({"validate", plan});
    EXPECT_EQ(validated.exit_code, 0) << validated.out << validated.err;
    EXPECT_THAT(validated.out, HasSubstr("valid; 12 clients in 1 group"));
  }
}

TEST(Init, FileAfterALogonServer_IsTheFile) {
  const Lab lab({"--clients", "12", "--story", "quiet"});
  const std::string plan = (lab.root() / "last.yaml").string();
  std::vector<std::string> words = init_words(plan, "site_wide");
  std::rotate(words.begin() + 1, words.begin() + 2, words.end());  // FILE comes last
  ASSERT_EQ(words.back(), plan);
  EXPECT_EQ(lab.run(words).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(plan));
}

TEST(Init, InventoryThatIsNotThere_IsBegun) {
  const CommandWorld world;
  const std::string plan = (world.root() / "mine.yaml").string();
  const Finished made = world.run({"init", plan, "--method", "command"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("inventory begun in " + (world.root() / "clients.csv").string()));
  EXPECT_EQ(read_file(world.root() / "clients.csv"), "name,ring\nexample,canary\n");
  EXPECT_EQ(world.run({"validate", plan}).exit_code, 0);
}

TEST(Init, Force_WritesOverThePlanAndNeverOverTheInventory) {
  const CommandWorld world;
  write_file(world.root() / "clients.csv", "name\npc01\n");
  const Finished made =
      world.run({"init", world.plan(), "--method", "command", "--name", "anew", "--force"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(read_file(world.plan()), HasSubstr("name: anew"));
  EXPECT_EQ(read_file(world.root() / "clients.csv"), "name\npc01\n");
}

TEST(Init, PlanForPrograms_IsValid) {
  const CommandWorld world;
  const std::string plan = (world.root() / "mine.yaml").string();
  write_file(world.root() / "clients.csv", "name\npc01\npc02\n");
  ASSERT_EQ(world.run({"init", plan, "--method", "command", "--name", "mine"}).exit_code, 0);
  EXPECT_EQ(world.run({"validate", plan}).exit_code, 0);
}

TEST(Init, FileThatExists_IsNeverWrittenOver) {
  const CommandWorld world;
  const std::string before = read_file(world.plan());
  const Finished refused = world.run({"init", world.plan(), "--method", "command"});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err, HasSubstr("writes over nothing"));
  EXPECT_EQ(read_file(world.plan()), before);
  const std::filesystem::path link = world.root() / "link.yaml";
  std::filesystem::create_symlink(world.root() / "made-by-init", link);
  EXPECT_EQ(world.run({"init", link, "--method", "command"}).exit_code, 4);
  EXPECT_FALSE(std::filesystem::exists(world.root() / "made-by-init"));
}

TEST(Init, WhatIsMissingWithoutATerminal_IsNamedAndNothingIsWritten) {
  const CommandWorld world;
  const std::filesystem::path plan = world.root() / "mine.yaml";
  for (const auto& [words, said] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{}, "--hotfix ARTICLE, or --method command"},
           {{"--hotfix", "Q237690"}, "--site NAME=DIR"},
           {{"--hotfix", "Q237690", "--site", "HQ"}, "takes NAME=DIR, not `HQ`"},
           {{"--hotfix", "Q237690", "--site", "A=a", "--site", "B=b", "--logon-server", "S=s"},
            "SITE/NAME=DIR"}}) {
    std::vector<std::string> line = {"init", plan.string()};
    line.insert(line.end(), words.begin(), words.end());
    const Finished refused = world.run(line);
    EXPECT_EQ(refused.exit_code, 2) << refused.err;
    EXPECT_THAT(refused.err, HasSubstr(said));
    EXPECT_FALSE(std::filesystem::exists(plan));
  }
}

// On a terminal, made by script(1), it asks. `answers` are lines for printf.
Finished asked(const std::string& arguments, const std::string& answers) {
  return Program({"sh", "-c", "printf '" + answers + "' | script -qec \"$0\" /dev/null",
                  program_path() + " init " + arguments})
      .finish();
}
bool has_terminal() { return Program({"sh", "-c", "command -v script"}).finish().exit_code == 0; }

TEST(Init, OnATerminal_AsksForWhatIsMissing) {
  if (!has_terminal()) GTEST_SKIP() << "script is not installed";
  const CommandWorld world;
  const std::string plan = (world.root() / "asked.yaml").string();
  const Finished done = asked(plan,
                              "237690\\n\\n\\nHQ\\nhq/SMS\\nS768AA0\\nshare\\n\\n\\n"
                              "\\n\\n");
  EXPECT_EQ(done.exit_code, 0) << done.out;
  EXPECT_THAT(done.out, HasSubstr("Logon server of HQ"));
  const std::string text = read_file(plan);
  EXPECT_THAT(text, HasSubstr("S768AA0: share"));
  EXPECT_THAT(text, HasSubstr("name: q237690"));
  EXPECT_THAT(text, HasSubstr("method: upgrade_bat"));
}

TEST(Init, AnswerThatWillNotDo_IsAskedForAgainWithTheReason) {
  if (!has_terminal()) GTEST_SKIP() << "script is not installed";
  const CommandWorld world;
  const std::string plan = (world.root() / "asked.yaml").string();
  const Finished done =
      asked(plan,
            "Q193032\\nq193031\\n\\nH Q\\nHQ\\n\\nD:\\\\SMS\\nhq/SMS\\n\\nS1\\ns1\\nS1\\n"
            "\\n\\n\\nclients\\n\\n");
  EXPECT_EQ(done.exit_code, 0) << done.out;
  for (const char* reason :
       {"no hotfix `Q193032`; did you mean `Q193030`?", "Q193031 goes out by site_wide alone",
        "the site's name cannot be `H Q`", "the root of site HQ is not given",
        "paths of a plan are written with `/`", "the logon server's name is not given",
        "S1 is named already", "put `{client.name}` into it"})
    EXPECT_THAT(done.out, HasSubstr(reason));
  EXPECT_THAT(read_file(plan), HasSubstr("method: site_wide"));
}

TEST(Init, OptionThatWillNotDo_IsRefusedBeforeAnythingIsAsked) {
  if (!has_terminal()) GTEST_SKIP() << "script is not installed";
  const CommandWorld world;
  const Finished done =
      asked((world.root() / "asked.yaml").string() + " --hotfix Q1 --site HQ=hq", "");
  EXPECT_EQ(done.exit_code, 2) << done.out;
  EXPECT_THAT(done.out, testing::Not(HasSubstr("A plan to begin with")));
}

TEST(Init, AnswersThatEnd_WriteNothing) {
  if (!has_terminal()) GTEST_SKIP() << "script is not installed";
  const CommandWorld world;
  const Finished done = asked((world.root() / "asked.yaml").string(), "Q237690\\n\\004");
  EXPECT_EQ(done.exit_code, 4) << done.out;
  EXPECT_THAT(done.out, HasSubstr("nothing was written"));
  EXPECT_FALSE(std::filesystem::exists(world.root() / "asked.yaml"));
  EXPECT_FALSE(std::filesystem::exists(world.root() / "clients.csv"));
}

}  // namespace
}  // namespace sitewide::test
