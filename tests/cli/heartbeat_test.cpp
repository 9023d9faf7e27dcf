// Downtime is the time without a controller, not the time without events.
#include "orchestrator/cli/heartbeat.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <thread>

#include "orchestrator/journal/beat.h"
#include "tests/cli/command_world.h"
#include "tests/support/event_log.h"

namespace sitewide::test {
namespace {

using namespace std::chrono_literals;

TEST(Heartbeat, LoopThatRuns_BeatsWithItsOwnTime) {
  const CommandWorld world;
  const auto lock = world.root() / "lock";
  write_file(lock, "x");
  AsioLoop loop;
  beat(lock, Timestamp{});
  const Timestamp before = loop.now();
  const Heartbeat heartbeat(loop, lock, 5ms);
  for (int turn = 0; turn < 1000 && last_beat(lock) == Timestamp{}; ++turn)
    loop.wait(loop.now() + 50ms);
  EXPECT_GE(*last_beat(lock), before);
  EXPECT_LE(*last_beat(lock), loop.now());
  const Timestamp first = *last_beat(lock);
  for (int turn = 0; turn < 1000 && last_beat(lock) == first; ++turn) loop.wait(loop.now() + 50ms);
  EXPECT_GT(*last_beat(lock), first) << "it beats again";
}

/// A rollout whose controller waits for an hour and says nothing.
class Downtime : public testing::Test {
 protected:
  void run_until_quiet() {
    run_ = std::make_unique<Program>(world_.argv({"run", "--yes", "--json", world_.plan()}));
    ASSERT_TRUE(run_->wait_for("gate_opened")) << run_->out();
  }
  void kill_it() {
    run_->signal(SIGKILL);
    run_->finish();
    std::this_thread::sleep_for(50ms);  // more than nothing
  }
  /// What the resumed controller says that nobody was there, in milliseconds.
  std::int64_t idle_on_resume() {
    Program resume(world_.argv({"resume", "latest", "--json"}));
    EXPECT_TRUE(resume.wait_for("\"type\":\"controller_started\"")) << resume.out();
    EXPECT_TRUE(resume.wait_for("\n"));
    resume.signal(SIGKILL);
    const EventLog log(resume.finish().out);
    const auto& started = log.events().at(log.find("controller_started"));
    const auto* idle = started.detail.if_contains("idle_ms");
    return idle == nullptr ? 0 : idle->to_number<std::int64_t>();
  }
  std::filesystem::path lock() const { return world_.state() / "here-1" / "lock"; }
  static Timestamp now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

  CommandWorld world_{"[touch, \"{client.root}/done\"]", "    after_wave: [{soak: 1h}]\n"};
  std::unique_ptr<Program> run_;
};

TEST_F(Downtime, ControllerThatLivedOnQuietly_WasNotAway) {
  run_until_quiet();
  kill_it();
  beat(lock(), now() + 1h);  // seen alive to the last, and beyond
  EXPECT_EQ(idle_on_resume(), 0);
}

TEST_F(Downtime, ControllerThatWasNotSeenAgain_WasAwaySinceItsLastEvent) {
  run_until_quiet();
  beat(lock(), now() - 1h);
  kill_it();
  EXPECT_GE(idle_on_resume(), 50);
}

TEST_F(Downtime, ControllerThatWaits_IsSeenAlive) {
  run_until_quiet();
  beat(lock(), now() - 1h);
  const Timestamp before = now() - 30min;
  for (int look = 0; look < 1200 && last_beat(lock()) < before; ++look)
    std::this_thread::sleep_for(50ms);
  EXPECT_GT(*last_beat(lock()), before);
}

}  // namespace
}  // namespace sitewide::test
