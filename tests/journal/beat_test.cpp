#include "orchestrator/journal/beat.h"

#include "orchestrator/journal/lease.h"
#include "tests/journal/scratch.h"

namespace sitewide {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kThen{Duration{1'795'000'000'123}};

class Beats : public Scratch {};

TEST_F(Beats, Beat_IsReadBackToTheMillisecond) {
  spill(file("lock"), "x");
  beat(file("lock"), kThen);
  EXPECT_EQ(last_beat(file("lock")), kThen);
}

TEST_F(Beats, NoFile_IsNoBeatAndNoHarm) {
  beat(file("lock"), kThen);
  EXPECT_FALSE(last_beat(file("lock")));
}

// A resume may be refused after it has taken the lease, and then nobody has driven anything.
TEST_F(Beats, TakingTheLease_IsNoBeat) {
  { const auto first = Lease::acquire(file("lock"), "x", {"hq1", 4711, "alice", {}}); }
  beat(file("lock"), kThen);
  const auto second = Lease::acquire(file("lock"), "x", {"hq2", 4712, "bob", {}});
  ASSERT_TRUE(second);
  EXPECT_EQ(last_beat(file("lock")), kThen);
  EXPECT_EQ((**Lease::holder(file("lock"))).user, "bob");
}

TEST(Downtime, BeginsWhereTheControllerWasLastSeen) {
  const Timestamp event = kThen;
  EXPECT_EQ(downtime(event, std::nullopt, event + 22s), Duration(22s));
  EXPECT_EQ(downtime(event, event - 5s, event + 22s), Duration(22s));
  EXPECT_EQ(downtime(event, event + 20s, event + 22s), Duration(2s));
}

TEST(Downtime, BeatOfAMovedClock_CountsAsNow) {
  EXPECT_EQ(downtime(kThen, kThen + 24h, kThen + 22s), Duration{});
}

TEST(Downtime, ClockWasSetBackMeanwhile_IsNegative) {
  EXPECT_EQ(downtime(kThen + 24h, kThen, kThen), -Duration(24h));
  EXPECT_EQ(downtime(kThen + 24h, kThen + 25h, kThen), -Duration(24h))
      << "the journal's time counts";
}

}  // namespace
}  // namespace sitewide
