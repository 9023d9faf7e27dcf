// The catalogue against the articles' own tables, by rules of its own: nothing here asks the code
// that reads plans what a size, a date or a folder is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "orchestrator/base/text.h"
#include "plans/catalogue.h"
#include "tests/catalogue/files.h"

namespace sitewide {
namespace {

using test::folders_of;
using test::is_open;
using test::is_optional;
using test::is_tool;
using test::table_rows;
using test::TableRow;
using ::testing::IsEmpty;

/// Entries whose articles print no table: what they name comes from the product CD, from Windows,
/// from Novell or from the site itself.
const std::map<std::string, std::string> kWithoutTable = {
    {"Q151980", "sizes and dates are not given"},
    {"Q159952", "product CD"},
    {"Q162022", "product CD"},
    {"Q164320", "product CD"},
    {"Q168598", "Novell's"},
    {"Q171298", "product CD"},
    {"Q175526", "made by the site"},
    {"Q197141", "Windows NT 4.0 Service Pack 4"},
    {"Q200747", "product CD"},
    {"Q216197", "product CD"},
};

/// `454,032`, `800528`, `16,256b`: bytes. `442 KB`, `4.19 KB`: KB, with the decimals it has.
bool has_size(const PlannedFile& file, std::string printed) {
  std::erase_if(printed, [](char c) { return c == ',' || c == ' '; });
  const double number = std::stod(printed);
  if (printed.find("KB") == std::string::npos)
    return file.size_within == 0 && static_cast<double>(file.size) == number;
  const std::size_t point = printed.find('.');
  const std::size_t decimals = point == std::string::npos ? 0 : printed.find('K') - point - 1;
  const double unit = 1024.0 / std::pow(10.0, static_cast<double>(decimals));
  return std::abs(static_cast<double>(file.size) - number * 1024.0) <= 0.5 &&
         std::abs(static_cast<double>(file.size_within) - unit / 2) <= 1.0;
}

/// `6/22/99`, `04/22/2000`, `14-Dec-2001` as 1999-06-22.
std::string day_of(const std::string& printed) {
  int month = 0, day = 0, year = 0;
  if (std::sscanf(printed.c_str(), "%d/%d/%d", &month, &day, &year) != 3) {
    char name[4] = {};
    EXPECT_EQ(std::sscanf(printed.c_str(), "%d-%3s-%d", &day, name, &year), 3) << printed;
    const std::string months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    month = static_cast<int>(months.find(name) / 3) + 1;
  }
  if (year < 100) year += year < 50 ? 2000 : 1900;
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
  return text;
}

bool has_day(const PlannedFile& file, const std::string& printed) {
  return file.date && format_timestamp(*file.date).substr(0, 10) == day_of(printed);
}

/// `X86+ALPHA` and a blank stand for files that every site server keeps in X86.bin.
bool has_platform(const PlannedFile& file, const std::string& printed) {
  const std::string platform = to_lower(printed);
  if (platform == "alpha") return file.platform == "alpha";
  return file.platform == "x86" || file.platform.empty();
}

std::set<std::string> folders_of(const FileFacts& facts) {
  std::set<std::string> folders;
  for (const PlannedFile& file : planned_files(facts)) {
    EXPECT_TRUE(equals_ignoring_case(file.on_site.substr(file.on_site.rfind('/') + 1), file.name));
    folders.insert(to_lower(file.on_site.substr(0, file.on_site.rfind('/'))));
  }
  return folders;
}

bool matches(const FileFacts& facts, const TableRow& row) {
  return equals_ignoring_case(facts.file.name, row.file) &&
         has_platform(facts.file, row.platform) && has_size(facts.file, row.size) &&
         has_day(facts.file, row.date);
}

std::string shown(const TableRow& row) {
  return row.article + " " + row.file + " " + row.platform + " " + row.size + " " + row.date + " " +
         row.target;
}

TEST(Table, EveryRowOfAnArticle_StandsInItsEntryWithItsFolders) {
  std::map<std::string, CatalogueEntry> entries;
  std::size_t seen = 0;
  for (const TableRow& row : table_rows()) {
    auto found = find_catalogue_entry(row.article);
    if (!found) continue;  // coverage_test says why
    CatalogueEntry& entry = entries.emplace(row.article, std::move(*found)).first->second;
    auto& files = is_tool(row) ? entry.tools : entry.files;
    const auto file = std::find_if(files.begin(), files.end(),
                                   [&](const FileFacts& facts) { return matches(facts, row); });
    ASSERT_NE(file, files.end()) << shown(row);
    if (!is_tool(row) && !is_open(row)) {
      EXPECT_EQ(folders_of(*file), folders_of(row.target, file->file.language)) << shown(row);
    }
    EXPECT_EQ(file->optional, is_optional(row)) << shown(row);
    files.erase(file);  // each line of a table is one line of the entry
    ++seen;
  }
  EXPECT_GT(seen, 200U);
  for (const auto& [article, entry] : entries) {
    for (const FileFacts& facts : entry.files)
      ADD_FAILURE() << article << " has " << facts.file.name << ", which its table has not";
    for (const FileFacts& facts : entry.tools)
      ADD_FAILURE() << article << " has " << facts.file.name << ", which its table has not";
  }
}

TEST(Table, EntryWithoutATable_IsKnownToHaveNone) {
  std::set<std::string> with_table;
  for (const TableRow& row : table_rows()) with_table.insert(row.article);
  for (const std::string_view article : catalogue_articles()) {
    const std::string name(article);
    const auto entry = find_catalogue_entry(article);
    if (with_table.count(name) > 0) {
      EXPECT_EQ(kWithoutTable.count(name), 0U) << name;
      continue;
    }
    EXPECT_EQ(kWithoutTable.count(name), entry->files.empty() ? 0U : 1U) << name;
    for (const FileFacts& facts : entry->files) EXPECT_EQ(facts.file.size, 0U) << name;
    EXPECT_THAT(entry->tools, IsEmpty()) << name;
  }
}

/// sms12: the programs that log-on servers run for clients never come to them (Q185345).
TEST(Table, ServerProgramsOfLogonServers_AreNeverExpectedOnClients) {
  std::size_t seen = 0;
  for (const std::string_view article : catalogue_articles()) {
    const auto entry = find_catalogue_entry(article);
    for (const FileFacts& facts : entry->files) {
      const std::string name = to_lower(facts.file.name);
      if (!name.starts_with("smssvr") && !name.starts_with("smssrv") && name != "cl_w95.mod")
        continue;
      ++seen;
      for (const PlannedFile& file : planned_files(facts)) {
        EXPECT_EQ(file.on_client, "") << article << " " << name;
        EXPECT_NE(file.on_logon_server, "") << article << " " << name;
      }
    }
  }
  EXPECT_GE(seen, 7U);
}

}  // namespace
}  // namespace sitewide
