// What the keys of a live screen do, on a screen that a person would see.
#include <gmock/gmock.h>

#include "orchestrator/base/text.h"
#include "orchestrator/views/terminal.h"
#include "orchestrator/views/trouble.h"
#include "tests/views/small_screen.h"
#include "tests/views/story.h"

namespace sitewide {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A person before a screen of a story.
class Seated {
 public:
  explicit Seated(Story& story, ScreenSize size = {80, 20}, Charset charset = Charset::utf8)
      : story_(story), screen_(size.rows, size.columns), terminal_(sink_, options(size, charset)) {
    look();
  }
  /// Everything that happened since reaches the screen.
  void look() {
    story_.now += std::chrono::seconds(1);
    terminal_.report(std::span(story_.events).subspan(seen_), story_.rollout);
    seen_ = story_.events.size();
    terminal_.tick(story_.now, story_.rollout);
    screen_.write(sink_.take());
  }
  Wish press(const Key& key) {
    Wish wish = terminal_.press(key, story_.now, story_.rollout);
    last_frame_ = sink_.take();
    screen_.write(last_frame_);
    return wish;
  }
  Wish press(const std::string& text) {
    Wish wish;
    for (const char c : text) wish = press(Key{Key::Kind::text, std::string(1, c)});
    return wish;
  }
  std::vector<std::string> shown() const { return screen_.visible(); }
  std::string last() const { return shown().empty() ? "" : shown().back(); }
  const SmallScreen& screen() const { return screen_; }
  const std::string& last_frame() const { return last_frame_; }
  Terminal& terminal() { return terminal_; }

