// Orders to a rollout that nobody drives: the column `interrupted` of the table in
// orchestrator/README.md, with the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>
#include <thread>

#include "orchestrator/cli/post_order.h"
#include "tests/cli/command_world.h"
#include "tests/support/lab_check.h"
#include "tests/support/order_table.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;

constexpr const char* kRestore = "      restore: [rm, -f, \"{client.root}/begun\"]\n";

/// A rollout whose controller was killed while the first of its clients were being upgraded.
class Interrupted {
 public:
  Interrupted() : world_(CommandWorld::slow(), std::string(kRestore) + "    in_flight: 2\n") {
    Program run(world_.argv({"run", "--yes", world_.plan()}));
    EXPECT_TRUE(run.wait_for("wave 1 of 1 starts"));
    const auto begun = [&] { return std::filesystem::exists(world_.client(2) / "begun"); };
    for (int i = 0; i < 500 && !begun(); ++i) std::this_thread::sleep_for(kLook);
    run.signal(SIGKILL);
    run.finish();
  }
  const CommandWorld& world() const { return world_; }
  Finished give(const OrderRow& row) const {
    std::vector<std::string> arguments{std::string(row.verb), "latest"};
    const std::string_view words = row.words;
    if (words == "approve GROUP NAME") arguments.insert(arguments.end(), {"all", "board"});
    if (words == "skip GROUP") arguments.emplace_back("all");
    if (words == "skip CLIENT") arguments.emplace_back("pc06");
    if (words.starts_with("rollback")) arguments.emplace_back("--yes");
    if (words == "rollback --group GROUP") arguments.insert(arguments.end(), {"--group", "all"});
    if (words == "rollback --client CLIENT")
      arguments.insert(arguments.end(), {"--client", "pc01"});
    if (row.verb == "abort")
      arguments.insert(arguments.end(), {"--policy", std::string(row.approval_or_policy)});
    return world_.run(arguments);
  }

 private:
  static constexpr auto kLook = std::chrono::milliseconds(20);
  CommandWorld world_;
};

class OrderTable : public testing::TestWithParam<const OrderRow*> {};

TEST_P(OrderTable, OrderToAnInterruptedRollout) {
  const OrderRow& row = *GetParam();
  const std::string_view cell = row.cells[static_cast<std::size_t>(Situation::interrupted)];
  const Unattended expected = cell == "waits"     ? Unattended::waits
                              : cell == "resumes" ? Unattended::resumes
                                                  : Unattended::refused;
  EXPECT_EQ(when_unattended(row.verb), expected);
}

std::vector<const OrderRow*> all_rows() {
  std::vector<const OrderRow*> rows;
  for (const OrderRow& row : kOrderTable) rows.push_back(&row);
  return rows;
}

INSTANTIATE_TEST_SUITE_P(Is, OrderTable, testing::ValuesIn(all_rows()), [](const auto& row) {
  return std::string(row.param->name) + "_interrupted";
});

const OrderRow& row_named(std::string_view name) {
  for (const OrderRow& row : kOrderTable) {
    if (row.name == name) return row;
  }
  throw std::runtime_error("no such row");
}

TEST(OrderToAnInterruptedRollout, ThatWaits_IsTakenByTheResume) {
  const Interrupted rollout;
  const Finished skip = rollout.give(row_named("SkipClient"));
  EXPECT_EQ(skip.exit_code, 0) << skip.err;
  EXPECT_THAT(skip.out, HasSubstr("sitewide resume"));
  EXPECT_EQ(rollout.give(row_named("AbortCancel")).exit_code, 0);
  const Finished resume = rollout.world().run({"resume", "latest"});
  EXPECT_EQ(resume.exit_code, 12) << resume.out << resume.err;
  const std::string log = rollout.world().run({"log", "latest"}).out;
  EXPECT_THAT(log, HasSubstr("pc06 is skipped"));
  EXPECT_THAT(log, HasSubstr("aborted"));
  EXPECT_FALSE(std::filesystem::exists(rollout.world().client(6) / "begun"));
}

TEST(OrderToAnInterruptedRollout, Continue_IsRefusedAndNamesWhatGoesOn) {
  const Interrupted rollout;
  const Finished again = rollout.give(row_named("Continue"));
  EXPECT_EQ(again.exit_code, 4);
  EXPECT_THAT(again.err, HasSubstr("`sitewide resume here-1`"));
}

TEST(InterruptedRollout, WhyAndStatus_SayWhatItWasAtAndWhoFindsOut) {
  const Interrupted rollout;
  const Finished why = rollout.world().run({"why", "latest"});
  EXPECT_THAT(why.out, HasSubstr("it was at upgrade of pc01, upgrade of pc02"));
  EXPECT_THAT(why.out, HasSubstr("sitewide resume here-1"));
  EXPECT_THAT(rollout.world().run({"why", "latest", "pc01"}).out,
              HasSubstr("upgrade was under way when the controller went: nobody knows what became "
                        "of it; `sitewide resume here-1` looks, and goes on"));
  EXPECT_EQ(rollout.world().run({"status", "--wait", "latest"}).exit_code, 130)
      << "nobody drives it, so there is nothing to wait for";
}

TEST(OrderToAnInterruptedRollout, Rollback_StartsAControllerThatPutsBack) {
  const Interrupted rollout;
  // What the dead controller left behind ends by itself.
  while (!survivors(rollout.world().root()).empty()) continue;
  const Finished back = rollout.give(row_named("Rollback"));
  EXPECT_EQ(back.exit_code, 0) << back.out << back.err;
  EXPECT_TRUE(rollout.world().untouched());
}

}  // namespace
}  // namespace sitewide::test
