#include "orchestrator/base/digest.h"

#include <gtest/gtest.h>

namespace sitewide {
namespace {

constexpr std::string_view kAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Digest, KnownContent_HasPublishedValue) {
  EXPECT_EQ(sha256("abc").hex(), kAbc);
  EXPECT_EQ(sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc").brief(), "ba7816bf8f01");
}

TEST(Digest, Text_RoundTrips) {
  EXPECT_EQ(Digest::parse(kAbc), sha256("abc"));
  EXPECT_EQ(Digest::parse("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"),
            sha256("abc"));
}

TEST(Digest, OtherText_IsRefused) {
  EXPECT_FALSE(Digest::parse(""));
  EXPECT_FALSE(Digest::parse(kAbc.substr(1)));
  EXPECT_FALSE(Digest::parse(std::string(63, '0') + "g"));
}

TEST(Sha256, PiecesInTurn_EqualTheWhole) {
  Sha256 hash;
  hash.update("a");
  hash.update("");
  hash.update("bc");
  EXPECT_EQ(hash.finish(), sha256("abc"));
}

TEST(Sha256, AfterFinish_StartsAnew) {
  Sha256 hash;
  hash.update("something");
  EXPECT_NE(hash.finish(), sha256("abc"));
  hash.update("abc");
  EXPECT_EQ(hash.finish(), sha256("abc"));
}

}  // namespace
}  // namespace sitewide
