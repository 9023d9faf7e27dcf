// An order survives the death of its controller, and of whoever gives it: killed at each point
// between the order's file, the journal, the answer and the removal of the file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <sstream>

#include "tests/cli/command_world.h"
#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kKilled = 128 + SIGKILL;
constexpr const char* kWaits = "waits for approval board";

/// Its clients may be tried again: a controller that dies as it starts them leaves some that never
/// began.
class WaitingForApproval : public CommandWorld {
 public:
  WaitingForApproval()
      : CommandWorld("[touch, \"{client.root}/done\"]", "    before: [{approval: board}]\n") {
    std::string text = read_file(plan());
    const std::string once = "    attempts: 1\n";
    write_file(plan(), text.replace(text.find(once), once.size(), ""));
  }
};

std::size_t times(const std::string& text, const std::string& words) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(words, at)) != std::string::npos; at += words.size())
    ++count;
  return count;
}

Finished approve(const CommandWorld& world, std::map<std::string, std::string> environment = {}) {
  return Program(world.argv({"approve", "here-1", "all", "board"}), std::move(environment))
      .finish(std::chrono::seconds(60));
}

/// How often the journal was committed when the rollout began to wait.
std::size_t commits_before_the_order() {
  const WaitingForApproval world;
  const std::filesystem::path log = world.root() / "calls";
  auto environment = crash_at("");
  environment.erase("SITEWIDE_CRASH");
  environment["SITEWIDE_CRASH_LOG"] = log;
  Program run(world.argv({"run", "--yes", world.plan()}), environment);
  EXPECT_TRUE(run.wait_for(kWaits));
  std::size_t commits = 0;
  std::istringstream calls(read_file(log));
  for (std::string line; std::getline(calls, line);)
    commits += line.starts_with("sync\t") && line.ends_with("/journal.db-wal") ? 1 : 0;
  run.signal(SIGTERM);
  run.finish();
  return commits;
}

void given_once_and_carried_out(const CommandWorld& world) {
  const std::string log = world.run({"log", "here-1"}).out;
  EXPECT_EQ(times(log, "approval board given"), 1U) << log;
  EXPECT_TRUE(std::filesystem::exists(world.client(6) / "done"));
  for (const auto& entry : std::filesystem::directory_iterator(world.state() / "here-1/orders"))
    EXPECT_TRUE(entry.is_directory()) << entry.path() << " is left";
  EXPECT_EQ(world.run({"audit", "here-1"}).exit_code, 0);
}

class OrderAndCrash : public testing::TestWithParam<std::pair<const char*, std::string>> {};

TEST_P(OrderAndCrash, OfItsController_TheResumeCarriesItOutOnce) {
  std::string where = GetParam().second;
  if (const std::size_t number = where.find("NUMBER"); number != std::string::npos)
    where.replace(number, 6, std::to_string(commits_before_the_order() + 1));
  const WaitingForApproval world;
  Program run(world.argv({"run", "--yes", world.plan()}), crash_at(where));
  ASSERT_TRUE(run.wait_for(kWaits));
  const Finished order = approve(world);
  EXPECT_EQ(order.exit_code, 0) << order.out << order.err;
  ASSERT_EQ(run.finish().exit_code, kKilled) << "never came to " << where;
  const Finished resume = world.run({"resume", "here-1"});
  EXPECT_EQ(resume.exit_code, 0) << resume.out << resume.err;
  given_once_and_carried_out(world);
}

INSTANTIATE_TEST_SUITE_P(
    At, OrderAndCrash,
    testing::Values(std::pair("BeforeTheCommit", "sync:before:NUMBER:*/journal.db-wal"),
                    std::pair("AfterTheCommit", "sync:after:NUMBER:*/journal.db-wal"),
                    std::pair("BeforeTheAnswer", "rename:before:1:*/orders/answers/*"),
                    std::pair("AfterTheAnswer", "rename:after:1:*/orders/answers/*"),
                    std::pair("BeforeTheFileGoes", "unlink:before:1:*/orders/0*"),
                    std::pair("AfterTheFileWent", "unlink:after:1:*/orders/0*")),
    [](const auto& point) { return std::string(point.param.first); });

TEST(OrderAndCrashOfItsGiver, BeforeTheFileIsThere_NothingWasOrdered) {
  const WaitingForApproval world;
  Program run(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(run.wait_for(kWaits));
  EXPECT_EQ(approve(world, crash_at("link:before:1:*/orders/0*")).exit_code, kKilled);
  EXPECT_THAT(world.run({"log", "here-1"}).out, Not(HasSubstr("approval board given")));
  EXPECT_EQ(approve(world).exit_code, 0);
  EXPECT_EQ(run.finish().exit_code, 0);
}

TEST(OrderAndCrashOfItsGiver, OnceTheFileIsThere_ItIsCarriedOut) {
  const WaitingForApproval world;
  Program run(world.argv({"run", "--yes", world.plan()}));
  ASSERT_TRUE(run.wait_for(kWaits));
  EXPECT_EQ(approve(world, crash_at("link:after:1:*/orders/0*")).exit_code, kKilled);
  EXPECT_EQ(run.finish().exit_code, 0);
  const std::string log = world.run({"log", "here-1"}).out;
  EXPECT_EQ(times(log, "approval board given"), 1U) << log;
}

}  // namespace
}  // namespace sitewide::test
