#include "orchestrator/core/time.h"

#include <gtest/gtest.h>

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Timestamp, WrittenAndRead_IsTheSame) {
  for (const std::string_view text :
       {"1970-01-01T00:00:00Z", "2026-11-22T23:01:02.345Z", "2028-02-29T23:59:59.001Z"}) {
    const auto at = parse_timestamp(text);
    ASSERT_TRUE(at) << text;
    EXPECT_EQ(format_timestamp(*at), text);
  }
  EXPECT_EQ(format_timestamp(Timestamp{Duration{1000}}), "1970-01-01T00:00:01Z");
  EXPECT_EQ(format_timestamp(Timestamp{Duration{-1}}), "1969-12-31T23:59:59.999Z");
}

TEST(Timestamp, OtherText_IsRefused) {
  for (const std::string_view text :
       {"", "2026-11-22", "2026-11-22T23:01:02", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
        "2026-11-22T24:00:00Z", "2026-11-22T23:60:00Z", "2026-11-22T23:01:60Z",
        "2026-11-22T23:01:02.34Z", "2026-11-22T23:01:02Z ", "2026-11-22 23:01:02Z",
        "+026-11-22T23:01:02Z", "2026-11-22T23:01:02+01:00"}) {
    EXPECT_FALSE(parse_timestamp(text)) << text;
  }
}

TEST(Duration, PlanLanguage_RoundTrips) {
  for (const std::string_view text :
       {"0s", "250ms", "1500ms", "30s", "90s", "10m", "90m", "24h", "36h", "5d", "14d"}) {
    const auto duration = parse_duration(text);
    ASSERT_TRUE(duration) << text;
    EXPECT_EQ(format_duration(*duration), text);
  }
  EXPECT_EQ(format_duration(seconds(60)), "1m");
  EXPECT_EQ(parse_duration("1d"), hours(24));
}

TEST(Duration, OtherText_IsRefused) {
  for (const std::string_view text : {"", "10", "m", "-5m", "+5m", "1.5h", "5 m", "5M", "5m ",
                                      "1h5m", "99999999999999999999s", "9999999999999d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, Described_NamesTheTwoLargestUnits) {
  EXPECT_EQ(describe_duration(Duration{0}), "0s");
  EXPECT_EQ(describe_duration(Duration{12}), "12ms");
  EXPECT_EQ(describe_duration(Duration{41'250}), "41s");
  EXPECT_EQ(describe_duration(hours(2) + minutes(5) + seconds(3)), "2h 5m");
  EXPECT_EQ(describe_duration(hours(2) + seconds(3)), "2h");
  EXPECT_EQ(describe_duration(hours(76) + minutes(1)), "3d 4h");
  EXPECT_EQ(describe_duration(-minutes(3)), "-3m");
}

}  // namespace
}  // namespace sitewide
