#include "orchestrator/views/live_region.h"

#include <gtest/gtest.h>

#include "tests/views/small_screen.h"

namespace sitewide {
namespace {

using Lines = std::vector<std::string>;

constexpr Screen kColourless{true, false, Charset::utf8};

/// A reader that takes nothing while it is told to be busy.
class BusySink : public StringSink {
 public:
  bool write(std::string_view text) override { return !busy && StringSink::write(text); }
  bool busy = false;
};

Line plain(const std::string& text) { return {{text, Style::plain}}; }

TEST(LiveRegion, Repaint_ReplacesWhatStoodThere) {
  StringSink sink;
  SmallScreen screen(6, 20);
  LiveRegion region(sink, kColourless, [] { return ScreenSize{20, 6}; });
  region.paint({plain("one"), plain("two")});
  region.paint({plain("three")});
  screen.write(sink.take());
  EXPECT_EQ(screen.visible(), (Lines{"three"}));
}

TEST(LiveRegion, FinishedLines_ScrollAboveAndStay) {
  StringSink sink;
  SmallScreen screen(4, 20);
  LiveRegion region(sink, kColourless, [] { return ScreenSize{20, 4}; });
  for (int i = 1; i <= 4; ++i) {
    region.scroll(plain("done " + std::to_string(i)));
    region.paint({plain("bar"), plain("why")});
  }
  screen.write(sink.take());
  EXPECT_EQ(screen.scrollback(), (Lines{"done 1", "done 2", "done 3"}));
  EXPECT_EQ(screen.visible(), (Lines{"done 4", "bar", "why"}));
}

TEST(LiveRegion, LongLine_IsCutAtTheWidthInCells) {
  StringSink sink;
  SmallScreen screen(4, 10);
  LiveRegion region(sink, kColourless, [] { return ScreenSize{10, 4}; });
  region.paint({plain("0123456789"),
                plain("0123456789a"),
                {{"界界", Style::good}, {"界界界x", Style::bad}}});
  screen.write(sink.take());
  EXPECT_EQ(screen.visible(), (Lines{"0123456789", "012345678…", "界界界界…"}));
}

TEST(LiveRegion, LongFinishedLine_IsNotCut) {
  StringSink sink;
  SmallScreen screen(4, 10);
  LiveRegion region(sink, kColourless, [] { return ScreenSize{10, 4}; });
  region.scroll(plain("0123456789abc"));
  region.paint({plain("bar")});
  screen.write(sink.take());
  EXPECT_EQ(screen.visible(), (Lines{"0123456789", "abc", "bar"}));
}

TEST(LiveRegion, MoreLinesThanRows_AreClamped) {
  StringSink sink;
  SmallScreen screen(3, 10);
  LiveRegion region(sink, kColourless, [] { return ScreenSize{10, 3}; });
  region.paint({plain("a"), plain("b"), plain("c"), plain("d")});
  region.paint({plain("e"), plain("f"), plain("g"), plain("h")});
  screen.write(sink.take());
  EXPECT_EQ(screen.visible(), (Lines{"e", "f"}));
  EXPECT_TRUE(screen.scrollback().empty());
}

TEST(LiveRegion, WindowMadeNarrower_ErasesTheBrokenLinesToo) {
  StringSink sink;
  ScreenSize size{20, 8};
  LiveRegion region(sink, kColourless, [&] { return size; });
  region.paint({plain("0123456789abcdef")});
  size.columns = 10;  // the terminal shows that line in two pieces now
  (void)sink.take();
  region.paint({plain("short")});
  EXPECT_NE(sink.text().find("\x1b[2A"), std::string::npos);
}

TEST(LiveRegion, SlowTerminal_MissesFramesButNoFinishedLine) {
  BusySink sink;
  SmallScreen screen(5, 20);
  LiveRegion region(sink, kColourless, [] { return ScreenSize{20, 5}; });
  region.paint({plain("0%")});
  sink.busy = true;
  region.scroll(plain("pc1 failed"));
  EXPECT_FALSE(region.paint({plain("50%")}));
  sink.busy = false;
  EXPECT_TRUE(region.paint({plain("100%")}));
  screen.write(sink.take());
  EXPECT_EQ(screen.visible(), (Lines{"pc1 failed", "100%"}));
}

TEST(LiveRegion, Closed_GivesCursorAndWrappingBack) {
  StringSink sink;
  SmallScreen screen(5, 20);
  {
    LiveRegion region(sink, kColourless, [] { return ScreenSize{20, 5}; });
    region.paint({plain("bar")});
    screen.write(sink.take());
    EXPECT_FALSE(screen.cursor_shown());
    region.scroll(plain("last words"));
  }
  screen.write(sink.take());
  EXPECT_TRUE(screen.cursor_shown());
  EXPECT_TRUE(screen.wraps());
  EXPECT_EQ(screen.visible(), (Lines{"last words", "bar"}));
}

TEST(LiveRegion, WithoutColour_HasNoColourCodes) {
  StringSink sink;
  LiveRegion region(sink, kColourless, [] { return ScreenSize{20, 5}; });
  region.paint({{{"x", Style::bad}}});
  EXPECT_EQ(sink.text().find("\x1b[31m"), std::string::npos);
}

TEST(LiveRegion, AsciiScreen_GetsNothingElse) {
  StringSink sink;
  LiveRegion region(sink, {true, false, Charset::ascii}, [] { return ScreenSize{30, 5}; });
  region.paint({plain("caf\u00e9 \u011b…")});
  for (const char c : sink.text()) EXPECT_GE(c, 0) << sink.text();
  EXPECT_NE(sink.text().find("caf\\u00e9 \\u011b..."), std::string::npos);
}

TEST(Screen, Surroundings_AreJudged) {
  ScreenFacts facts;
  facts.terminal = true;
  facts.term = "xterm-256color";
  facts.locale = "de_DE.UTF-8";
  EXPECT_TRUE(judge_screen(facts).live);
  EXPECT_TRUE(judge_screen(facts).colour);
  EXPECT_EQ(judge_screen(facts).charset, Charset::utf8);
  ScreenFacts changed = facts;
  changed.no_color = "1";
  EXPECT_FALSE(judge_screen(changed).colour);
  changed = facts;
  changed.term = "dumb";
  EXPECT_FALSE(judge_screen(changed).live);
  changed = facts;
  changed.ci = "true";
  EXPECT_FALSE(judge_screen(changed).live);
  changed = facts;
  changed.terminal = false;
  EXPECT_FALSE(judge_screen(changed).live);
  EXPECT_FALSE(judge_screen(changed).colour);
  changed.force_color = "1";
  EXPECT_TRUE(judge_screen(changed).colour);
  changed = facts;
  changed.locale = "C";
  EXPECT_EQ(judge_screen(changed).charset, Charset::ascii);
}

}  // namespace
}  // namespace sitewide
