#include "plans/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sitewide {
namespace {

using ::testing::ElementsAre;
using Row = std::vector<std::string>;

struct Read {
  std::vector<Row> rows;
  std::vector<std::uint32_t> lines;
  std::string error;
};

Read read(std::string_view text) {
  Read read;
  CsvReader reader(text);
  std::vector<std::string_view> cells;
  while (reader.next(cells)) {
    read.rows.emplace_back(cells.begin(), cells.end());
    read.lines.push_back(reader.line());
  }
  read.error = reader.error();
  return read;
}

TEST(Csv, PlainRows_AreSplit) {
  EXPECT_THAT(read("a,b\nc,\n,\n").rows, ElementsAre(Row{"a", "b"}, Row{"c", ""}, Row{"", ""}));
  EXPECT_THAT(read("a, b ,c").rows, ElementsAre(Row{"a", "b", "c"}));
}

TEST(Csv, LineEnds_MayBeEither) {
  EXPECT_THAT(read("a,b\r\nc,d\r\n").rows, ElementsAre(Row{"a", "b"}, Row{"c", "d"}));
  EXPECT_THAT(read("a,\r\n\"b\",\"c\"\r\n").rows, ElementsAre(Row{"a", ""}, Row{"b", "c"}));
}

TEST(Csv, EmptyLines_AreSkippedAndCounted) {
  const Read found = read("\xEF\xBB\xBF\na\n\n\r\nb\n\n");
  EXPECT_THAT(found.rows, ElementsAre(Row{"a"}, Row{"b"}));
  EXPECT_THAT(found.lines, ElementsAre(2U, 5U));
}

TEST(Csv, Quotes_HoldCommasLineEndsAndQuotes) {
  const Read found = read("\"a,\"\"b\"\"\",\"two\nlines\",\"\"\nx,y,z\n");
  EXPECT_THAT(found.rows, ElementsAre(Row{"a,\"b\"", "two\nlines", ""}, Row{"x", "y", "z"}));
  EXPECT_THAT(found.lines, ElementsAre(1U, 3U));
}

TEST(Csv, BrokenQuotes_AreErrorsWithTheirLine) {
  EXPECT_EQ(read("a\n\"b\nc").error, "the quotes of a cell are not closed");
  EXPECT_EQ(read("a\n\"b\"c,d\n").error, "text after the closing quote of a cell");
  EXPECT_EQ(read("a,b\nc, \"d\"\n").error, "a quote inside a cell that is not in quotes");
  EXPECT_EQ(read("5\" disk,b\n").error, "a quote inside a cell that is not in quotes");
  EXPECT_THAT(read("a\n\"b\"c\n").rows, ElementsAre(Row{"a"}));
}

}  // namespace
}  // namespace sitewide
