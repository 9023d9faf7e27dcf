#include "plans/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/plans/loading.h"

namespace sitewide {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::lines_of;

std::vector<std::string> problems_of(std::string_view yaml) {
  return lines_of(parse_document(yaml).problems);
}

TEST(Document, Values_HavePlacesInCodePoints) {
  const Document document = parse_document("é: {b: 'ü', c: [1, \"x y\"]}\n");
  ASSERT_THAT(document.problems, IsEmpty());
  const Node* map = document.root.find("é");
  ASSERT_NE(map, nullptr);
  const Node* b = map->find("b");
  EXPECT_EQ(b->text, "ü");
  EXPECT_TRUE(b->quoted);
  EXPECT_EQ(b->place.column, 8U);
  EXPECT_EQ(b->place.length, 3U);
  const Node& text = map->find("c")->items[1];
  EXPECT_EQ(text.text, "x y");
  EXPECT_EQ(text.place.column, 20U);
  EXPECT_EQ(text.place.length, 5U);
}

TEST(Document, ByteOrderMark_IsSkipped) {
  const Document document = parse_document(
      "\xEF\xBB\xBF"
      "a: 1\n");
  EXPECT_THAT(document.problems, IsEmpty());
  EXPECT_EQ(document.root.find("a")->place.column, 4U);
}

TEST(Document, DuplicateKey_NamesBothPlaces) {
  const Document document = parse_document("a: 1\nb: 2\na: 3\n");
  ASSERT_EQ(document.problems.size(), 1U);
  EXPECT_EQ(document.problems[0].place.line, 3U);
  EXPECT_EQ(document.problems[0].related->line, 1U);
  EXPECT_EQ(document.root.find("a")->text, "1");
}

TEST(Document, WhatYamlOffersBeyondAPlan_IsRefused) {
  EXPECT_THAT(problems_of("a: &x 1\nb: *x\n"),
              ElementsAre("1:4 anchors are not allowed in a plan",
                          "2:4 aliases are not allowed in a plan"));
  EXPECT_THAT(problems_of("&a [*a]"), ElementsAre("1:1 anchors are not allowed in a plan",
                                                  "1:5 aliases are not allowed in a plan"));
  EXPECT_THAT(
      problems_of("a: !!str 1\nb: ! x\nc: !t {d: 1}\n"),
      ElementsAre("1:4 tags are not allowed in a plan", "2:4 tags are not allowed in a plan",
                  "3:4 tags are not allowed in a plan"));
  EXPECT_THAT(problems_of("a:\n  <<: {b: 1}\n"),
              ElementsAre("2:3 merge keys are not allowed in a plan"));
  EXPECT_THAT(problems_of("[a, b]: 1\n"), ElementsAre("1:1 a key must be a plain word"));
  EXPECT_THAT(problems_of("a: 1\n---\nb: 2\n"), ElementsAre("2:1 a second document begins here"));
  EXPECT_THAT(problems_of("- a\nb: 1\n"),
              ElementsAre("2:1 this does not belong to what stands before it"));
}

TEST(Document, WhatYamlCppLetsPass_IsRefused) {
  EXPECT_THAT(problems_of("a: 'x"), ElementsAre("1:6 the quotes are not closed"));
  EXPECT_THAT(problems_of("a: b}"), ElementsAre("1:4 `}` closes nothing"));
  EXPECT_THAT(problems_of("a: [b, c"), ElementsAre("1:9 the `[` is not closed"));
  EXPECT_THAT(problems_of(","), ElementsAre("1:1 this does not belong to what stands before it"));
}

TEST(Document, BadCharacters_AreReportedEach) {
  EXPECT_THAT(problems_of("a: \x01\nb: \xFF\nc: \u202e\n"),
              ElementsAre("1:4 the character `\\x01` is not allowed in a plan",
                          "2:4 the byte `\\xff` is not UTF-8",
                          "3:4 the character `\\u202e` is not allowed in a plan"));
  EXPECT_THAT(problems_of(std::string("a: b\0c", 6)),
              ElementsAre("1:5 the character `\\x00` is not allowed in a plan"));
  EXPECT_THAT(problems_of("a: \"\\0\"\n"),
              ElementsAre("1:4 the text holds a control character: `\\x00`"));
  EXPECT_THAT(problems_of("a: b\rc: d\n"), ElementsAre(HasSubstr("`\\r` is not allowed")));
}

TEST(Document, CarriageReturnLineFeed_IsOrdinary) {
  EXPECT_THAT(problems_of("a: 1\r\nb: 2\r\n"), IsEmpty());
}

TEST(Document, Depth_IsLimited) {
  EXPECT_THAT(problems_of(std::string(32, '[') + std::string(32, ']')), IsEmpty());
  EXPECT_THAT(problems_of(std::string(33, '[') + std::string(33, ']')),
              ElementsAre("1:33 lists and maps are nested more than 32 deep"));
}

TEST(Document, Nodes_AreLimited) {
  std::string yaml = "a:\n";
  for (int i = 0; i < 200'001; ++i) yaml += "- 1\n";
  EXPECT_THAT(problems_of(yaml), ElementsAre(HasSubstr("more than 200,000 values")));
}

TEST(Document, Size_IsLimited) {
  EXPECT_THAT(problems_of(std::string(kDocumentBytes + 1, ' ')),
              ElementsAre("0:0 the file is larger than 1 MiB"));
}

/// Repeated to 256 KiB, each of these takes a fraction of a second.
TEST(Document, Bombs_EndQuickly) {
  const auto begin = std::chrono::steady_clock::now();
  for (const std::string start : {"", "x: ["}) {
    for (const std::string unit :
         {"[", "{", "- ", "? ", "!", "&", "\"", "a,", "[a,", ",", "\"\\u0041\" ", "&a ", "\xff"}) {
      std::string yaml = start;
      while (yaml.size() < kDocumentBytes / 4) yaml += unit;
      parse_document(yaml);
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST(Document, AnythingAtAll_EndsWithoutACrash) {
  // A small generator, always the same, of texts that look a little like YAML.
  std::uint32_t state = 1;
  const auto next = [&state](std::uint32_t below) {
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % below;
  };
  constexpr std::string_view kPieces[] = {"a",        ": ",   "- ", "\n", "  ",  "[",   "]",   "{",
                                          "}",        "'",    "\"", "\\", "&x ", "*x",  "!",   "|",
                                          ">",        "#",    ",",  "?",  "%",   "---", "...", "\t",
                                          "\xc3\xa9", "\xff", "<<", "@",  "`",   "1"};
  for (int round = 0; round < 20'000; ++round) {
    std::string yaml;
    for (std::uint32_t i = next(24); i > 0; --i) yaml += kPieces[next(std::size(kPieces))];
    const Document document = parse_document(yaml);
    for (const Problem& problem : document.problems) EXPECT_GE(problem.place.line, 1U) << yaml;
  }
}

}  // namespace
}  // namespace sitewide
