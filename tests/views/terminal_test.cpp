#include "orchestrator/views/terminal.h"

#include "orchestrator/base/text.h"
#include "orchestrator/views/live_lines.h"
#include "tests/views/small_screen.h"
#include "tests/views/story.h"

namespace sitewide {
namespace {

using Lines = std::vector<std::string>;

TerminalOptions options_of(ScreenSize size, Charset charset = Charset::utf8) {
  TerminalOptions options;
  options.screen = {true, false, charset};
  options.size = [size] { return size; };
  return options;
}

/// The lines of the main screen for a story that nobody saw begin.
std::vector<Line> lines_of(const Story& story, const ScreenSize& size,
                           const TerminalOptions& options, const Activity& activity = {},
                           const std::vector<Line>& foot = {}) {
  static const std::vector<Pace> no_paces;
  static const Outlook no_outlook;
  return live_lines({story.rollout, story.now, options, no_paces, activity, no_outlook, foot},
                    size);
}

Lines shown_on(const ScreenSize& size, const Story& story, Charset charset = Charset::utf8) {
  StringSink sink;
  SmallScreen screen(size.rows, size.columns);
  LiveRegion region(sink, {true, false, charset}, [size] { return size; });
  region.paint(lines_of(story, size, options_of(size, charset)));
  screen.write(sink.take());
  return screen.visible();
}

TEST(Terminal, ShortStory_ShowsFailuresAboveAndGroupsBelow) {
  Story story;
  StringSink sink;
  SmallScreen screen(20, 100);
  Terminal terminal(sink, options_of({100, 20}));
  std::size_t seen = 0;
  const auto show = [&] {
    terminal.report(std::span(story.events).subspan(seen), story.rollout);
    seen = story.events.size();
    screen.write(sink.take());
  };
  show();
  story.ready_site();
  show();
  story.finish(0);
  for (int i = 0; i < 3; ++i) {
    story.end(Subject::client(1), OutcomeKind::unreachable, "does not answer");
    story.pass(std::chrono::minutes(5));
  }
  show();
  terminal.finish(story.rollout);
  screen.write(sink.take());
  const Lines lines = screen.visible();
  ASSERT_GT(lines.size(), 8U);
  const Lines region(lines.end() - 8, lines.end());
  EXPECT_EQ(region, (Lines{"◌ q237690-3 · running · 00:10:09 · 1 of 5 clients on target",
                           "✔ canary      ██████████▓▓▓▓▓▓▓▓▓▓ 2/2  ✔ 1  ⊘ 1",
                           "◌ head-office ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 0/3  ◌ 3",
                           "  ⊘ pc2  late: does not answer" + std::string(58, ' ') + "      0s",
                           "  ◌ pc3  inspect" + std::string(72, ' ') + "      0s",
                           "  ◌ pc4  inspect" + std::string(72, ' ') + "      0s",
                           "  ◌ pc5  inspect" + std::string(72, ' ') + "      0s",
                           "head-office waits: 0 of 3 proven; force of HQ waits until 3 clients "
                           "are backed up, 3 at work"}));
  EXPECT_NE(std::find(lines.begin(), lines.end(), "14:10:09Z ⊘ canary: pc2 late: does not answer"),
            lines.end());
  EXPECT_TRUE(screen.cursor_shown());
}

/// Takes the sequences out that live views themselves write: cursor, erasing, colour.
std::string without_own_sequences(std::string text) {
  for (std::size_t at = text.find("\x1b["); at != std::string::npos; at = text.find("\x1b[", at)) {
    const std::size_t end = text.find_first_not_of("0123456789;?", at + 2);
    if (end == std::string::npos || std::string_view("AJKmhl").find(text[end]) == std::string::npos)
      return text;  // not ours: it stays and is found
    text.erase(at, end + 1 - at);
  }
  return text;
}

TEST(Terminal, HostileNamesAndReasons_MoveNothingOnTheScreen) {
  Plan plan = small_plan();
  plan.groups[0].name = "can\x1b[1Aary";
  plan.groups[1].after = {plan.groups[0].name};
  Story story(plan, small_inventory(3, "p\x1b]0;owned\a\nc\xc2\x9b"));
  StringSink sink;
  Terminal terminal(sink, options_of({100, 20}));
  story.ready_site();
  story.note(Subject::client(1), "\r0 failed\x1b]52;c;eA==\a\xe2\x80\xae\xff");
  terminal.report(story.events, story.rollout);
  std::string shown = sink.take();
  const std::size_t seen = story.events.size();
  story.end(Subject::client(0), OutcomeKind::refused, "a\r\x1b[2J\x1b]0;t\a\xff\xe2\x81\xa6\n# ok");
  story.pass(std::chrono::minutes(1));
  terminal.report(std::span(story.events).subspan(seen), story.rollout);
  terminal.finish(story.rollout);
  shown = without_own_sequences(shown + sink.take());
  EXPECT_NE(shown.find("\\x1b]0;t\\x07"), std::string::npos) << "it is shown for what it is";
  EXPECT_EQ(shown.find("\r0 failed"), std::string::npos);
  EXPECT_EQ(shown.find("\n# ok"), std::string::npos);
  std::erase(shown, '\n');
  std::erase(shown, '\r');
  EXPECT_TRUE(is_utf8(shown));
  EXPECT_FALSE(has_control_character(shown)) << escaped(shown);
}

TEST(LiveLines, AsciiScreen_HasWordsAndAsciiGlyphs) {
  Story story;
  EXPECT_EQ(shown_on({70, 10}, story, Charset::ascii),
            (Lines{"> q237690-3 - running - 00:00:00 - 0 of 5 clients on target",
                   "> canary      .............. 0/2", ". head-office .............. 0/3",
                   "> site HQ  stage",
                   "canary waits: 0 of 2 proven; site HQ: stage is under way, ended at 14~"}));
}

TEST(LiveLines, NarrowScreen_LeavesOutBarsAndSites) {
  Story story;
  EXPECT_EQ(shown_on({30, 10}, story),
            (Lines{"◌ q237690-3 · 0 of 5 on target", "◌ canary     0/2", "○ head-offi… 0/3",
                   "canary waits: 0 of 2 proven; …"}));
}

TEST(LiveLines, FewRows_ShowWhatIsGoingOnFirst) {
  Plan plan = small_plan();
  for (int i = 0; i < 8; ++i) {
    Group more = plan.groups[1];
    more.name = "later-" + std::to_string(i);
    more.select = "ring=later" + std::to_string(i);
    more.after = {"head-office"};
    more.method = Method::upgrade_bat;
    more.reaches_site = false;
    plan.groups.push_back(more);
  }
  ClientTable inventory = small_inventory(20);
  for (std::uint32_t c = 0; c < 8; ++c)
    inventory.set(5 + c, *inventory.find_column("ring"), "later" + std::to_string(c));
  Story story(plan, std::move(inventory));
  const Lines lines = shown_on({80, 7}, story);
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_TRUE(lines[1].starts_with("◌ canary"));
  EXPECT_EQ(lines[4], "  more groups: 7 waiting");
}

TEST(LiveLines, AnySize_NeverExceedsTheScreen) {
  Story story;
  for (std::size_t rows = 2; rows < 12; ++rows) {
    for (std::size_t columns = 1; columns < 100; columns += 7) {
      const ScreenSize size{columns, rows};
      EXPECT_LE(lines_of(story, size, options_of(size)).size(), rows - 1);
      shown_on(size, story);
    }
  }
}

TEST(Terminal, ManyTurnsASecond_RepaintsTwelveTimesAtMost) {
  Story story;
  StringSink sink;
  Terminal terminal(sink, options_of({80, 20}));
  for (int ms = 0; ms < 2000; ++ms) {
    const std::vector<JournaledEvent> event{{ms + 1, story.now + Duration(ms), ClientQueued{0}}};
    terminal.say("something new each time");
    terminal.report(event, story.rollout);
  }
  std::size_t frames = 0;
  const std::string text = sink.take();
  for (std::size_t at = text.find("\x1b[?2026h"); at != std::string::npos;
       at = text.find("\x1b[?2026h", at + 1))
    ++frames;
  EXPECT_GT(frames, 10U);
  EXPECT_LE(frames, 25U);
}

// What a screen costs depends on groups and sites, not on clients.
TEST(LiveLines, HundredThousandClients_CostNoMoreThanAThousand) {
  const auto time_of = [](std::uint32_t clients) {
    Story story(small_plan(), small_inventory(clients));
    story.ready_site();
    story.finish(0);
    story.finish(1);
    const ScreenSize size{120, 30};
    auto best = std::chrono::nanoseconds::max();
    for (int i = 0; i < 20; ++i) {
      const auto begun = std::chrono::steady_clock::now();
      for (int k = 0; k < 20; ++k) (void)lines_of(story, size, options_of(size));
      best = std::min<std::chrono::nanoseconds>(best, std::chrono::steady_clock::now() - begun);
    }
    return best;
  };
  const auto small = time_of(1'000);
  const auto big = time_of(100'000);
  EXPECT_LT(big, 5 * small + std::chrono::milliseconds(1));
}

}  // namespace
}  // namespace sitewide
