#include "orchestrator/journal/orders.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/journal/scratch.h"

namespace sitewide {
namespace {

using OrdersTest = Scratch;

Timestamp at(std::int64_t milliseconds) { return Timestamp{Duration{milliseconds}}; }

TEST_F(OrdersTest, Posted_WaitsInOrder) {
  const Orders orders(folder_);
  const auto second = orders.post("continue", at(2000));
  const auto first = orders.post("pause", at(1000));
  const auto third = orders.post("abort", at(2000));
  ASSERT_TRUE(first && second && third);
  const auto pending = orders.pending();
  ASSERT_TRUE(pending) << pending.error().message;
  ASSERT_EQ(pending->size(), 3U);
  EXPECT_EQ((*pending)[0].text, "pause");
  EXPECT_EQ((*pending)[1].text, "continue");
  EXPECT_EQ((*pending)[2].text, "abort");
  EXPECT_EQ((*pending)[2].id, *third);
}

TEST_F(OrdersTest, Discarded_IsGone) {
  const Orders orders(folder_);
  const auto id = orders.post("pause", at(1));
  ASSERT_TRUE(id);
  EXPECT_TRUE(orders.discard(*id));
  EXPECT_TRUE(orders.discard(*id)) << "twice is no error: a resume may repeat it";
  EXPECT_TRUE(orders.pending()->empty());
}

TEST_F(OrdersTest, Answer_ReachesWhoeverPosted) {
  const Orders orders(folder_);
  const auto id = orders.post("approve", at(1));
  ASSERT_TRUE(id);
  EXPECT_FALSE(*orders.answer_to(*id));
  ASSERT_TRUE(orders.answer(*id, "refused: no such gate"));
  ASSERT_TRUE(orders.discard(*id));
  EXPECT_EQ(**orders.answer_to(*id), "refused: no such gate");
  EXPECT_TRUE(orders.discard_answer(*id));
  EXPECT_FALSE(*orders.answer_to(*id));
  EXPECT_TRUE(orders.pending()->empty());
}

TEST_F(OrdersTest, HalfWrittenAndForeignFiles_AreIgnored) {
  const Orders orders(folder_);
  spill(file(".new-1-1"), "half");
  spill(file("README"), "x");
  EXPECT_TRUE(orders.pending()->empty());
}

TEST_F(OrdersTest, UnreadableOrder_ShowsEmpty) {
  const Orders orders(folder_);
  spill(file("000000000000001-0000-1"), std::string(70'000, 'x'));
  std::filesystem::create_symlink("/etc/hostname", file("000000000000002-0000-1"));
  const auto pending = orders.pending();
  ASSERT_EQ(pending->size(), 2U);
  EXPECT_EQ((*pending)[0].text, "");
  EXPECT_EQ((*pending)[1].text, "");
  EXPECT_TRUE(orders.discard((*pending)[0].id));
}

/// It cannot be discarded, so it would be answered for ever.
TEST_F(OrdersTest, FolderInTheirPlace_IsNoOrder) {
  const Orders orders(folder_);
  std::filesystem::create_directories(file("000000000000003-0000-1"));
  EXPECT_TRUE(orders.pending()->empty());
}

TEST_F(OrdersTest, PipeInTheirPlace_HoldsNobodyUpAndIsDiscarded) {
  const Orders orders(folder_);
  ASSERT_EQ(::mkfifo(file("000000000000004-0000-1").c_str(), 0600), 0);
  const auto pending = orders.pending();
  ASSERT_EQ(pending->size(), 1U);
  EXPECT_EQ((*pending)[0].text, "");
  EXPECT_TRUE(orders.discard((*pending)[0].id));
  EXPECT_TRUE(orders.pending()->empty());
}

TEST_F(OrdersTest, HostileId_IsRefused) {
  const Orders orders(folder_);
  EXPECT_FALSE(orders.answer("../x", "y"));
  EXPECT_FALSE(orders.discard("answers/../../x"));
  EXPECT_FALSE(orders.answer_to(""));
}

TEST_F(OrdersTest, NoFolder_IsAJournalError) {
  const Orders orders(file("none"));
  EXPECT_EQ(orders.pending().error().kind, ErrorKind::journal);
  EXPECT_EQ(orders.post("x", at(1)).error().kind, ErrorKind::journal);
}

}  // namespace
}  // namespace sitewide