 private:
  static TerminalOptions options(ScreenSize size, Charset charset) {
    TerminalOptions options;
    options.screen = {true, false, charset};
    options.size = [size] { return size; };
    options.leave = "leave";
    options.hint = "ctrl-c stops safely";
    options.output = [](std::int64_t) { return std::string("line one\r\n\x1b[2Jline two\n"); };
    return options;
  }
  Story& story_;
  StringSink sink_;
  SmallScreen screen_;
  Terminal terminal_;
  std::size_t seen_ = 0;
  std::string last_frame_;
};

Plan plan_with_approvals() {
  Plan plan = small_plan();
  for (Group& group : plan.groups) {
    group.after.clear();
    group.method = Method::upgrade_bat;
    group.reaches_site = false;
    Gate gate;
    gate.kind = Gate::Kind::approval;
    gate.approval = "change-board";
    group.before = {gate};
  }
  return plan;
}

void fail_second_client(Story& story) {
  story.ready_site();
  story.finish(0);
  story.bring(1, Step::trigger);
  for (int i = 0; i < 3; ++i) {
    if (story.rollout.open_attempt(Subject::client(1)))
      story.end(Subject::client(1), OutcomeKind::failed, "exit 41: no space", 41);
    story.pass(std::chrono::minutes(5));
  }
}

TEST(Controls, PauseAndContinue_AreOrders) {
  Story story;
  Seated seat(story);
  Wish wish = seat.press("p");
  EXPECT_EQ(wish.kind, Wish::Kind::order);
  EXPECT_EQ(wish.order.verb, "pause");
  story.order("pause");
  seat.look();
  EXPECT_THAT(seat.last(), StartsWith("c continue"));
  wish = seat.press("c");
  EXPECT_EQ(wish.order.verb, "continue");
}

TEST(Controls, Leaving_IsAWish) {
  Story story;
  Seated seat(story);
  EXPECT_EQ(seat.press("q").kind, Wish::Kind::leave);
}

TEST(Controls, PastedKeys_GiveNoOrders) {
  Story story;
  Seated seat(story);
  EXPECT_EQ(seat.press(Key{Key::Kind::text, "p", true}).kind, Wish::Kind::nothing);
  EXPECT_EQ(seat.press(Key{Key::Kind::text, "q", true}).kind, Wish::Kind::nothing);
}

TEST(Controls, ApproveWithNothingToApprove_SaysSo) {
  Story story;
  Seated seat(story);
  EXPECT_EQ(seat.press("a").kind, Wish::Kind::remark);
  EXPECT_THAT(seat.shown(), Contains("nothing waits for an approval now"));
  EXPECT_THAT(seat.last(), HasSubstr("p pause"));
  story.now += std::chrono::seconds(10);
  seat.look();
  EXPECT_THAT(seat.shown(), Not(Contains("nothing waits for an approval now"))) << "it goes";
}

TEST(Controls, SeveralApprovals_AreAskedAndConfirmed) {
  Story story(plan_with_approvals());
  Seated seat(story);
  EXPECT_THAT(seat.last(), StartsWith("a approve (2)"));
  EXPECT_EQ(seat.press("a").kind, Wish::Kind::nothing);
  EXPECT_EQ(seat.last(), "  2  change-board, before head-office starts");
  EXPECT_EQ(seat.press("2").kind, Wish::Kind::nothing);
  EXPECT_THAT(seat.last(), StartsWith("approve change-board, before head-office starts?"));
  const Wish wish = seat.press("y");
  ASSERT_EQ(wish.kind, Wish::Kind::order);
  EXPECT_EQ(wish.order.verb, "approve");
  EXPECT_EQ(wish.order.subject, "head-office");
  EXPECT_EQ(wish.order.name, "change-board");
  EXPECT_EQ(wish.order.by.reason, "");
  EXPECT_TRUE(to_events(story.rollout, story.subjects, wish.order, story.now));
}

TEST(Controls, ApprovalWithAReason_CarriesIt) {
  Story story(plan_with_approvals());
  Seated seat(story);
  seat.press("a1r");
  seat.press("tills are closed, qy");
  seat.press(Key{Key::Kind::backspace});
  EXPECT_THAT(seat.last(), HasSubstr("because: tills are closed, q_"));
  const Wish wish = seat.press(Key{Key::Kind::enter});
  ASSERT_EQ(wish.kind, Wish::Kind::order);
  EXPECT_EQ(wish.order.subject, "canary");
  EXPECT_EQ(wish.order.by.reason, "tills are closed, q");
}

TEST(Controls, QuestionGivenUp_OrdersNothing) {
  Story story(plan_with_approvals());
  Seated seat(story);
  seat.press("a1");
  EXPECT_EQ(seat.press(Key{Key::Kind::escape}).kind, Wish::Kind::nothing);
  EXPECT_THAT(seat.last(), StartsWith("a approve (2)"));
  EXPECT_EQ(seat.press("y").kind, Wish::Kind::nothing);
}

TEST(Controls, ContinueAfterAHalt_IsAskedFirst) {
  Story story;
  fail_second_client(story);
  ASSERT_TRUE(story.rollout.halted());
  Seated seat(story);
  EXPECT_EQ(seat.press("c").kind, Wish::Kind::nothing);
  EXPECT_THAT(seat.last(), StartsWith("continue although the rollout is halted?"));
  EXPECT_EQ(seat.press("y").order.verb, "continue");
}

TEST(Controls, Failures_AreFoldedByReasonOverTheWholeScreen) {
  Story story;
  fail_second_client(story);
  Seated seat(story);
  const auto before = seat.shown();
  seat.press("f");
  EXPECT_TRUE(seat.screen().whole_is_taken());
  const auto shown = seat.shown();
  ASSERT_GE(shown.size(), 4U) << join(shown, "\n");
  EXPECT_EQ(shown[0], "q237690-3 · 1 client not on target, by reason");
  EXPECT_THAT(shown[1], HasSubstr("1 client "));
  EXPECT_THAT(shown[1], HasSubstr("exit 41: no space"));
  EXPECT_THAT(shown[2], StartsWith("    pc2"));
  seat.press(Key{Key::Kind::escape});
  EXPECT_FALSE(seat.screen().whole_is_taken());
  EXPECT_EQ(seat.shown(), before) << "what stood there stands there again";
}

TEST(Trouble, ReasonsThatDifferInTheNameAlone_AreFolded) {
  Plan plan = small_plan();
  plan.groups[0].tolerate_failed = {9, false};
  Story story(plan, small_inventory(3, "pc1", 4));
  story.ready_site();
  for (std::uint32_t c = 0; c < 3; ++c) {
    if (!story.rollout.open_attempt(Subject::client(c))) continue;
    story.end(Subject::client(c), OutcomeKind::refused,
              "cannot write to " + std::string(story.schedule.clients.name(c)) + ", see pcs");
  }
  const std::vector<std::uint32_t> all = {0, 1, 2, 3};
  const std::vector<Cause> causes = fold_trouble(story.rollout, all);
  ASSERT_EQ(causes.size(), 1U);
  ASSERT_GT(causes[0].clients.size(), 1U);
  EXPECT_THAT(describe(causes[0]), HasSubstr("clients failed: cannot write to …, see pcs"));
  EXPECT_THAT(describe(fold_trouble(story.rollout, std::span(all).first(1)).front()),
              HasSubstr("cannot write to pc1, see pcs"));
}

TEST(Controls, ManyFailures_AreScrolledThrough) {
  Plan plan = small_plan();
  plan.groups[0].tolerate_late = {100, true};
  plan.groups[0].in_flight = 1000;
  Story story(plan, small_inventory(3, "pc1", 40));
  story.ready_site();
  for (std::uint32_t c = 0; c < 40; ++c) {
    while (story.rollout.open_attempt(Subject::client(c)) &&
           story.rollout.client(c).state != ClientState::late)
      story.end(Subject::client(c), OutcomeKind::refused, "no");
    if (story.rollout.halted()) break;
  }
  Seated seat(story, {80, 8});
  seat.press("f");
  const auto first = seat.shown();
  if (story.rollout.counts()[static_cast<std::size_t>(ClientState::failed)] > 5) {
    seat.press(Key{Key::Kind::page_down});
    EXPECT_NE(seat.shown(), first);
    seat.press(Key{Key::Kind::home});
    EXPECT_EQ(seat.shown(), first);
    seat.press(Key{Key::Kind::end});
    EXPECT_NE(seat.shown(), first);
  }
  EXPECT_LE(first.size(), 7U);
}

TEST(Controls, FindAClient_ShowsItsStateAndOutput) {
  Story story(small_plan(), small_inventory(30));
  story.ready_site();
  story.finish(0);
  Seated seat(story);
  seat.press("/");
  seat.press("pc1");
  EXPECT_THAT(seat.shown().front(), HasSubstr("find client: pc1_   11 matches"));
  EXPECT_THAT(seat.shown()[1], StartsWith("> ✔ pc1 ")) << "the one of just that name is first";
  EXPECT_THAT(seat.shown(), Contains(HasSubstr("attempts  inspect 1, back up 1, trigger 1")));
  EXPECT_THAT(seat.shown(), Contains("output    line one"));
  EXPECT_THAT(seat.shown(), Contains(HasSubstr("\\x1b[2Jline two"))) << "its output moves nothing";
  seat.press(Key{Key::Kind::down});
  EXPECT_THAT(seat.shown()[1], StartsWith("  ✔ pc1 "));
  EXPECT_THAT(seat.shown()[2], StartsWith("> "));
  seat.press("zz");
  EXPECT_THAT(seat.shown().front(), HasSubstr("0 matches"));
  EXPECT_EQ(seat.press("q").kind, Wish::Kind::nothing) << "a letter of the name, not the key";
  seat.press(Key{Key::Kind::escape});
  EXPECT_THAT(seat.last(), HasSubstr("q leave"));
}

TEST(Controls, Help_NamesEveryKeyAndMark) {
  Story story;
  Seated seat(story, {80, 30});
  seat.press("?");
  const std::string text = join(seat.shown(), "\n");
  for (const char* key : {"  p ", "  c ", "  a ", "  f ", "  / ", "  q "})
    EXPECT_THAT(text, HasSubstr(key));
  for (int i = 0; i < kClientStates; ++i)
    EXPECT_THAT(text, HasSubstr(spoken(name_of(static_cast<ClientState>(i)))));
  seat.press("x");
  EXPECT_FALSE(seat.screen().whole_is_taken());
}

TEST(Controls, AsciiScreen_GetsNothingElseInAnyPane) {
  Story story;
  fail_second_client(story);
  Seated seat(story, {80, 24}, Charset::ascii);
  for (const char* key : {"f", "/", "?"}) {
    seat.press(key);
    for (const std::string& line : seat.shown()) {
      for (const char c : line) EXPECT_GE(c, 0) << line;
    }
    seat.press(Key{Key::Kind::escape});
  }
}

TEST(Controls, AnySize_PanesNeverExceedTheScreen) {
  Story story;
  fail_second_client(story);
  for (std::size_t rows = 2; rows < 14; rows += 3) {
    for (std::size_t columns = 1; columns < 100; columns += 13) {
      Seated seat(story, {columns, rows});
      const auto above = seat.screen().scrollback();
      for (const char* key : {"f", "/", "?", "c"}) {
        seat.press(key);
        EXPECT_LE(seat.shown().size(), rows);
        seat.press(Key{Key::Kind::escape});
      }
      EXPECT_EQ(seat.screen().scrollback(), above) << "panes push nothing out at the top";
    }
  }
}

TEST(Terminal, SecondThatPasses_CostsFewBytes) {
  Plan plan = small_plan();
  Story story(plan);
  StringSink sink;
  TerminalOptions options;
  options.screen = {true, true, Charset::utf8};
  options.size = [] { return ScreenSize{80, 24}; };
  Terminal terminal(sink, options);
  terminal.report(story.events, story.rollout);
  const std::size_t first = sink.take().size();
  terminal.tick(story.now + std::chrono::seconds(1), story.rollout);
  const std::size_t second = sink.take().size();
  EXPECT_GT(second, 0U) << "its clock goes on";
  EXPECT_LT(second, first / 2);
  EXPECT_LT(second, 300U);
}

TEST(Terminal, Held_PaintsNothingUntilItIsFreeAgain) {
  Story story;
  StringSink sink;
  TerminalOptions options;
  options.screen = {true, false, Charset::utf8};
  options.size = [] { return ScreenSize{80, 24}; };
  Terminal terminal(sink, options);
  terminal.hold(true);
  terminal.report(story.events, story.rollout);
  EXPECT_EQ(sink.take(), "");
  terminal.hold(false);
  terminal.refresh();
  terminal.tick(story.now, story.rollout);
  EXPECT_THAT(sink.take(), HasSubstr("canary"));
}

// Ten times the clients, and the same screen costs the same.
TEST(Terminal, HundredThousandClientsUnderWay_CostNoMoreThanAThousand) {
  const auto time_of = [](std::uint32_t clients) {
    Plan plan = small_plan();
    plan.groups[1].in_flight = 1'000'000;
    Story story(plan, small_inventory(clients));
    story.ready_site();
    story.finish(0);
    story.finish(1);
    StringSink sink;
    TerminalOptions options;
    options.screen = {true, false, Charset::utf8};
    options.size = [] { return ScreenSize{120, 40}; };
    Terminal terminal(sink, options);
    terminal.report(story.events, story.rollout);
    auto best = std::chrono::nanoseconds::max();
    for (int i = 1; i < 20; ++i) {
      const auto begun = std::chrono::steady_clock::now();
      terminal.tick(story.now + std::chrono::seconds(i), story.rollout);
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
