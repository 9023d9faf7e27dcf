// A rollout of some days in two minutes: two approvals, a soak, a window that opens while it is
// waited for, a client that is off at first, and a controller that is killed twice; everything is
// ordered from a second terminal.
#include <gmock/gmock.h>
#include <signal.h>

#include "orchestrator/core/time.h"
#include "tests/terminal/terminal_world.h"

namespace sitewide::test {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

/// `HH:MM` of the full minute between 60 and 120 seconds from now, in UTC.
std::string next_opening() {
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  return format_timestamp(std::chrono::floor<std::chrono::minutes>(now + seconds(120)))
      .substr(11, 5);
}

/// The rollout that is to be driven: pc01 and pc02 first, then the others within a window.
class LongRollout : public TerminalWorld {
 public:
  LongRollout() {
    std::string plan = read_file(this->plan());
    const std::string group = plan.substr(plan.find("  - name: all"));
    plan.resize(plan.find("  - name: all"));
    plan += with(group, "pilot", "name in (pc01,pc02)",
                 "    before: [{approval: change-board}]\n"
                 "    after_wave: [{soak: 8s}]\n");
    plan += with(group, "rest", "name notin (pc01,pc02)",
                 "    after: [pilot]\n"
                 "    before: [{approval: go-live}]\n"
                 "    windows: [{start: \"" +
                     next_opening() +
                     "\", for: 1h, zone: UTC}]\n"
                     "    tolerate: {late: 1}\n"
                     "    retry_late: 5s\n");
    write_file(this->plan(), plan);
    std::filesystem::remove_all(client(5));  // it is off
  }

 private:
  static std::string with(std::string group, const std::string& name, const std::string& select,
                          const std::string& more) {
    group.replace(group.find("name: all"), 9, "name: " + name);
    group.replace(group.find("select: name\n"), 13, "select: " + select + "\n");
    return group + more;
  }
};

pid_t controller_of(const TerminalWorld& world) {
  const std::string list = world.run({"list"}).out;
  const std::size_t at = list.find("(pid ");
  return at == std::string::npos ? -1 : std::atoi(list.c_str() + at + 5);
}

TEST(LongRollout, DrivenFromASecondTerminalAndKilledTwice_EndsWithEverybodyUpgraded) {
  if (!Tmux::is_there()) GTEST_SKIP() << "tmux is not installed";
  const LongRollout world;
  Tmux first(100, 30, world.environment());
  Tmux second(100, 30, world.environment());
  const auto kill_and_resume = [&] {
    const pid_t controller = controller_of(world);
    ASSERT_GT(controller, 1);
    kill(controller, SIGKILL);
    ASSERT_TRUE(first.shows("was ended by signal 9")) << first.text();
    EXPECT_TRUE(second.shows("no controller drives it")) << second.text();
    world.let_go();
    for (Tmux* screen : {&first, &second}) screen->command("clear; sleep 1");
    first.command(world.typed("resume here-1"));
    ASSERT_TRUE(first.shows("q leave")) << first.text();
    second.command(world.typed("watch here-1"));
    ASSERT_TRUE(second.shows("q leave")) << second.text();
  };
  first.command(world.typed_run());
  ASSERT_TRUE(first.shows("awaiting approval")) << first.text();
  second.command(world.typed("watch here-1"));
  ASSERT_TRUE(second.shows("a approve")) << second.text();
  second.type("a");
  ASSERT_TRUE(second.shows("approve change-board, before pilot starts?")) << second.text();
  second.type("y");
  ASSERT_TRUE(first.shows("2 at work")) << first.text();

  ASSERT_NO_FATAL_FAILURE(kill_and_resume());
  EXPECT_TRUE(second.shows("soaks after wave 1 of 1")) << second.text();

  ASSERT_TRUE(second.shows("a approve")) << second.text();
  second.type("a");
  ASSERT_TRUE(second.shows("approve go-live, before rest starts?")) << second.text();
  second.type("y");
  ASSERT_TRUE(first.shows("window")) << first.text();
  EXPECT_THAT(world.status(), HasSubstr("2 of 6"));

  ASSERT_NO_FATAL_FAILURE(kill_and_resume());
  ASSERT_TRUE(second.shows("pc05  late", seconds(150))) << second.text();
  EXPECT_TRUE(second.shows("5 of 6 clients on target")) << second.text();
  second.type("f");
  EXPECT_TRUE(second.shows("1 client late")) << second.text();
  EXPECT_THAT(second.text(), HasSubstr("tried again"));
  std::filesystem::create_directories(world.client(5));
  EXPECT_TRUE(first.shows("completed: 6 of 6 clients are on target", seconds(60))) << first.text();
  EXPECT_TRUE(second.shows("completed: 6 of 6 clients are on target")) << second.text();
  first.command("echo code=$?");
  EXPECT_TRUE(first.shows("code=0")) << first.text();
  EXPECT_EQ(world.run({"audit", "here-1"}).exit_code, 0);
}

}  // namespace
}  // namespace sitewide::test
