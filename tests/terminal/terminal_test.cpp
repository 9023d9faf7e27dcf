// The live screen on a real terminal: what a person presses, sees and gets back.
#include <gmock/gmock.h>
#include <signal.h>

#include "tests/terminal/terminal_world.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::Not;

#define NEEDS_TMUX() \
  if (!Tmux::is_there()) GTEST_SKIP() << "tmux is not installed"

std::size_t count_in(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

/// The process that drives the rollout, as its screen names it.
pid_t controller_on(const Tmux& screen) {
  const std::string text = screen.text();
  const std::size_t at = text.find("(process ");
  return at == std::string::npos ? -1 : std::atoi(text.c_str() + at + 9);
}

TEST(LiveScreen, Keys_PauseAndContinueTheRollout) {
  NEEDS_TMUX();
  const TerminalWorld world;
  Tmux screen(100, 30, world.environment());
  screen.command(world.typed_run());
  ASSERT_TRUE(screen.shows("6 at work")) << screen.text();
  screen.type("p");
  EXPECT_TRUE(screen.shows("pause accepted")) << screen.text();
  EXPECT_TRUE(screen.shows("c continue")) << screen.text();
  EXPECT_THAT(world.status(), HasSubstr("paused"));
  screen.type("c");
  EXPECT_TRUE(screen.shows("continue accepted")) << screen.text();
  world.let_go();
  EXPECT_TRUE(screen.shows("completed: 6 of 6 clients are on target")) << screen.text();
  EXPECT_TRUE(screen.cursor_shown());
  screen.command("echo code=$?; stty -a | tr ';' '\\n' | grep -w icanon");
  EXPECT_TRUE(screen.shows("code=0")) << screen.text();
  EXPECT_TRUE(screen.shows(" icanon")) << screen.text();
  EXPECT_THAT(screen.text(), Not(HasSubstr("-icanon")));
  EXPECT_THAT(world.run({"log", "here-1"}).out, HasSubstr("from the screen"));
}

TEST(LiveScreen, Approval_IsNamedConfirmedAndJournaled) {
  NEEDS_TMUX();
  const TerminalWorld world("    before: [{approval: change-board}]\n");
  Tmux screen(100, 30, world.environment());
  screen.command(world.typed("run " + world.plan().string()));
  ASSERT_TRUE(screen.shows("Run this? [y/N]")) << screen.text();
  screen.command("y");
  ASSERT_TRUE(screen.shows("a approve")) << screen.text();
  screen.type("a");
  EXPECT_TRUE(screen.shows("approve change-board, before all starts?")) << screen.text();
  screen.type("r");
  EXPECT_TRUE(screen.shows("because:")) << screen.text();
  screen.type("tills are shut");
  screen.press({"Enter"});
  EXPECT_TRUE(screen.shows("6 at work")) << screen.text();
  EXPECT_THAT(world.run({"log", "here-1"}).out, HasSubstr("tills are shut"));
  world.let_go();
  EXPECT_TRUE(screen.shows("completed")) << screen.text();
}

TEST(LiveScreen, FailuresAndFind_ShowWhatWentWrong) {
  NEEDS_TMUX();
  const TerminalWorld world("    tolerate: {failed: 1}\n    after_wave: [{approval: look}]\n");
  world.let_fail();
  Tmux screen(80, 24, world.environment());
  screen.command(world.typed_run());
  ASSERT_TRUE(screen.shows("a approve")) << screen.text();
  screen.type("f");
  EXPECT_TRUE(screen.shows("1 client not on target, by reason")) << screen.text();
  EXPECT_THAT(screen.lines()[1], HasSubstr("1 client failed: exit 1: says pc02"));
  EXPECT_THAT(screen.lines()[2], HasSubstr("pc02"));
  screen.press({"Escape"});
  ASSERT_TRUE(screen.shows("/ find")) << screen.text();
  screen.type("/c02");
  EXPECT_TRUE(screen.shows("find client: c02_   1 match")) << screen.text();
  EXPECT_TRUE(screen.shows("upgrade ended last: failed, exit code 1")) << screen.text();
  EXPECT_TRUE(screen.shows("output    says pc02")) << screen.text();
  screen.press({"Escape"});
  ASSERT_TRUE(screen.shows("? help")) << screen.text();
  screen.type("?");
  EXPECT_TRUE(screen.shows("marks of clients")) << screen.text();
  screen.press({"Escape"});
  ASSERT_TRUE(screen.shows("a approve")) << screen.text();
  screen.type("ay");
  EXPECT_TRUE(screen.shows("report:")) << screen.text();
  screen.command("echo code=$?");
  EXPECT_TRUE(screen.shows("code=10")) << screen.text();
}

TEST(LiveScreen, Leaving_GivesTheShellBackAndTheRolloutGoesOn) {
  NEEDS_TMUX();
  const TerminalWorld world;
  Tmux screen(100, 30, world.environment());
  screen.command(world.typed_run());
  ASSERT_TRUE(screen.shows("6 at work")) << screen.text();
  screen.type("q");
  EXPECT_TRUE(screen.shows("here-1 goes on under its controller")) << screen.text();
  screen.command("echo code=$?");
  EXPECT_TRUE(screen.shows("code=13")) << screen.text();
  EXPECT_TRUE(screen.cursor_shown());
  EXPECT_FALSE(world.ended());
  screen.close();
  world.let_go();
  EXPECT_TRUE(world.stands("completed, 6 of 6")) << world.status();
}

TEST(LiveScreen, TerminalThatIsClosed_LeavesTheRolloutGoing) {
  NEEDS_TMUX();
  const TerminalWorld world;
  Tmux screen(100, 30, world.environment());
  screen.command(world.typed_run());
  ASSERT_TRUE(screen.shows("6 at work")) << screen.text();
  screen.close();
  world.let_go();
  EXPECT_TRUE(world.stands("completed, 6 of 6")) << world.status();
}

TEST(LiveScreen, CtrlC_StopsSafelyAndIsResumable) {
  NEEDS_TMUX();
  const TerminalWorld world;
  Tmux screen(100, 30, world.environment());
  screen.command(world.typed_run());
  ASSERT_TRUE(screen.shows("6 at work")) << screen.text();
  screen.press({"C-c"});
  EXPECT_TRUE(screen.shows("stopping: what runs is allowed to finish")) << screen.text();
  EXPECT_TRUE(screen.shows("ctrl-c again leaves at once")) << screen.text();
  EXPECT_FALSE(world.ended());
  screen.press({"C-c"});
  EXPECT_TRUE(screen.shows("continue:  sitewide resume here-1")) << screen.text();
  screen.command("echo code=$?");
  EXPECT_TRUE(screen.shows("code=130")) << screen.text();
  EXPECT_TRUE(world.ended());
  world.let_go();
  screen.command("clear; sleep 1; " + world.typed("resume here-1"));
  EXPECT_TRUE(screen.shows("completed: 6 of 6 clients are on target", std::chrono::seconds(90)))
      << screen.text();
}

TEST(LiveScreen, ControllerThatIsKilled_IsSaidSoAndResumed) {
  NEEDS_TMUX();
  const TerminalWorld world;
  Tmux screen(100, 30, world.environment());
  screen.command(world.typed_run());
  ASSERT_TRUE(screen.shows("6 at work")) << screen.text();
  const pid_t controller = controller_on(screen);
  ASSERT_GT(controller, 1);
  ASSERT_EQ(kill(controller, SIGKILL), 0);
  EXPECT_TRUE(screen.shows("was ended by signal 9; sitewide resume here-1 goes on"))
      << screen.text();
  EXPECT_TRUE(screen.cursor_shown());
  screen.command("echo code=$?");
  EXPECT_TRUE(screen.shows("code=137")) << screen.text();
  world.let_go();
  screen.command("sleep 1; " + world.typed("resume here-1"));
  // One that still ran is looked for again after half a minute.
  EXPECT_TRUE(screen.shows("completed: 6 of 6 clients are on target", std::chrono::seconds(90)))
      << screen.text();
}

TEST(LiveScreen, RefusedAtOnce_SaysWhyAndEndsWithItsCode) {
  NEEDS_TMUX();
  const TerminalWorld world;
  Tmux screen(100, 30, world.environment());
  Program other(world.argv({"run", "--yes", world.plan().string()}),
                {{"SITEWIDE_CLAIMS_DIR", world.claims().string()}});
  ASSERT_TRUE(other.wait_for("wave 1 of 1 starts"));
  screen.command(world.typed("resume here-1; echo code=$?"));
  EXPECT_TRUE(screen.shows("code=6")) << screen.text();
  EXPECT_THAT(screen.text(), HasSubstr("error:"));
  world.let_go();
  EXPECT_EQ(other.finish().exit_code, 0);
}

TEST(LiveScreen, CtrlZ_StopsTheViewAlone) {
  NEEDS_TMUX();
  const TerminalWorld world;
  Tmux screen(100, 30, world.environment());
  screen.command(world.typed_run());
  ASSERT_TRUE(screen.shows("6 at work")) << screen.text();
  screen.press({"C-z"});
  EXPECT_TRUE(screen.shows("Stopped")) << screen.text();
  EXPECT_TRUE(screen.cursor_shown());
  screen.command("clear; echo hello there");
  ASSERT_TRUE(screen.shows("hello there"));
  world.let_go();
  EXPECT_TRUE(world.stands("completed, 6 of 6")) << "the view is stopped, not the controller";
  screen.command("fg");
  EXPECT_TRUE(screen.shows("completed: 6 of 6 clients are on target")) << screen.text();
  EXPECT_THAT(screen.text(), HasSubstr("hello there"));
}

TEST(LiveScreen, TwoWatchers_SeeAndOrderTheSame) {
  NEEDS_TMUX();
  const TerminalWorld world;
  Tmux one(100, 30, world.environment());
  one.command(world.typed_run());
  ASSERT_TRUE(one.shows("6 at work")) << one.text();
  Tmux two(80, 24, world.environment());
  two.command(world.typed("watch here-1"));
  ASSERT_TRUE(two.shows("6 at work")) << two.text();
  two.type("p");
  EXPECT_TRUE(two.shows("pause accepted")) << two.text();
  EXPECT_TRUE(one.shows("here-1 · paused")) << one.text();
  one.type("c");
  EXPECT_TRUE(two.shows("here-1 · running")) << two.text();
  two.type("q");
  EXPECT_TRUE(two.shows("here-1 goes on")) << two.text();
  world.let_go();
  EXPECT_TRUE(one.shows("completed")) << one.text();
}

TEST(LiveScreen, Resized_PaintsWhatFitsOnce) {
  NEEDS_TMUX();
  const TerminalWorld world;
  Tmux screen(100, 30, world.environment());
  screen.command(world.typed_run());
  ASSERT_TRUE(screen.shows("6 at work")) << screen.text();
  screen.resize(50, 12);
  EXPECT_TRUE(screen.hides("  ▸ pc01")) << screen.text();
  EXPECT_TRUE(screen.hides("▒▒")) << screen.text();
  screen.resize(120, 40);
  EXPECT_TRUE(screen.shows("  ▸ pc01")) << screen.text();
  EXPECT_EQ(count_in(screen.text(), "  ▸ pc01"), 1U) << screen.text();
  screen.type("f");
  EXPECT_TRUE(screen.shows("by reason")) << screen.text();
  screen.resize(70, 10);
  EXPECT_TRUE(screen.shows("esc back")) << screen.text();
  EXPECT_LE(screen.lines().size(), 10U);
  world.let_go();
}

TEST(LiveScreen, FortyGroupsOnTwentyFourRows_FitAndCountTheRest) {
  NEEDS_TMUX();
  const TerminalWorld world;
  std::string plan = read_file(world.plan());
  plan.replace(plan.find("pc[01-06]"), 9, "pc[01-45]");
  plan.replace(plan.find("select: name\n"), 13, "select: name in (pc01)\n");
  const std::string group = plan.substr(plan.find("  - name: all"));
  for (int i = 2; i <= 40; ++i) {
    const std::string number = (i < 10 ? "0" : "") + std::to_string(i);
    std::string more = group;
    more.replace(more.find("name: all"), 9, "name: g" + number + "\n    after: [all]");
    more.replace(more.find("(pc01)"), 6, "(pc" + number + ")");
    plan += more;
  }
  write_file(world.plan(), plan);
  for (int i = 7; i <= 45; ++i)
    std::filesystem::create_directories(
        world.clients() / ("pc" + std::string(i < 10 ? "0" : "") + std::to_string(i)));
  Tmux screen(80, 24, world.environment());
  screen.command(world.typed_run());
  ASSERT_TRUE(screen.shows("more groups: ")) << screen.text();
  EXPECT_LE(screen.lines().size(), 24U);
  EXPECT_THAT(screen.text(), HasSubstr("▸ pc01"));
  EXPECT_THAT(screen.text(), HasSubstr("p pause"));
  world.let_go();
}

TEST(LiveScreen, WithoutUtf8OrColour_StillSaysEverything) {
  NEEDS_TMUX();
  const TerminalWorld world;
  Tmux screen(80, 24, world.environment({{"LC_ALL", "C"}, {"NO_COLOR", "1"}}));
  screen.command(world.typed_run());
  ASSERT_TRUE(screen.shows("6 at work")) << screen.text();
  for (const char c : screen.text()) EXPECT_GE(c, 0) << screen.text();
  EXPECT_THAT(screen.text_with_codes(), Not(HasSubstr("\x1b[3")));
  EXPECT_THAT(screen.text(), HasSubstr(">>>>"));
  world.let_go();
  EXPECT_TRUE(screen.shows("completed")) << screen.text();
}

TEST(LiveScreen, DumbTerminal_GetsPlainLinesAndOneProcess) {
  NEEDS_TMUX();
  const TerminalWorld world;
  Tmux screen(100, 30, world.environment());
  screen.command("TERM=dumb " + world.typed_run());
  ASSERT_TRUE(screen.shows("wave 1 of 1 starts")) << screen.text();
  EXPECT_FALSE(std::filesystem::exists(world.state() / "here-1" / "controller.log"));
  world.let_go();
  EXPECT_TRUE(screen.shows("completed")) << screen.text();
}

}  // namespace
}  // namespace sitewide::test
