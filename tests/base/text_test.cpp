#include "orchestrator/base/text.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace sitewide {
namespace {

TEST(Text, CaseIgnored_ComparesAscii) {
  EXPECT_EQ(to_lower("Sms.INI\xC4"), "sms.ini\xC4");
  EXPECT_TRUE(equals_ignoring_case("System.MAP", "system.map"));
  EXPECT_FALSE(equals_ignoring_case("System.map", "System.ma"));
  const std::set<std::string, LessIgnoringCase> names{"B", "a", "C"};
  EXPECT_TRUE(names.contains("c"));
  EXPECT_EQ(*names.begin(), "a");
}

TEST(Text, TrimSplitJoin_KeepEmptyParts) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
  const std::array<std::string, 3> parts{"a", "", "b"};
  EXPECT_EQ(join(parts, ", "), "a, , b");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Utf8, WellFormed_IsAccepted) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("K\u00fche \u20ac \U0001F600 \U0010FFFF"));
}

TEST(Utf8, Malformed_IsRefused) {
  EXPECT_FALSE(is_utf8("\xC0\xAF"));          // overlong, two bytes
  EXPECT_FALSE(is_utf8("\xE0\x80\xAF"));      // overlong, three bytes
  EXPECT_FALSE(is_utf8("\xF0\x80\x80\xAF"));  // overlong, four bytes
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(is_utf8("\xE2\x82"));          // cut off
  EXPECT_FALSE(is_utf8("a\x80"));             // continuation alone
}

TEST(ControlCharacter, HostileText_IsFound) {
  EXPECT_TRUE(has_control_character("a\x1b[2J"));
  EXPECT_TRUE(has_control_character("a\nb"));
  EXPECT_TRUE(has_control_character(std::string_view("a\0b", 3)));
  EXPECT_TRUE(has_control_character("\x7f"));
  EXPECT_TRUE(has_control_character("\u009b2J"));  // C1: CSI in one character
  EXPECT_TRUE(has_control_character("a\u202eb"));  // right-to-left override
  EXPECT_TRUE(has_control_character("a\u2066b"));  // isolate
  EXPECT_FALSE(has_control_character("K\u00fche, 12 \u20ac"));
}

TEST(Escaped, HostileText_BecomesVisible) {
  EXPECT_EQ(escaped("plain"), "plain");
  EXPECT_EQ(escaped("K\u00fche"), "K\u00fche");
  EXPECT_EQ(escaped("\x1b[2J\n\r\t"), "\\x1b[2J\\n\\r\\t");
  EXPECT_EQ(escaped("a\u202eb"), "a\\u202eb");
  EXPECT_EQ(escaped("\u009b"), "\\u009b");
  EXPECT_EQ(escaped("a\xff"), "a\\xff");
  EXPECT_EQ(escaped(std::string_view("\0", 1)), "\\x00");
}

TEST(Escaped, LongText_EndsAtLimitWithoutHalfCharacters) {
  EXPECT_EQ(escaped("abcdef", 3), "abc…");
  EXPECT_EQ(escaped("abc", 3), "abc");
  EXPECT_EQ(escaped("ab\u20ac", 4), "ab…");
  EXPECT_EQ(escaped("ab\x1b", 4), "ab…");
}

TEST(ToUtf8, BadBytes_BecomeReplacementCharacters) {
  EXPECT_EQ(to_utf8("a\xff"
                    "b\xC3"),
            "a\uFFFDb\uFFFD");
  EXPECT_EQ(to_utf8("K\u00fche\n"), "K\u00fche\n");
}

TEST(HtmlEscaped, Markup_IsInert) {
  EXPECT_EQ(html_escaped("<a href=\"x\">'&'</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
}

TEST(CountOf, OneAndMany_AgreeWithNoun) {
  EXPECT_EQ(count_of(0, "client"), "0 clients");
  EXPECT_EQ(count_of(1, "client"), "1 client");
  EXPECT_EQ(count_of(470448, "client"), "470,448 clients");
}

TEST(WithSeparators, EveryLength_GroupsByThree) {
  EXPECT_EQ(with_separators(0), "0");
  EXPECT_EQ(with_separators(999), "999");
  EXPECT_EQ(with_separators(1000), "1,000");
  EXPECT_EQ(with_separators(1234567), "1,234,567");
}

TEST(Nearest, LikelyTypo_IsFound) {
  constexpr std::array<std::string_view, 4> kKeys{"inventory", "groups", "select", "waves"};
  EXPECT_EQ(nearest("inventroy", kKeys), "inventory");
  EXPECT_EQ(nearest("Groups", kKeys), "groups");
  EXPECT_EQ(nearest("wave", kKeys), "waves");
  EXPECT_EQ(nearest("colour", kKeys), "");
  EXPECT_EQ(nearest("", kKeys), "");
}

}  // namespace
}  // namespace sitewide
