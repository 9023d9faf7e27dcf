// Orders that lie in a rollout's folder when a rollback comes: what was given before it comes
// first, and what came too late for the rollout's end never hits it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "orchestrator/cli/post_order.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/journal/orders.h"
#include "tests/cli/command_world.h"
#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kRestore = "      restore: [rm, -f, \"{client.root}/done\"]\n";

/// All its clients are upgraded, and its group waits for an approval that nobody gives; its
/// controller was killed.
class UpgradedAndKilled : public CommandWorld {
 public:
  UpgradedAndKilled()
      : CommandWorld("[touch, \"{client.root}/done\"]",
                     std::string(kRestore) + "    after_wave: [{approval: board}]\n") {
    Program run(argv({"run", "--yes", plan()}));
    EXPECT_TRUE(run.wait_for("waits for approval board"));
    run.signal(SIGKILL);
    run.finish();
  }
};

std::vector<std::string> orders_in(const CommandWorld& world) {
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(world.state() / "here-1/orders")) {
    if (!entry.is_directory()) left.push_back(entry.path().filename());
  }
  return left;
}

Order an_abort() { return {"abort", "", "drain", 0, {"ann", "desk", "too late"}}; }

void leave(const CommandWorld& world, const Order& order) {
  const Orders orders(world.state() / "here-1/orders");
  ASSERT_TRUE(orders.post(encode_order(order), wall_clock()));
}

TEST(OrdersBeforeARollback, AbortWaits_ComesFirstAndTheRollbackIsRefusedUntilThen) {
  const UpgradedAndKilled world;
  ASSERT_EQ(world.run({"abort", "latest"}).exit_code, 0);
  const Finished refused = world.run({"rollback", "latest", "--yes"});
  EXPECT_EQ(refused.exit_code, 4) << refused.out << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("(abort by "));
  EXPECT_THAT(refused.err, HasSubstr("`sitewide resume here-1`"));
  EXPECT_FALSE(world.untouched());
  EXPECT_EQ(world.run({"resume", "latest"}).exit_code, 12);
  const Finished back = world.run({"rollback", "latest", "--yes"});
  EXPECT_EQ(back.exit_code, 0) << back.out << back.err;
  EXPECT_TRUE(world.untouched());
}

TEST(OrdersBeforeARollback, OneThatDoesNotCutItShort_IsTakenWithIt) {
  const UpgradedAndKilled world;
  ASSERT_EQ(world.run({"approve", "latest", "all/1", "board"}).exit_code, 0);
  const Finished back = world.run({"rollback", "latest", "--yes"});
  EXPECT_EQ(back.exit_code, 0) << back.out << back.err;
  EXPECT_TRUE(world.untouched());
  const std::string log = world.run({"log", "latest"}).out;
  EXPECT_LT(log.find("approval board given"), log.find("rollback of"));
  EXPECT_THAT(orders_in(world), testing::IsEmpty());
}

class Completed : public CommandWorld {
 public:
  Completed() : CommandWorld("[touch, \"{client.root}/done\"]", kRestore) {
    EXPECT_EQ(run({"run", "--yes", plan()}).exit_code, 0);
  }
};

TEST(OrderThatCameTooLate, Rollback_RefusesItOnRecordAndPutsEverythingBack) {
  const Completed world;
  leave(world, an_abort());
  const Finished back = world.run({"rollback", "latest", "--yes"});
  EXPECT_EQ(back.exit_code, 0) << back.out << back.err;
  EXPECT_TRUE(world.untouched());
  EXPECT_THAT(world.run({"log", "latest"}).out,
              HasSubstr("order abort refused: the rollout has ended"));
  EXPECT_EQ(world.run({"audit", "latest"}).exit_code, 0);
}

TEST(OrderThatCameTooLate, Resume_RefusesItOnRecord) {
  const Completed world;
  leave(world, an_abort());
  EXPECT_EQ(world.run({"resume", "here-1"}).exit_code, 0);
  EXPECT_THAT(orders_in(world), testing::IsEmpty());
  EXPECT_THAT(world.run({"log", "latest"}).out,
              HasSubstr("order abort refused: the rollout has ended"));
}

// Whoever gave it looked before the rollout ended, and its controller went before it looked.
TEST(OrderThatCameTooLate, WhoGivesIt_IsToldThatTheRolloutHasEnded) {
  const Completed world;
  const StateDirectory state(world.state());
  const auto directory = state.find("here-1");
  ASSERT_TRUE(directory);
  const auto told = post_order(*directory, an_abort(), Console(Options()));
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().kind, ErrorKind::refused);
  EXPECT_THAT(told.error().message, HasSubstr("the rollout has ended: completed"));
  EXPECT_THAT(orders_in(world), testing::IsEmpty());
  EXPECT_THAT(world.run({"log", "latest"}).out, HasSubstr("order abort refused"));
}

TEST(Rollback, ThatNobodyDrivesAnyMore_SaysWhatGoesOnWithIt) {
  const CommandWorld world("[touch, \"{client.root}/done\"]",
                           "      restore: " + CommandWorld::held("rm -f \"$0/done\"") + "\n");
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  Program back(world.argv({"rollback", "--json", "latest", "--yes"}));
  ASSERT_TRUE(back.wait_for("restore starts"));
  back.signal(SIGKILL);
  back.finish();
  const Finished again = world.run({"rollback", "latest", "--yes"});
  world.let_go();
  EXPECT_EQ(again.exit_code, 4) << again.out;
  EXPECT_THAT(again.err, HasSubstr("sitewide resume here-1"));
}

/// A group and a client of one name; another client is in that group.
TEST(RollbackOfAClient, ThatHasItsNameFromAGroupToo_LeavesTheGroup) {
  const CommandWorld world("[touch, \"{client.root}/done\"]", kRestore);
  std::string text = read_file(world.plan());
  text.replace(text.find("name: all"), 9, "name: pc01");
  text.replace(text.find("select: name\n"), 13, "select: name=pc02\n");
  std::string rest = text.substr(text.find("  - name: pc01"));
  rest.replace(rest.find("name: pc01"), 10, "name: rest");
  rest.replace(rest.find("select: name=pc02\n"), 18, "select: name!=pc02\n");
  write_file(world.plan(), text + rest);
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  const Finished either = world.run({"why", "latest", "pc01"});
  EXPECT_EQ(either.exit_code, 4) << either.out;
  EXPECT_THAT(either.err, HasSubstr("say `client/pc01` or `group/pc01`"));
  EXPECT_EQ(world.run({"rollback", "latest", "--client", "pc01", "--yes"}).exit_code, 11);
  EXPECT_FALSE(std::filesystem::exists(world.client(1) / "done"));
  EXPECT_TRUE(std::filesystem::exists(world.client(2) / "done"));
  EXPECT_EQ(world.run({"rollback", "latest", "--group", "pc01", "--yes"}).exit_code, 11);
  EXPECT_FALSE(std::filesystem::exists(world.client(2) / "done"));
  EXPECT_TRUE(std::filesystem::exists(world.client(3) / "done"));
}

}  // namespace
}  // namespace sitewide::test
