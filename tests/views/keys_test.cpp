#include "orchestrator/views/keys.h"

#include <gtest/gtest.h>

#include <random>

#include "orchestrator/base/text.h"
#include "orchestrator/views/typed.h"

namespace sitewide {
namespace {

using Kind = Key::Kind;

std::vector<Kind> kinds(const std::vector<Key>& keys) {
  std::vector<Kind> result;
  for (const Key& key : keys) result.push_back(key.kind);
  return result;
}

TEST(Keys, OrdinaryOnes_AreRead) {
  KeyReader reader;
  EXPECT_EQ(reader.read("p"), (std::vector<Key>{{Kind::text, "p"}}));
  EXPECT_EQ(kinds(reader.read("\r\n\x7f\b\x15\x0c")),
            (std::vector<Kind>{Kind::enter, Kind::enter, Kind::backspace, Kind::backspace,
                               Kind::clear, Kind::redraw}));
  EXPECT_EQ(kinds(reader.read("\x1b[A\x1b[B\x1bOA\x1bOB")),
            (std::vector<Kind>{Kind::up, Kind::down, Kind::up, Kind::down}));
  EXPECT_EQ(kinds(reader.read("\x1b[5~\x1b[6~\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[1;5A")),
            (std::vector<Kind>{Kind::page_up, Kind::page_down, Kind::home, Kind::end, Kind::home,
                               Kind::end, Kind::up}));
}

TEST(Keys, SequenceInPieces_IsOneKey) {
  KeyReader reader;
  EXPECT_TRUE(reader.read("\x1b").empty());
  EXPECT_TRUE(reader.read("[").empty());
  EXPECT_EQ(kinds(reader.read("A")), (std::vector<Kind>{Kind::up}));
  EXPECT_TRUE(reader.read("\xc3").empty());
  EXPECT_EQ(reader.read("\xa9"), (std::vector<Key>{{Kind::text, "é"}}));
}

TEST(Keys, EscapeAlone_IsAKeyOnceNothingFollows) {
  KeyReader reader;
  EXPECT_TRUE(reader.read("\x1b").empty());
  EXPECT_EQ(kinds(reader.idle()), (std::vector<Kind>{Kind::escape}));
  EXPECT_TRUE(reader.idle().empty());
  EXPECT_EQ(kinds(reader.read("\x1b\x1b")), (std::vector<Kind>{Kind::escape}));
  EXPECT_EQ(kinds(reader.idle()), (std::vector<Kind>{Kind::escape}));
}

TEST(Keys, UnknownSequences_AreSwallowedWhole) {
  KeyReader reader;
  EXPECT_TRUE(reader.read("\x1b[38;5;1m\x1b[?1;2c\x1b[<0;10;10M\x1b[24;80R").empty());
  EXPECT_TRUE(reader.read("\x1b]0;apq\x07\x1bPapq\x1b\\\x1b_q\x1b\\").empty());
  EXPECT_TRUE(reader.read("\x1bq").empty()) << "alt and a key is not the key";
  EXPECT_EQ(reader.read("a"), (std::vector<Key>{{Kind::text, "a"}}));
}

TEST(Keys, Pasted_AreMarked) {
  KeyReader reader;
  const std::vector<Key> keys = reader.read("\x1b[200~pq\x1b[201~p");
  ASSERT_EQ(keys.size(), 3U);
  EXPECT_TRUE(keys[0].pasted);
  EXPECT_TRUE(keys[1].pasted);
  EXPECT_FALSE(keys[2].pasted);
}

// Whatever comes: no control character passes for text, and after a pause a key is a key again.
TEST(Keys, Garbage_NeverBecomesText) {
  std::mt19937 chance(20260101);
  std::uniform_int_distribution<int> byte(0, 255);
  std::uniform_int_distribution<std::size_t> cut(1, 9);
  const std::string_view likely = "\x1b[]O~;0123456789PA?\x07\xc2\x9b\xe2\x80\xae\xf0";
  for (int round = 0; round < 20'000; ++round) {
    KeyReader reader;
    std::string bytes;
    for (std::size_t i = 0; i < 40; ++i) {
      const auto picked = static_cast<std::size_t>(byte(chance));
      bytes += picked % 2 == 0 ? static_cast<char>(byte(chance)) : likely[picked % likely.size()];
    }
    for (std::size_t at = 0; at < bytes.size();) {
      const std::string piece = bytes.substr(at, cut(chance));
      at += piece.size();
      for (const Key& key : reader.read(piece)) {
        ASSERT_EQ(key.kind == Kind::text, !key.text.empty());
        ASSERT_TRUE(is_utf8(key.text) && !has_control_character(key.text)) << escaped(bytes);
      }
    }
    (void)reader.idle();
    const std::vector<Key> after = reader.read("p");
    ASSERT_EQ(after.size(), 1U) << escaped(bytes);
    ASSERT_EQ(after[0].text, "p");
  }
}

TEST(Typed, Text_GrowsAndShrinksByWholeCharacters) {
  std::string text;
  EXPECT_TRUE(type(text, {Kind::text, "é"}, 3));
  EXPECT_TRUE(type(text, {Kind::text, "x"}, 3));
  EXPECT_FALSE(type(text, {Kind::text, "y"}, 3)) << "it is full";
  EXPECT_TRUE(type(text, {Kind::backspace}, 3));
  EXPECT_TRUE(type(text, {Kind::backspace}, 3));
  EXPECT_TRUE(text.empty());
  EXPECT_FALSE(type(text, {Kind::backspace}, 3));
  EXPECT_FALSE(type(text, {Kind::up}, 3));
}

}  // namespace
}  // namespace sitewide
