// plans/recipes.md: what it shows is what the loader takes, and the scripts that it names are
// there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <regex>
#include <set>

#include "tests/plans/loading.h"

namespace sitewide {
namespace {

using testing::contents;
using ::testing::IsEmpty;
using testing::load_text;
using testing::source_file;

std::vector<std::string> blocks_of(const std::string& page) {
  static const std::regex block("```yaml\n([^`]*)```");
  std::vector<std::string> blocks;
  for (std::sregex_iterator at(page.begin(), page.end(), block), end; at != end; ++at)
    blocks.push_back((*at)[1]);
  return blocks;
}

std::vector<std::string> names_in(const std::string& text, const std::string& pattern) {
  const std::regex name(pattern);
  std::vector<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at)
    names.push_back((*at)[1]);
  return names;
}

// The recipe as part of a plan: a group for each of its transports.
std::string plan_with(const std::string& block) {
  std::string plan =
      "version: 1\nname: recipe\n"
      "inventory: [{hosts: [pc1], labels: {pid: \"1\", namespace: shop}}]\n" +
      block + "groups:\n";
  for (const std::string& name : names_in(block, "(?:^|\n)  ([a-z]+):\n"))
    plan += "  - {name: " + name + ", select: name, transport: " + name +
            ", method: command, command: {upgrade: [\"true\"], verify: [\"true\"]}}\n";
  return plan;
}

TEST(Recipes, EachIsTakenByTheLoader_WithoutAWarning) {
  const std::vector<std::string> blocks = blocks_of(contents(source_file("plans/recipes.md")));
  EXPECT_GE(blocks.size(), 9U);
  for (const std::string& block : blocks) {
    const LoadedPlan loaded = load_text(plan_with(block));
    EXPECT_THAT(testing::lines_of(loaded.problems), IsEmpty()) << block;
    EXPECT_FALSE(loaded.plan.groups.empty()) << block;
  }
}

TEST(Recipes, ScriptsThatTheyName_AreThere_AndNoOthers) {
  const std::vector<std::string> named =
      names_in(contents(source_file("plans/recipes.md")), "\\[recipes/([a-z-]+)");
  std::set<std::string> there;
  for (const auto& entry : std::filesystem::directory_iterator(source_file("examples/recipes"))) {
    there.insert(entry.path().filename().string());
    EXPECT_EQ(::access(entry.path().c_str(), X_OK), 0) << entry.path();
  }
  EXPECT_EQ(std::set<std::string>(named.begin(), named.end()), there);
}

}  // namespace
}  // namespace sitewide
