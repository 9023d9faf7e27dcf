#include "orchestrator/views/report.h"

#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "orchestrator/views/history.h"
#include "orchestrator/views/report_causes.h"
#include "orchestrator/views/report_page.h"
#include "tests/views/story.h"

namespace sitewide {
namespace {

namespace json = boost::json;

std::string report_of(const Story& story, const OutputLookup& outputs = {}) {
  ReportFacts facts;
  facts.version = "0.1.0";
  facts.written = story.now;
  facts.chain_head = sha256("chain");
  return html_report(story.schedule, story.rollout, story.events, outputs, facts);
}

json::object data_of(const std::string& page) {
  const std::string_view open = "<script type=\"application/json\" id=\"data\">";
  const std::size_t begin = page.find(open) + open.size();
  return json::parse(page.substr(begin, page.find("</script>", begin) - begin)).as_object();
}

TEST(Report, ShortStory_HasVerdictFactsGroupsAndEveryClient) {
  Story story;
  story.ready_site();
  story.finish(0);
  const std::string page = report_of(story);
  EXPECT_NE(page.find("interrupted: 1 of 5 clients are on target"), std::string::npos);
  EXPECT_NE(page.find(sha256("chain").hex()), std::string::npos);
  EXPECT_NE(page.find("<td>at most 1 of 3</td>"), std::string::npos);
  EXPECT_NE(page.find("by anna on opsbox"), std::string::npos);
  const json::object data = data_of(page);
  std::size_t numbers = 0;
  for (const json::value& attempts : data.at("attempts").as_array())
    numbers += attempts.as_array().size();
  EXPECT_EQ(numbers, 5U * 7U) << "four attempts of pc1, one of pc2, seven numbers each";
  for (const char* column :
       {"name", "group", "wave", "site", "state", "reason", "cause", "started", "took", "attempts"})
    EXPECT_EQ(data.at(column).as_array().size(), 5U) << column;
}

TEST(Report, Page_LoadsNothingAndRunsNoOtherScript) {
  const Story story;
  const std::string page = report_of(story);
  EXPECT_NE(page.find("\"" + report_policy() + "\""), std::string::npos);
  EXPECT_EQ(report_policy().find("unsafe"), std::string::npos);
  EXPECT_TRUE(report_policy().starts_with("default-src 'none'; style-src 'sha256-"));
  for (const char* word :
       {"http://", "https://", " src=", "innerHTML", "outerHTML", "insertAdjacent",
        "document.write", "eval(", "@import", " style=", " onclick="}) {
    EXPECT_EQ(page.find(word), std::string::npos) << word;
  }
  // Links stay in the page; so do the patterns of the drawings.
  for (const std::string word : {" href=\"", "url("}) {
    for (std::size_t at = page.find(word); at != page.npos; at = page.find(word, at + 1)) {
      const std::string_view target = std::string_view(page).substr(at + word.size());
      EXPECT_TRUE(target.starts_with('#') || target.starts_with("data:,\""))
          << target.substr(0, 40);
    }
  }
}

TEST(Report, Policy_NamesTheDigestOfTheStyleThatTheBrowserSees) {
  const Story story;
  const std::string page = report_of(story);
  const std::size_t begin = page.find("<style>") + 7;
  const std::string style = page.substr(begin, page.find("</style>") - begin);
  EXPECT_EQ(style, report_style());
  // Whatever a style or a script holds, it may not end its own element.
  EXPECT_EQ(report_script().find("</"), std::string::npos);
  EXPECT_EQ(report_style().find("</"), std::string_view::npos);
}

TEST(Report, HostileClient_StaysText) {
  Story story(small_plan(), small_inventory(3, "<img src=x onerror=alert(1)>\x1b\xff"));
  story.ready_site();
  story.end(Subject::client(0), OutcomeKind::refused,
            "</script><script>alert(2)</script>\x1b[2J\xe2\x80\xae");
  const OutputLookup outputs = [](std::int64_t) {
    Output output;
    output.head = "</script><script>alert(3)</script>\x1b]0;t\a\nline 2\xff\r\n";
    output.total_bytes = output.head.size();
    return output;
  };
  const std::string page = report_of(story, outputs);
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_TRUE(is_utf8(page));
  EXPECT_EQ(page.find_first_of("\x1b\a\r"), std::string::npos);
  const auto data = data_of(page);
  EXPECT_EQ(data.at("outputs").at(0).at(2),
            "</script><script>alert(3)</script>\\x1b]0;t\\x07\nline 2\\xff\n");
}

TEST(Report, ClientsInNeed_ComeFirstAndAreFoldedByReason) {
  Plan plan = small_plan();
  plan.groups[0].on_breach = Scope::none;
  Story story(plan);
  story.ready_site();
  story.end(Subject::client(1), OutcomeKind::refused, "disk full");
  const std::string page = report_of(story);
  EXPECT_EQ(data_of(page).at("name").at(0), "pc2");
  EXPECT_NE(page.find("<h3>1. disk full</h3>"), std::string::npos);
  EXPECT_NE(page.find("href=\"#client=pc2\">pc2</a>"), std::string::npos);
}

TEST(Report, LongOutput_KeepsBeginningAndEnd) {
  Output output;
  output.head = "first\n" + std::string(5000, 'x');
  output.tail = std::string(5000, 'y') + "\nlast";
  output.total_bytes = 1'000'000;
  const std::string excerpt = output_excerpt(output, 1000);
  EXPECT_TRUE(excerpt.starts_with("first\n"));
  EXPECT_TRUE(excerpt.ends_with("\nlast"));
  EXPECT_NE(excerpt.find("… 999,000 bytes left out …"), std::string::npos) << excerpt;
}

TEST(Report, NothingHappenedYet_IsStillAPage) {
  const Story story;
  const Rollout fresh(story.schedule);
  const std::string page = html_report(story.schedule, fresh, {}, {}, {});
  EXPECT_NE(page.find("</html>"), std::string::npos);
}

TEST(Report, TwentyThousandClients_AreAllInIt) {
  Story story(small_plan(), small_inventory(20'000));
  story.ready_site();
  story.finish(0);
  story.finish(1);
  const std::string page = report_of(story);
  EXPECT_EQ(data_of(page).at("name").as_array().size(), 20'002U);
  EXPECT_LT(page.size(), 10'000'000U);
}

TEST(History, PauseAndRestart_AreStretches) {
  Story story;
  story.ready_site();
  story.order("pause");
  story.pass(std::chrono::minutes(5));
  story.order("continue");
  story.pass(std::chrono::minutes(5));
  story.start_controller(std::chrono::minutes(3));
  const History history = fold_history(story.schedule, story.events);
  ASSERT_EQ(history.rollout.size(), 2U);
  EXPECT_EQ(history.rollout[0].kind, Stretch::Kind::paused);
  EXPECT_EQ(*history.rollout[0].end - history.rollout[0].begin, std::chrono::minutes(5));
  EXPECT_EQ(history.rollout[1].kind, Stretch::Kind::no_controller);
  EXPECT_EQ(history.actions.size(), 2U);
  EXPECT_EQ(history.controllers.size(), 2U);
}

}  // namespace
}  // namespace sitewide
