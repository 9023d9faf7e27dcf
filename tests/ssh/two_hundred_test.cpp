// One sshd plays 200 machines: twelve Windows ones of a lab, by Upgrade.bat through Wine's cmd, and
// Linux ones by a command. The controller is killed; the machines lose their power.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/ssh/far_world.h"

namespace sitewide::test {
namespace {

using testing::_;
using testing::AnyOf;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

constexpr int kWindows = 12;
constexpr int kLinux = 188;

std::string windows_group(const std::string& more) {
  return "  - name: windows\n    select: platform\n    transport: windows\n    method: "
         "upgrade_bat\n"
         "    strict: false\n" +
         more;
}

std::string linux_group(const FarWorld& world, const std::string& more) {
  return "  - name: linux\n    select: kind=linux\n" + world.upgrade() + more;
}

class TwoHundred : public testing::Test {
 protected:
  void SetUp() override {
    SITEWIDE_NEEDS_WINDOWS();
    world_ = std::make_unique<FarWorld>();
    world_->add_lab({"--clients", std::to_string(kWindows), "--story", "quiet", "--logon-every",
                     log_on_every()});
    world_->add_linux(kLinux);
    world_->server().start();
  }
  virtual std::string log_on_every() const { return "2.5"; }
  FarWorld& world() { return *world_; }
  SshServer& server() { return world_->server(); }

 private:
  std::unique_ptr<FarWorld> world_;
};

TEST_F(TwoHundred, ControllerKilled_ResumeFinishesAndNothingIsDoneTwice) {
  world().write_plan(windows_group("    converge: {within: 90s, poll: 1s}\n") +
                     linux_group(world(), "    in_flight: 24\n"));
  world().lab().play();
  Program run(world().argv({"run", "--yes", "--json", world().plan()}));
  ASSERT_TRUE(wait_for_settled(run, "upgraded", 40)) << run.finish().err;
  run.signal(SIGKILL);
  ASSERT_EQ(run.finish().exit_code, 128 + SIGKILL);
  const Finished end = world().run({"resume", "latest"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  const EventLog log = world().log();
  EXPECT_THAT(log.client_states(), SizeIs(kWindows + kLinux));
  EXPECT_THAT(log.client_states(), Each(Pair(_, "upgraded")));
  EXPECT_THAT(log.triggered_twice(), IsEmpty());
  for (const std::string& name : world().linux_clients())
    EXPECT_EQ(world().upgrades(name), 1U) << name;
  EXPECT_EQ(world().run({"audit", "latest"}).exit_code, 0);
  EXPECT_TRUE(holds([&] { return server().sessions().empty(); }));
}

class TwoHundredAtNight : public TwoHundred {
 protected:
  std::string log_on_every() const override { return "600"; }
};

// Nobody logs on to the Windows clients, so that they converge for ever; four Linux ones are in the
// middle of it, and the others wait for a gate that opens when the power is gone.
TEST_F(TwoHundredAtNight, PowerLost_TriggeredClientsAreLostAndWaitingOnesLate) {
  const std::string busy = "(pc0001, pc0002, pc0003, pc0004)";
  const std::string impatient =
      "    retry_late: 2s\n    give_up_late: 6s\n    attempts: 1\n    on_failure: leave\n"
      "    tolerate: {failed: 100%, late: 100%}\n";
  const std::filesystem::path dark = world().plan().parent_path() / "dark";
  const std::string gate =
      "    before: [{check: {timeout: 4m, run: [sh, -c, 'until test -e \"$0\"; do sleep 0.1; "
      "done', " +
      dark.string() + "]}}]\n";
  const auto linux_named = [&](const std::string& name, const std::string& which) {
    return "  - name: " + name + "\n    select: kind=linux, name " + which + " " + busy + "\n" +
           world().upgrade() + impatient;
  };
  world().write_plan(
      windows_group("    converge: {within: 4m, poll: 1s}\n    lost_after: 20s\n" + impatient) +
          linux_named("busy", "in") + linux_named("waiting", "notin") + gate,
      "echo begun >>\"$HOME/begun\"\nsleep 60\necho line >>\"$HOME/done\"\n");
  world().lab().play();
  Program run(world().argv({"run", "--yes", "--json", world().plan()}));
  for (int i = 0; i < kWindows; ++i)
    ASSERT_TRUE(run.wait_for("\"step\":\"converge\",\"attempt\":1"))
        << testing::PrintToString(run.finish().out.substr(0, 3000));
  for (int i = 1; i <= 4; ++i) {
    const auto begun = server().client("pc000" + std::to_string(i)).drive / "begun";
    ASSERT_TRUE(holds([&] { return std::filesystem::exists(begun); })) << begun;
  }
  server().stop();
  write_file(dark, "");
  ASSERT_TRUE(wait_for_settled(run, "lost", kWindows)) << run.finish().err;
  server().start();
  const Finished end = run.finish();
  EXPECT_EQ(end.exit_code, 11) << end.err;
  std::map<std::string, int> windows, in_the_middle, waiting;  // states and how many have them
  for (const auto& [subject, state] : world().log().client_states()) {
    const std::string name = subject.substr(subject.find('/') + 1);
    if (!world().is_linux(name)) {
      ++windows[state];
      continue;
    }
    ++(busy.find(name) != std::string::npos ? in_the_middle : waiting)[state];
    EXPECT_EQ(world().upgrades(name), 0U) << name;
  }
  EXPECT_THAT(windows, ElementsAre(Pair("lost", kWindows))) << end.err;
  EXPECT_THAT(in_the_middle, ElementsAre(Pair("failed", 4))) << end.err;
  EXPECT_THAT(waiting, ElementsAre(Pair("late", kLinux - 4))) << end.err;
}

// What was cut off in the middle failed, as the records on the clients say, once and for all.
TEST(PowerLostAndBack, LateClientsAreUpgradedAndThoseCutOffFailed) {
  SITEWIDE_NEEDS_SSHD();
  constexpr int kInFlight = 8;
  FarWorld world;
  world.add_linux(100);
  world.server().start();
  world.write_plan(linux_group(
      world, "    in_flight: " + std::to_string(kInFlight) + "\n    tolerate: {failed: " +
                 std::to_string(kInFlight) + ", late: 100%}\n    attempts: 1\n" +
                 "    on_failure: leave\n    retry_late: 2s\n    give_up_late: 60s\n"));
  Program run(world.argv({"run", "--yes", "--json", world.plan()}));
  ASSERT_TRUE(wait_for_settled(run, "upgraded", 20)) << run.finish().err;
  world.server().stop();
  ASSERT_TRUE(wait_for_settled(run, "late", 20)) << run.finish().err;
  world.server().start();
  const Finished end = run.finish();
  EXPECT_THAT(end.exit_code, AnyOf(0, 10)) << end.err;
  int failed = 0;
  for (const auto& [subject, state] : world.log().client_states()) {
    const std::size_t upgrades = world.upgrades(subject.substr(subject.find('/') + 1));
    EXPECT_THAT(state, AnyOf("upgraded", "failed")) << subject;
    EXPECT_LE(upgrades, 1U) << subject;
    // One that failed may have been cut off between its last line and its record.
    if (state == "upgraded") {
      EXPECT_EQ(upgrades, 1U) << subject;
    } else {
      ++failed;
    }
  }
  EXPECT_LE(failed, kInFlight);
}

}  // namespace
}  // namespace sitewide::test
