#include "orchestrator/views/report_junit.h"

#include <gmock/gmock.h>

#include "orchestrator/base/text.h"
#include "tests/views/story.h"

namespace sitewide {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string junit_of(const Story& story, const std::string& printed = "") {
  const OutputLookup lookup = [&](std::int64_t) -> std::optional<Output> {
    return Output{printed, "", printed.size()};
  };
  return junit_report(story.rollout, story.events, lookup);
}

// The text of the case of that name.
std::string case_of(const std::string& xml, const std::string& name) {
  const std::size_t begin = xml.find("<testcase name=\"" + name + "\"");
  if (begin == xml.npos) return "no case of that name";
  const std::size_t end = xml.find("<testcase", begin + 1);
  return xml.substr(begin, end - begin);
}

TEST(ReportJunit, EachGroup_IsASuiteWithItsNumbers) {
  Story story;
  story.ready_site();
  story.finish(0);
  const std::string xml = junit_of(story);
  EXPECT_THAT(xml,
              HasSubstr("<testsuites name=\"q237690-3\" tests=\"6\" failures=\"0\" errors=\"0\" "
                        "skipped=\"4\""));
  EXPECT_THAT(xml,
              HasSubstr("name=\"canary\" tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("name=\"head-office\" tests=\"3\""));
  EXPECT_THAT(xml, HasSubstr("timestamp=\"2026-11-23T14:00:0"));
  EXPECT_THAT(case_of(xml, "pc1"), HasSubstr("classname=\"q237690-3.canary\""));
  EXPECT_THAT(case_of(xml, "pc1"), Not(HasSubstr("<skipped")));
  EXPECT_THAT(case_of(xml, "pc5"), HasSubstr("<skipped message=\"waiting\"/>"));
}

TEST(ReportJunit, FailedClient_IsAFailureWithReasonAndOutput) {
  Plan plan = small_plan();
  plan.groups[0].on_breach = Scope::none;
  plan.groups[0].restore_failed = false;
  Story story(plan);
  story.ready_site();
  story.bring(0, Step::trigger);
  story.end(Subject::client(0), OutcomeKind::refused, "no room", 41);
  const std::string pc1 = case_of(junit_of(story, "disk C: is full"), "pc1");
  EXPECT_THAT(pc1, HasSubstr("<failure message=\"failed: no room\" type=\"failed\">"));
  EXPECT_THAT(pc1, HasSubstr("<system-out>disk C: is full</system-out>"));
}

TEST(ReportJunit, TriggeredClientWithoutOutcome_IsAnError) {
  Story story;
  story.ready_site();
  story.bring(0, Step::trigger);
  story.end(Subject::client(0));
  EXPECT_THAT(case_of(junit_of(story), "pc1"), HasSubstr("<error message=\""));
}

TEST(ReportJunit, LateClient_IsSkippedWithItsReason) {
  Story story;
  story.ready_site();
  for (int attempt = 0; attempt < 3; ++attempt) {
    story.pass(std::chrono::minutes(2));  // the backoff
    story.end(Subject::client(0), OutcomeKind::unreachable, "off");
  }
  EXPECT_THAT(case_of(junit_of(story), "pc1"), HasSubstr("<skipped message=\"late: off\"/>"));
}

TEST(ReportJunit, SiteThatCannotBeStaged_IsAFailureOfItsOwn) {
  Story story;
  story.end(Subject::site(0), OutcomeKind::refused, "disk full");
  const std::string xml = junit_of(story);
  EXPECT_THAT(case_of(xml, "HQ"), HasSubstr("<failure message=\""));
  EXPECT_THAT(xml, HasSubstr("name=\"site steps\" tests=\"1\" failures=\"1\""));
}

TEST(ReportJunit, AnyBytes_StayWellFormedXml) {
  std::string bytes = "]]></system-out><evil/>&amp;\xef\xbf\xbe\xef\xbf\xbf\xed\xa0\x80";
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  Story story(small_plan(), small_inventory(3, "\"><evil/>\x1b\xff\xef\xbf\xbf"));
  story.ready_site();
  story.bring(0, Step::trigger);
  story.end(Subject::client(0), OutcomeKind::refused, bytes, 41);
  const std::string xml = junit_of(story, bytes);
  EXPECT_TRUE(is_utf8(xml));
  EXPECT_THAT(xml, Not(HasSubstr("<evil")));
  EXPECT_THAT(xml, Not(HasSubstr("\xef\xbf\xbf")));
  EXPECT_THAT(xml, Not(HasSubstr("\xef\xbf\xbe")));
  for (const char c : xml)
    EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << static_cast<int>(c);
}

TEST(ReportJunit, MuchOutput_IsBounded) {
  Story story;
  story.ready_site();
  story.bring(0, Step::trigger);
  story.end(Subject::client(0), OutcomeKind::refused, "no room", 41);
  const std::string xml = junit_of(story, std::string(60'000, 'x'));
  EXPECT_LT(xml.size(), 8'000U);
  EXPECT_THAT(xml, HasSubstr("bytes left out"));
}

}  // namespace
}  // namespace sitewide
