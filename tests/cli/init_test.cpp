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

// On a terminal, made by script(1), it asks.
TEST(Init, OnATerminal_AsksForWhatIsMissing) {
  if (Program({"sh", "-c", "command -v script"}).finish().exit_code != 0)
    GTEST_SKIP() << "script is not installed";
  const CommandWorld world;
  const std::string plan = (world.root() / "asked.yaml").string();
  const std::string line = program_path() + " init " + plan;
  const Finished asked =
      Program(
          {"sh", "-c",
           "printf 'Q237690\\n\\nHQ\\nhq/SMS\\nS768AA0\\nshare\\n\\n\\n\\n' | script -qec \"$0\" "
           "/dev/null",
           line})
          .finish();
  EXPECT_EQ(asked.exit_code, 0) << asked.out;
  EXPECT_THAT(asked.out, HasSubstr("Logon server of HQ"));
  const std::string text = read_file(plan);
  EXPECT_THAT(text, HasSubstr("'S768AA0': 'share'"));
  EXPECT_THAT(text, HasSubstr("name: 'q237690'"));
}

}  // namespace
}  // namespace sitewide::test
