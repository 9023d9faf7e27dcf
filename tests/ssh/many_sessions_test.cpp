// 2,000 clients through one controller: what it holds open, how much memory it takes, and what is
// left when it is told to go.
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

#include "tests/ssh/far_world.h"

namespace sitewide::test {
namespace {

constexpr int kInFlight = 64;

std::size_t descriptors_of(pid_t pid) {
  std::size_t count = 0;
  const std::filesystem::path folder = "/proc/" + std::to_string(pid) + "/fd";
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

long resident_kilobytes(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  return -1;
}

std::string group(const FarWorld& world, const std::string& more, bool repeatable = false) {
  return "  - name: linux\n    select: kind=linux\n" + world.upgrade(repeatable) +
         "    in_flight: " + std::to_string(kInFlight) + "\n" + more;
}

class ManySessions : public testing::Test {
 protected:
  void SetUp() override {
    SITEWIDE_NEEDS_SSHD();
    world_ = std::make_unique<FarWorld>();
  }
  FarWorld& world() { return *world_; }
  SshServer& server() { return world_->server(); }
  /// Processes of sshd itself, one a connection; what clients run is not among them.
  std::vector<pid_t> connections() {
    std::vector<pid_t> found;
    for (const pid_t pid : server().sessions()) {
      std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
      std::string name;
      if (std::getline(file, name) && name == "sshd") found.push_back(pid);
    }
    return found;
  }

 private:
  std::unique_ptr<FarWorld> world_;
};

// Connections are kept for a while for the next step of their client: no more than so many, each
// with a few descriptors.
constexpr std::size_t kKept = 128;
constexpr std::size_t kDescriptorsEach = 4;

TEST_F(ManySessions, TwoThousandClients_NoDescriptorLeaksAndMemoryStaysFlat) {
  constexpr int kClients = 2000;
  world().add_linux(kClients);
  server().start();
  // The soak is when nothing runs any more and the controller is still there.
  world().write_plan(group(world(), "    after_wave: [{soak: 5s}]\n", true), "exit 0\n");
  Program run(world().argv({"run", "--yes", "--json", world().plan()}));
  ASSERT_TRUE(run.wait_for("controller_started")) << run.finish().err;
  const std::size_t idle = descriptors_of(run.pid());
  ASSERT_TRUE(wait_for_settled(run, "upgraded", 500)) << run.finish().err;
  const long memory_at_500 = resident_kilobytes(run.pid());
  EXPECT_LT(descriptors_of(run.pid()), idle + kDescriptorsEach * (kKept + kInFlight));
  ASSERT_TRUE(wait_for_settled(run, "upgraded", kClients - 500)) << run.finish().err;
  EXPECT_LT(resident_kilobytes(run.pid()) - memory_at_500, 6 * 1024)
      << memory_at_500 << " KB at 500 clients";
  EXPECT_LE(connections().size(), kKept);
  EXPECT_LE(descriptors_of(run.pid()), idle + kDescriptorsEach * connections().size() + 8)
      << "with " << connections().size() << " connections, " << idle << " at the start";
  EXPECT_EQ(run.finish().exit_code, 0);
  EXPECT_TRUE(holds([&] { return server().sessions().empty(); }));
}

TEST_F(ManySessions, CtrlC_WhatRunsEndsAndNoConnectionIsLeft) {
  world().add_linux(kInFlight);
  server().start();
  world().write_plan(group(world(), ""), "echo line >> \"$HOME/begun\"; sleep 3\n");
  Program run(world().argv({"run", "--yes", "--json", world().plan()}));
  ASSERT_TRUE(holds([&] { return connections().size() >= kInFlight; }));
  run.signal(SIGINT);
  const Finished end = run.finish();
  EXPECT_EQ(end.exit_code, 130) << end.err;
  EXPECT_TRUE(holds([&] { return server().sessions().empty(); }));
  const EventLog log = world().log();
  EXPECT_EQ(log.count("step_started", {}, "upgrade"), log.count("step_finished", {}, "upgrade"));
}

TEST_F(ManySessions, CtrlCTwice_NoConnectionIsLeft) {
  world().add_linux(kInFlight);
  server().start();
  world().write_plan(group(world(), ""), "sleep 600\n");
  Program run(world().argv({"run", "--yes", "--json", world().plan()}));
  ASSERT_TRUE(holds([&] { return connections().size() >= kInFlight; }));
  run.signal(SIGINT);
  ASSERT_TRUE(run.wait_for("controller_stopping"));
  run.signal(SIGINT);
  EXPECT_EQ(run.finish(std::chrono::seconds(20)).exit_code, 130);
  EXPECT_TRUE(holds([&] { return connections().empty(); }, std::chrono::seconds(5)));
}

}  // namespace
}  // namespace sitewide::test
