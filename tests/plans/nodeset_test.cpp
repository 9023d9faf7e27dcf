#include "plans/nodeset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sitewide {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names(std::string_view pattern) {
  std::vector<std::string> names;
  const auto count =
      expand_nodeset(pattern, [&](const std::string& name) { names.push_back(name); });
  EXPECT_TRUE(count) << pattern;
  EXPECT_EQ(*count, names.size());
  return names;
}

std::string error(std::string_view pattern) {
  const auto count = expand_nodeset(pattern, [](const std::string&) { FAIL(); });
  return count ? "" : count.error().message;
}

TEST(Nodeset, Ranges_AreExpandedInOrder) {
  EXPECT_THAT(names("pc1"), ElementsAre("pc1"));
  EXPECT_THAT(names("pc[9-11].hq"), ElementsAre("pc9.hq", "pc10.hq", "pc11.hq"));
  EXPECT_THAT(names("[1-3,7]"), ElementsAre("1", "2", "3", "7"));
  EXPECT_THAT(names("r[1-2]u[08-10]x"),
              ElementsAre("r1u08x", "r1u09x", "r1u10x", "r2u08x", "r2u09x", "r2u10x"));
  EXPECT_THAT(names("n[0-10/5]"), ElementsAre("n0", "n5", "n10"));
}

TEST(Nodeset, Padding_IsKept) {
  EXPECT_THAT(names("pc[098-101]"), ElementsAre("pc098", "pc099", "pc100", "pc101"));
  EXPECT_THAT(error("pc[01-100]"), HasSubstr("padded differently"));
  EXPECT_THAT(error("pc[1-010]"), HasSubstr("padded differently"));
}

TEST(Nodeset, Malformed_IsRefused) {
  EXPECT_THAT(error("pc[1-3"), HasSubstr("without its other half"));
  EXPECT_THAT(error("pc1]"), HasSubstr("without its other half"));
  EXPECT_THAT(error("pc[]"), HasSubstr("is not a range"));
  EXPECT_THAT(error("pc[a-c]"), HasSubstr("is not a range"));
  EXPECT_THAT(error("pc[3-1]"), HasSubstr("backwards"));
  EXPECT_THAT(error("pc[1-3/0]"), HasSubstr("is not a range"));
  EXPECT_THAT(error("a,b"), HasSubstr("two items"));
  EXPECT_THAT(error("pc[1-99999999999999999999]"), HasSubstr("is not a range"));
}

TEST(Nodeset, TooManyNames_AreRefusedBeforeTheFirst) {
  EXPECT_THAT(error("[1-999999999]"), HasSubstr("more than 1,000,000 names"));
  EXPECT_THAT(error("[1-1000]x[1-1000]x[1-1000]x[1-1000]x[1-1000]x[1-1000]x[1-1000]"),
              HasSubstr("more than"));
  EXPECT_THAT(error("[1][1][1][1][1][1][1][1][1]"), HasSubstr("more than 8 brackets"));
}

}  // namespace
}  // namespace sitewide
