#include "adapters/recall.h"

#include <gtest/gtest.h>

namespace sitewide {
namespace {

using std::chrono::minutes;

const Timestamp kNow = parse_timestamp("2026-03-01T10:00:00Z").value();

TEST(Recall, SaysForAnHour_WhatWasSaidOfTheSameThing) {
  Recall recall;
  EXPECT_FALSE(recall.said("a", "found", kNow));
  recall.keep("a", "found", "words", kNow);
  EXPECT_EQ(recall.said("a", "found", kNow + minutes(59)), "words");
  EXPECT_FALSE(recall.said("a", "found", kNow + minutes(60)));
  EXPECT_FALSE(recall.said("a", "found", kNow - minutes(1)));
  EXPECT_FALSE(recall.said("a", "other", kNow));
  EXPECT_FALSE(recall.said("b", "found", kNow));
}

TEST(Recall, OfWhatIsOver_IsForgotten) {
  Recall recall;
  recall.keep("a", "found", "words", kNow);
  recall.forget("a");
  EXPECT_FALSE(recall.said("a", "found", kNow));
}

TEST(Recall, WhenFull_StartsAnewAndKeepsTheNewest) {
  Recall recall;
  for (int i = 0; i <= 65536; ++i) recall.keep(std::to_string(i), "found", "words", kNow);
  EXPECT_FALSE(recall.said("0", "found", kNow));
  EXPECT_EQ(recall.said("65536", "found", kNow), "words");
}

}  // namespace
}  // namespace sitewide
