#include "plans/grammar.h"

#include <gtest/gtest.h>

namespace sitewide {
namespace {

bool accepts(Scalar scalar, std::string_view text) { return rule_of(scalar).accepts(text); }

TEST(Grammar, Size_IsBytesOrRoundedKilobytes) {
  const auto size = [](std::string_view text) {
    const auto parsed = parse_size(text);
    return parsed ? std::pair(parsed->bytes, parsed->within)
                  : std::pair(std::uint64_t{0}, UINT32_MAX);
  };
  EXPECT_EQ(size("470448"), std::pair(std::uint64_t{470'448}, 0U));
  EXPECT_EQ(size("442KB"), std::pair(std::uint64_t{452'608}, 512U));
  EXPECT_EQ(size("87.1KB"), std::pair(std::uint64_t{89'190}, 52U));
  EXPECT_EQ(size("4.19KB"), std::pair(std::uint64_t{4'291}, 6U));
  for (const char* text : {"", "KB", ".5KB", "4.KB", "4.123KB", "1,142KB", "442 KB", "442kb",
                           "4.1.9KB", "-1KB", "1000000KB", "4 ", "0x10"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(Grammar, YamlTypes_AreThoseOfYaml12) {
  const auto type = [](std::string text, bool quoted = false) {
    Node node;
    node.kind = Node::Kind::scalar;
    node.text = std::move(text);
    node.quoted = quoted;
    return yaml_type(node);
  };
  for (const char* text :
       {"yes", "22:00", "1_000", "1e", "0b1", "1.2.3", "-", "+", ".", "600/m", "0x", "NaN"}) {
    EXPECT_EQ(type(text), YamlType::string) << text;
  }
  for (const char* text : {"0", "010", "-3", "+3", "0x1F", "0o17"})
    EXPECT_EQ(type(text), YamlType::integer) << text;
  for (const char* text : {"1.5", ".5", "1.", "1e3", "-.inf", ".nan"})
    EXPECT_EQ(type(text), YamlType::real) << text;
  EXPECT_EQ(type("True"), YamlType::boolean);
  EXPECT_EQ(type("~"), YamlType::null);
  EXPECT_EQ(type(""), YamlType::null);
  EXPECT_EQ(type("3", true), YamlType::string);
}

TEST(Grammar, Durations_AreNumberAndUnit) {
  for (const char* text : {"30s", "10m", "24h", "5d", "250ms", "0s"})
    EXPECT_TRUE(accepts(Scalar::duration, text)) << text;
  for (const char* text : {"", "30", "s", "-5m", "1.5h", "1h30m", "5 m", "5w", "9999999999d"}) {
    EXPECT_FALSE(accepts(Scalar::duration, text)) << text;
  }
  EXPECT_FALSE(accepts(Scalar::positive_duration, "0s"));
}

TEST(Grammar, Counts_AreNumbersOrPercentages) {
  EXPECT_EQ(parse_count("3")->value, 3U);
  EXPECT_TRUE(parse_count("100%")->percent);
  for (const char* text : {"", "%", "101%", "-1", "3.5%", "1000%", "99999999999"})
    EXPECT_FALSE(parse_count(text)) << text;
  EXPECT_EQ(parse_wave("rest")->value, 100U);
  EXPECT_FALSE(parse_wave("0%"));
}

TEST(Grammar, Rates_HaveACountAndAPeriod) {
  EXPECT_EQ(parse_rate("600/m")->count, 600U);
  EXPECT_EQ(parse_rate("600/m")->per, std::chrono::minutes(1));
  EXPECT_EQ(parse_rate("5/10s")->per, std::chrono::seconds(10));
  for (const char* text : {"600", "0/m", "/m", "5/", "5/0s", "5/x", "05/m"})
    EXPECT_FALSE(parse_rate(text)) << text;
}

TEST(Grammar, Dates_AreUtcDays) {
  EXPECT_EQ(format_timestamp(*parse_date("1999-06-22")), "1999-06-22T00:00:00Z");
  EXPECT_EQ(format_timestamp(*parse_date("1999-06-22T13:12Z")), "1999-06-22T13:12:00Z");
  EXPECT_EQ(format_timestamp(*parse_date("1999-06-22T13:12:11Z")), "1999-06-22T13:12:11Z");
  for (const char* text :
       {"1999-02-31", "1999-6-22", "6/22/99", "1999-06-22 13:12", "1999-06-22T13:12"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(Grammar, Days_AreRangesAndLists) {
  const std::array<bool, 7> weekdays = {true, true, true, true, true, false, false};
  EXPECT_EQ(parse_days("Mon-Fri"), weekdays);
  EXPECT_EQ(parse_days("Mon, Tue-Thu,Fri"), weekdays);
  const std::array<bool, 7> weekend = {true, false, false, false, false, true, true};
  EXPECT_EQ(parse_days("Sat-Mon"), weekend);
  for (const char* text : {"", "mon", "Mon-", "Mon-Fri-Sat", "Mon,,Tue", "Monday", "daily,Mon"}) {
    EXPECT_FALSE(parse_days(text)) << text;
  }
}

TEST(Grammar, Clocks_HaveTwoDigitsEach) {
  EXPECT_EQ(*parse_clock("22:30"), std::chrono::minutes(22 * 60 + 30));
  for (const char* text : {"24:00", "22:60", "2:30", "22-30", "22:3x"})
    EXPECT_FALSE(parse_clock(text)) << text;
}

TEST(Grammar, Targets_StayBelowTheirRoot) {
  EXPECT_TRUE(accepts(Scalar::target, "Site.srv/X86.bin/A.exe"));
  EXPECT_TRUE(accepts(Scalar::target, "{sms_bin}/A.exe"));
  for (const char* text :
       {"",     "/etc/x",   "a/../b",          "..",         ".",         "a//b",     "a/",
        "C:/x", "a:stream", "\\\\evil\\share", "CON",        "x/nul.txt", "a/com1",   "a.",
        "a /b", "a\nb",     "x/CLOCK$",        "conin$.txt", "con .txt",  "aux  .a/b"}) {
    EXPECT_FALSE(accepts(Scalar::target, text)) << text;
  }
}

TEST(Grammar, Names_AreSafeAsFileNames) {
  EXPECT_TRUE(is_name("q237690-3"));
  for (const char* text : {"", ".", "..", ".x", "-x", "a/b", "a b", "\xc3\xa9"})
    EXPECT_FALSE(is_name(text)) << text;
  EXPECT_FALSE(is_name(std::string(65, 'a')));
}

}  // namespace
}  // namespace sitewide
