#include "plans/zones.h"

#include <gtest/gtest.h>

namespace sitewide {
namespace {

using namespace std::chrono_literals;

Timestamp at(const char* text) { return *parse_timestamp(text); }

TEST(Zones, Berlin_ChangesTwiceAYear) {
  const auto offsets =
      zone_offsets("Europe/Berlin", at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
  ASSERT_TRUE(offsets);
  ASSERT_EQ(offsets->size(), 3U);
  EXPECT_EQ((*offsets)[0].offset, 1h);
  EXPECT_EQ((*offsets)[1].from, at("2026-03-29T01:00:00Z"));
  EXPECT_EQ((*offsets)[1].offset, 2h);
  EXPECT_EQ((*offsets)[2].from, at("2026-10-25T01:00:00Z"));
}

TEST(Zones, Utc_NeverChanges) {
  const auto offsets = zone_offsets("UTC", at("2026-01-01T00:00:00Z"));
  ASSERT_TRUE(offsets);
  ASSERT_EQ(offsets->size(), 1U);
  EXPECT_EQ(offsets->front().offset, 0h);
}

TEST(Zones, ThreeYears_AreCovered) {
  const auto offsets = zone_offsets("America/New_York", at("2026-01-01T00:00:00Z"));
  ASSERT_TRUE(offsets);
  EXPECT_EQ(offsets->size(), 7U);
}

TEST(Zones, UnknownZone_NamesASimilarOne) {
  const auto offsets = zone_offsets("Europe/Berln", at("2026-01-01T00:00:00Z"));
  ASSERT_FALSE(offsets);
  EXPECT_EQ(offsets.error().message,
            "unknown time zone `Europe/Berln`; a similar name exists: `Europe/Berlin`");
  EXPECT_EQ(nearest_zone("Berlin"), "Europe/Berlin");
  EXPECT_FALSE(is_zone_known("../../etc/passwd"));
  EXPECT_FALSE(is_zone_known(""));
}

}  // namespace
}  // namespace sitewide
