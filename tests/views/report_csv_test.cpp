#include "orchestrator/views/report_csv.h"

#include <gmock/gmock.h>

#include "orchestrator/base/text.h"
#include "tests/views/story.h"

namespace sitewide {
namespace {

using testing::ElementsAre;

// RFC 4180, read without the code under test.
std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      rows.back().back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      rows.back().emplace_back();
    } else if (!quoted && c == '\r') {
      EXPECT_EQ(text.at(++i), '\n');
      rows.emplace_back(1);
    } else {
      rows.back().back() += c;
    }
  }
  EXPECT_FALSE(quoted);
  rows.pop_back();  // after the last line end
  return rows;
}

std::string reason_cell(const std::string& reason) {
  Story story;
  story.ready_site();
  story.end(Subject::client(0), OutcomeKind::refused, reason);
  return rows_of(csv_report(story.rollout, story.events)).at(1).at(5);
}

TEST(ReportCsv, Columns_AreThoseOfTheDocumentation) {
  const Story story;
  const auto rows = rows_of(csv_report(story.rollout, story.events));
  EXPECT_THAT(rows.at(0),
              ElementsAre("name", "group", "wave", "site", "state", "reason", "attempts", "started",
                          "ended", "triggered_at", "proven_at", "last_step", "last_outcome",
                          "exit_code", "address", "recheck", "ended_as"));
  ASSERT_EQ(rows.size(), 6U);
  EXPECT_THAT(rows.at(5), ElementsAre("pc5", "head-office", "1", "HQ", "waiting", "", "0", "", "",
                                      "", "", "", "", "", "pc5", "", "not_begun"));
}

TEST(ReportCsv, UpgradedClient_HasWhenItWasTriggeredAndProven) {
  Story story;
  story.ready_site();
  story.bring(0, Step::trigger);
  const std::string triggered = format_timestamp(story.now);
  story.finish(0);
  const std::string proven = format_timestamp(story.now);
  const auto row = rows_of(csv_report(story.rollout, story.events)).at(1);
  EXPECT_EQ(row.at(4), "upgraded");
  EXPECT_EQ(row.at(5), "");
  EXPECT_EQ(row.at(8), proven);
  EXPECT_EQ(row.at(9), triggered);
  EXPECT_EQ(row.at(10), proven);
}

TEST(ReportCsv, ForcedClient_WasTriggeredByTheForceOfItsSite) {
  Story story;
  story.ready_site();
  for (std::uint32_t c = 0; c < 2; ++c) story.finish(c);
  for (std::uint32_t c = 2; c < 5; ++c) {
    while (story.rollout.open_attempt(Subject::client(c))) story.end(Subject::client(c));
  }
  ASSERT_EQ(story.rollout.open_attempt(Subject::site(0))->step, Step::force);
  const std::string forced = format_timestamp(story.now);
  EXPECT_EQ(rows_of(csv_report(story.rollout, story.events)).at(3).at(9), "");
  story.ready_site();  // force and regenerate
  story.finish(2);
  const auto row = rows_of(csv_report(story.rollout, story.events)).at(3);
  EXPECT_EQ(row.at(4), "upgraded");
  EXPECT_EQ(row.at(9), forced);
}

TEST(ReportCsv, FailedClient_HasReasonAndExitCodeAndIsNotProven) {
  Plan plan = small_plan();
  plan.groups[0].on_breach = Scope::none;
  plan.groups[0].restore_failed = false;
  Story story(plan);
  story.ready_site();
  story.bring(0, Step::trigger);
  story.end(Subject::client(0), OutcomeKind::refused, "no room, \"really\"", 41);
  const auto row = rows_of(csv_report(story.rollout, story.events)).at(1);
  EXPECT_EQ(row.at(4), "failed");
  EXPECT_EQ(row.at(5), "no room, \"really\"");
  EXPECT_EQ(row.at(10), "");
  EXPECT_THAT(std::vector(row.begin() + 11, row.begin() + 14),
              ElementsAre("trigger", "refused", "41"));
}

TEST(ReportCsv, CellThatASpreadsheetWouldRun_BeginsWithAnApostrophe) {
  for (const char* formula :
       {"=1+1", "+1", "-1", "@SUM(A1)", "  =1+1", "\uff1d1", "=cmd|' /C calc'!A0"})
    EXPECT_EQ(reason_cell(formula), "'" + std::string(formula));
  EXPECT_EQ(reason_cell("\t=1"), "\\t=1") << "a tab is visible";
  EXPECT_EQ(reason_cell("a=1"), "a=1");
}

TEST(ReportCsv, HostileReason_StaysOneCellOfUtf8) {
  Story story;
  story.ready_site();
  story.end(Subject::client(0), OutcomeKind::refused, "a\r\n\"b\",c\x1b[2J\xff");
  const std::string text = csv_report(story.rollout, story.events);
  EXPECT_TRUE(is_utf8(text));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(rows_of(text).size(), 6U);
  EXPECT_EQ(rows_of(text).at(1).at(5), "a\\r\\n\"b\",c\\x1b[2J\\xff");
}

}  // namespace
}  // namespace sitewide
