// The parts of the report that can be judged without a page: what the history folds, causes, the
// drawings, and the colours.
#include <cmath>
#include <map>
#include <regex>

#include "orchestrator/core/gate.h"
#include "orchestrator/views/history.h"
#include "orchestrator/views/report_axis.h"
#include "orchestrator/views/report_causes.h"
#include "orchestrator/views/report_html.h"
#include "orchestrator/views/report_page.h"
#include "orchestrator/views/report_progress.h"
#include "orchestrator/views/report_timeline.h"
#include "tests/views/story.h"

namespace sitewide {
namespace {

using namespace std::chrono_literals;

// --- history ---

Plan gated_plan() {
  Plan plan = small_plan();
  Gate soak, approval;
  soak.soak = 10min;
  approval.kind = Gate::Kind::approval;
  approval.approval = "change-board";
  plan.groups[0].after_wave = {soak};
  plan.groups[1].before = {approval};
  return plan;
}

TEST(History, Gates_HaveTheirBeginAndEndAndWhoApproved) {
  Story story(gated_plan());
  story.ready_site();
  story.finish(0);
  story.finish(1);
  story.pass(10min);
  story.pass(7min);
  story.order("approve", "head-office", "change-board");
  const History history = fold_history(story.schedule, story.events);
  ASSERT_EQ(history.gates.size(), 2U);
  EXPECT_EQ(*history.gates[0].passed - history.gates[0].opened, 10min);
  EXPECT_EQ(*history.gates[1].passed - history.gates[1].opened, 7min);
  const GateId board = history.gates[1].gate;
  EXPECT_EQ(gate_label(gate_at(story.schedule, board.group, board.wave, board.position)),
            "approval change-board");
  ASSERT_EQ(history.actions.size(), 1U);
  const Actor* by = actor_of(history.actions[0].event);
  ASSERT_NE(by, nullptr);
  EXPECT_EQ(by->user, "anna");
  EXPECT_EQ(by->reason, "tills ok");
}

TEST(History, Breach_IsAHaltUntilItGoesOn) {
  Plan plan = small_plan();
  plan.groups[0].on_breach = Scope::none;
  Story story(plan);
  story.ready_site();
  story.end(Subject::client(0), OutcomeKind::refused, "disk full");
  story.pass(20min);
  const History halted = fold_history(story.schedule, story.events);
  ASSERT_EQ(halted.rollout.size(), 1U) << "one halt, whatever the number of reasons";
  EXPECT_EQ(halted.rollout[0].kind, Stretch::Kind::halted);
  EXPECT_EQ(halted.rollout[0].label, "halted: canary: 1 failed, 0 tolerated");
  EXPECT_FALSE(halted.rollout[0].end);
  ASSERT_EQ(halted.marks.size(), 1U);
  EXPECT_EQ(halted.marks[0].state, ClientState::failed);

  story.order("acknowledge", "canary", "");
  story.order("continue");
  const History history = fold_history(story.schedule, story.events);
  EXPECT_TRUE(history.rollout[0].end);
}

TEST(History, ClientThatIsLateAgainAndAgain_IsOneMark) {
  Story story;
  story.ready_site();
  for (int i = 0; i < 4; ++i) {
    while (story.rollout.open_attempt(Subject::client(0)))
      story.end(Subject::client(0), OutcomeKind::unreachable, "off");
    story.pass(20min);
  }
  const History history = fold_history(story.schedule, story.events);
  EXPECT_GT(history.clients[0].size(), 3U);
  EXPECT_EQ(history.marks.size(), 1U);
}

// --- causes ---

TEST(Causes, ReasonsThatDifferInNumbersAndNames_AreOne) {
  Plan plan = small_plan();
  plan.groups[0].on_breach = Scope::none;
  plan.groups[0].tolerate_failed = {100, true};
  plan.groups[0].strict = false;
  plan.groups[0].restore_failed = false;
  Story story(plan, small_inventory(3, "pc1", 4));
  story.ready_site();
  story.end(Subject::client(0), OutcomeKind::refused, "C:\\pc1\\SMS: 17 kB are free");
  story.end(Subject::client(1), OutcomeKind::refused, "C:\\pc2\\SMS: 9 kB are free");
  story.end(Subject::client(2), OutcomeKind::refused, "wrong CPU");
  const History history = fold_history(story.schedule, story.events);
  const std::vector<Reason> causes = causes_of(story.rollout, history);
  ASSERT_EQ(causes.size(), 2U);
  EXPECT_EQ(causes[0].reason, "C:\\pc1\\SMS: 17 kB are free");
  EXPECT_EQ(causes[0].clients, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(causes[1].reason, "wrong CPU");
}

TEST(Causes, Page_ShowsWhatOneOfThemPrinted) {
  Plan plan = small_plan();
  plan.groups[0].on_breach = Scope::none;
  Story story(plan);
  story.ready_site();
  story.bring(0, Step::trigger);
  story.end(Subject::client(0), OutcomeKind::refused, "exit 41", 41);
  const History history = fold_history(story.schedule, story.events);
  const OutputLookup outputs = [](std::int64_t) {
    Output output;
    output.head = "Insufficient <disk> space\n";
    output.total_bytes = output.head.size();
    return output;
  };
  const std::string page =
      causes_html(story.rollout, history, causes_of(story.rollout, history), outputs, 2000);
  EXPECT_NE(page.find("Printed by pc1, trigger, attempt 1, exit 41"), std::string::npos) << page;
  EXPECT_NE(page.find("Insufficient &lt;disk&gt; space"), std::string::npos);
  EXPECT_NE(page.find("href=\"#filter=cause%3A1\""), std::string::npos);
}

TEST(Causes, LinkToAClient_EncodesWhatAnAddressWouldMisread) {
  EXPECT_EQ(client_link("a b#<\"%"),
            "<a class=\"mono\" href=\"#client=a%20b%23%3C%22%25\">a b#&lt;&quot;%</a>");
}

// --- progress ---

TEST(Progress, Points_FollowTheCountsOfTheRollout) {
  Story story;
  story.ready_site();
  story.finish(0);
  story.pass(5min);
  story.finish(1);
  const std::vector<ProgressPoint> points = progress_of(story.schedule, story.events);
  ASSERT_GE(points.size(), 3U);
  EXPECT_EQ(points.front(), (ProgressPoint{story.events.front().at, 0, 0}));
  EXPECT_EQ(points.back().on_target, 2U);
  EXPECT_EQ(points.back().at, story.events.back().at);
  for (std::size_t i = 1; i < points.size(); ++i)
    EXPECT_GE(points[i].on_target, points[i - 1].on_target);
}

TEST(Progress, ManyChanges_AreThinnedAndTheLastOneStays) {
  Plan plan = small_plan();
  plan.groups[0].strict = false;
  plan.groups[0].in_flight = 500;
  Story story(plan, small_inventory(3, "pc1", 500));
  story.ready_site();
  for (std::uint32_t client = 0; client < 500; ++client) story.finish(client);
  const std::vector<ProgressPoint> points = progress_of(story.schedule, story.events, 50);
  EXPECT_LT(points.size(), 60U);
  EXPECT_GT(points.size(), 20U);
  EXPECT_EQ(points.back().on_target, 500U);
}

TEST(Progress, Chart_SaysItsNumbersInWordsToo) {
  const Timestamp begin = *parse_timestamp("2026-11-23T14:00:00Z");
  const std::vector<ProgressPoint> made{{begin, 0, 0}, {begin + 1h, 40, 2}, {begin + 2h, 40, 2}};
  const std::vector<ProgressPoint> planned{{begin, 0, 0}, {begin + 90min, 50, 0}};
  const std::string svg = progress_svg(50, made, planned);
  EXPECT_NE(svg.find("40 of 50 clients on target and 2 failed"), std::string::npos) << svg;
  EXPECT_NE(svg.find("forecast: 50 after 1h 30m"), std::string::npos) << svg;
  EXPECT_EQ(progress_svg(50, {}, planned), "");
}

// --- axis and timeline ---

TEST(TimeAxis, Ticks_AreRoundAndNameEachDayOnce) {
  const Timestamp begin = *parse_timestamp("2026-11-23T21:10:00Z");
  const TimeAxis axis(begin, begin + 5h, 0, 1000);
  EXPECT_EQ(axis.step(), 1h);
  EXPECT_DOUBLE_EQ(axis.x(begin + 150min), 500);
  EXPECT_DOUBLE_EQ(axis.x(begin - 1h), 0) << "what is outside lies at the edge";
  const std::string grid = axis.grid(20, 100);
  for (const char* tick : {">2026-11-23 22:00<", ">23:00<", ">2026-11-24 00:00<", ">02:00<"})
    EXPECT_NE(grid.find(tick), std::string::npos) << tick << "\n" << grid;
}

TEST(TimeAxis, AnyLength_HasFewTicks) {
  const Timestamp begin = *parse_timestamp("2026-11-23T14:00:00Z");
  for (const Duration length : {Duration(0), Duration(1), Duration(900), Duration(90s),
                                Duration(26h), Duration(24h * 400), Duration(24h * 20'000)}) {
    const std::string grid = TimeAxis(begin, begin + length, 0, 1000).grid(20, 100);
    std::size_t lines = 0;
    for (std::size_t at = grid.find("<line"); at != grid.npos; at = grid.find("<line", at + 1))
      ++lines;
    EXPECT_LE(lines, 9U) << length.count();
  }
}

TEST(Timeline, Bars_HaveTheirKindAsAPatternAndTheirWordsAsATitle) {
  Story story(gated_plan());
  story.ready_site();
  story.finish(0);
  story.finish(1);
  story.pass(10min);
  story.order("pause");
  story.pass(5min);
  const History history = fold_history(story.schedule, story.events);
  const std::string drawing = timeline_html(story.schedule, history, story.now);
  for (const char* words : {"fill=\"url(#p-wave)\"", "fill=\"url(#p-soak)\"",
                            "fill=\"url(#p-gate)\"", "fill=\"url(#p-paused)\"", "<title>soak: ",
                            "<title>approval change-board: ", " so far", "class=\"band paused\""})
    EXPECT_NE(drawing.find(words), std::string::npos) << words;
  EXPECT_EQ(drawing.find("url(#p-halted)\" x"), std::string::npos) << "the key has what occurs";
}

TEST(Timeline, ManyMarks_AreAFew) {
  Plan plan = small_plan();
  plan.groups[0].on_breach = Scope::none;
  plan.groups[0].tolerate_failed = {100, true};
  plan.groups[0].strict = false;
  plan.groups[0].restore_failed = false;
  plan.groups[0].in_flight = 2000;
  Story story(plan, small_inventory(3, "pc1", 2000));
  story.ready_site();
  for (std::uint32_t client = 0; client < 2000; ++client) {
    if (story.rollout.open_attempt(Subject::client(client)))
      story.end(Subject::client(client), OutcomeKind::refused, "disk full");
  }
  const History history = fold_history(story.schedule, story.events);
  EXPECT_GT(history.marks.size(), 100U);
  const std::string drawing = timeline_html(story.schedule, history, story.now);
  std::size_t marks = 0;
  for (std::size_t at = drawing.find("class=\"mark"); at != drawing.npos;
       at = drawing.find("class=\"mark", at + 1))
    ++marks;
  EXPECT_LE(marks, 110U);
}

// --- colours ---

using Palette = std::map<std::string, std::string>;

// The colours of the first :root after `place` in the page's style.
Palette palette_after(const std::string& style, const std::string& place) {
  const std::size_t begin = style.find(":root {", style.find(place));
  const std::string block = style.substr(begin, style.find('}', begin) - begin);
  Palette palette;
  const std::regex entry("--([a-z-]+): (#[0-9a-f]{6});");
  for (std::sregex_iterator at(block.begin(), block.end(), entry), end; at != end; ++at)
    palette[(*at)[1]] = (*at)[2];
  return palette;
}

// As WCAG 2 defines them.
double luminance(const std::string& colour) {
  double sum = 0;
  const double weights[] = {0.2126, 0.7152, 0.0722};
  for (std::size_t i = 0; i < 3; ++i) {
    const double part = std::stoi(colour.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    sum += weights[i] * (part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
  }
  return sum;
}
double contrast(const std::string& a, const std::string& b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

class Colours : public testing::TestWithParam<const char*> {};

TEST_P(Colours, TextCanBeReadOnEveryGround) {
  const Palette palette = palette_after(std::string(report_style()), GetParam());
  ASSERT_EQ(palette.size(), 17U);
  for (const char* text : {"ink", "soft", "good", "bad", "warn", "busy"}) {
    for (const char* ground : {"paper", "band"})
      EXPECT_GE(contrast(palette.at(text), palette.at(ground)), 4.5) << text << " on " << ground;
  }
  for (const char* ground :
       {"good-ground", "bad-ground", "warn-ground", "busy-ground", "soak-ground", "idle-ground"})
    EXPECT_GE(contrast(palette.at("ink"), palette.at(ground)), 4.5) << "ink on " << ground;
}

TEST_P(Colours, DrawingsStandOutFromTheirGround) {
  const Palette palette = palette_after(std::string(report_style()), GetParam());
  for (const char* line : {"good", "bad", "warn", "busy", "soak", "idle"}) {
    EXPECT_GE(contrast(palette.at(line), palette.at("paper")), 3) << line;
    EXPECT_GE(contrast(palette.at(line), palette.at(std::string(line) + "-ground")), 3) << line;
  }
}

INSTANTIATE_TEST_SUITE_P(Schemes, Colours, testing::Values("look:", "prefers-color-scheme: dark"),
                         [](const auto& scheme) {
                           return std::string(scheme.param).starts_with("look") ? "light" : "dark";
                         });

TEST(Contrast, IsThatOfTheStandard) {
  EXPECT_NEAR(contrast("#000000", "#ffffff"), 21, 0.001);
  EXPECT_NEAR(contrast("#777777", "#ffffff"), 4.48, 0.01);
}

}  // namespace
}  // namespace sitewide
