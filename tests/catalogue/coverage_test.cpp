// What `sitewide catalogue --coverage` claims is true: entries exist, and the tests that are named
// as evidence do.
#include "plans/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "plans/catalogue.h"
#include "tests/catalogue/files.h"

namespace sitewide {
namespace {

/// All tests that are written down, as `(Suite, Name)`.
bool is_written_down(const std::string& test) {
  const std::size_t dot = test.find('.');
  const std::string head = "(" + test.substr(0, dot) + ", " + test.substr(dot + 1) + ")";
  const std::filesystem::path tests = std::string(SITEWIDE_SOURCE_DIR) + "/tests";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(tests)) {
    if (entry.path().extension() != ".cpp") continue;
    const auto path = std::filesystem::relative(entry.path(), SITEWIDE_SOURCE_DIR).string();
    if (test::source_text(path).find(head) != std::string::npos) return true;
  }
  return false;
}

TEST(Coverage, EveryArticle_IsInTheTableOnceAndExpressibleWhereItHasAnEntry) {
  std::set<std::string> seen;
  for (const Coverage& row : catalogue_coverage()) {
    EXPECT_TRUE(seen.insert(row.article).second) << row.article << " twice";
    EXPECT_THAT(row.expressible, ::testing::AnyOf("yes", "in part", "no")) << row.article;
    EXPECT_EQ(row.expressible != "no", find_catalogue_entry(row.article).has_value())
        << row.article;
    EXPECT_TRUE(row.expressible == "yes" || !row.why.empty()) << row.article;
  }
  for (const std::string_view article : catalogue_articles())
    EXPECT_EQ(seen.count(std::string(article)), 1U) << article;
  for (const test::TableRow& row : test::table_rows())
    EXPECT_EQ(seen.count(row.article), 1U) << row.article << " has a table of files";
}

TEST(Coverage, Claims_NameTestsThatExist) {
  std::size_t shown = 0;
  for (const Coverage& row : catalogue_coverage()) {
    for (const std::string& claim : {row.runs, row.rolls_back}) {
      if (Coverage::in_words(claim) != "yes") {
        EXPECT_EQ(claim, row.expressible == "no" ? "no" : "not yet run") << row.article;
        continue;
      }
      ++shown;
      EXPECT_NE(row.expressible, "no") << row.article;
      EXPECT_TRUE(is_written_down(claim)) << row.article << ": there is no test " << claim;
    }
    if (Coverage::in_words(row.rolls_back) != "yes") continue;
    EXPECT_EQ(Coverage::in_words(row.runs), "yes") << row.article;
  }
  EXPECT_GE(shown, 2U);
  EXPECT_FALSE(is_written_down("LabRollout.ThatNobodyWrote"));
}

}  // namespace
}  // namespace sitewide
