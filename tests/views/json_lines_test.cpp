#include "orchestrator/views/json_lines.h"

#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "orchestrator/views/json_text.h"
#include "tests/views/story.h"

namespace sitewide {
namespace {

namespace json = boost::json;

constexpr std::string_view kShortStory =
    R"text({"v":1,"type":"stream","schema":"1.0","sitewide":"0.1.0","rollout":"q237690-3"}
{"v":1,"seq":1,"ts":"2026-11-23T14:00:00Z","type":"rollout_created","level":"info","msg":"rollout: q237690-3 created by anna from opsbox; 2 groups, 5 clients","subject":"rollout","detail":{"id":"q237690-3","schedule":"0000000000000000000000000000000000000000000000000000000000000000","engine":"0.1.0","user":"anna","host":"opsbox"}}
{"v":1,"seq":2,"ts":"2026-11-23T14:00:00Z","type":"controller_started","level":"info","msg":"rollout: controller 1 starts on opsbox (process 4711)","subject":"rollout","detail":{"fence":1,"engine":"0.1.0","host":"opsbox","pid":4711,"user":"anna"}}
{"v":1,"seq":3,"ts":"2026-11-23T14:00:00Z","type":"group_started","level":"info","msg":"canary: starts with 2 clients in 1 wave; tolerates none of 2; the 1st failure halts","subject":"group/canary","group":"canary"}
{"v":1,"seq":4,"ts":"2026-11-23T14:00:00Z","type":"step_started","level":"info","msg":"site HQ: stage starts","subject":"site/HQ","site":"HQ","step":"stage","attempt":1,"detail":{"deadline":"2026-11-23T14:10:00Z"}}
{"v":1,"type":"summary","ts":"2026-11-23T14:00:00Z","level":"warning","msg":"running: 0 of 5 clients are on target, 5 waiting","rollout":"q237690-3","plan":"q237690","state":"running","exit_code":130,"why":"canary waits: 0 of 2 proven; site HQ: stage is under way, ended at 14:10:00 UTC at the latest","clients":5,"on_target":0,"counts":{"waiting":5},"groups":[{"group":"canary","state":"running","clients":2,"wave":1,"waves":1,"failed":0,"tolerated_failed":0,"late":0,"tolerated_late":1,"unproven":0,"in_doubt":0,"counts":{"waiting":2},"why":"canary waits: 0 of 2 proven; site HQ: stage is under way, ended at 14:10:00 UTC at the latest"},{"group":"head-office","state":"waiting","clients":3,"wave":1,"waves":1,"failed":0,"tolerated_failed":1,"late":0,"tolerated_late":1,"unproven":0,"in_doubt":0,"counts":{"waiting":3},"why":"head-office waits for canary (running, 0 of 2 proven)"}],"sites":[{"site":"HQ","phase":"staging","step":"stage","why":"site HQ: stage is under way, ended at 14:10:00 UTC at the latest"}],"reconciliation":{"clients":5,"lists":[{"list":"not_begun","count":5,"clients":[{"client":"pc1","reason":"its turn has not come"},{"client":"pc2","reason":"its turn has not come"},{"client":"pc3","reason":"its turn has not come"},{"client":"pc4","reason":"its turn has not come"},{"client":"pc5","reason":"its turn has not come"}]}]}}
)text";

std::vector<json::object> objects(const std::string& text) {
  std::vector<json::object> lines;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.empty()) lines.push_back(json::parse(line).as_object());
  }
  return lines;
}

TEST(JsonLines, ShortStory_HasHeaderEventsAndSummary) {
  Story story;
  StringSink sink;
  JsonLines view(sink, "0.1.0");
  view.report(std::span(story.events).first(4), story.rollout);
  view.finish(story.rollout, 130);
  EXPECT_EQ(sink.text(), kShortStory);
}

TEST(JsonLines, EveryLine_IsOneObjectWithTheCommonMembers) {
  Story story;
  story.ready_site();
  for (std::uint32_t c = 0; c < 5; ++c) story.finish(c);
  StringSink sink;
  JsonLines view(sink, "0.1.0");
  view.report(story.events, story.rollout);
  const auto lines = objects(sink.text());
  ASSERT_EQ(lines.size(), story.events.size() + 1);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    for (const char* member : {"v", "seq", "ts", "type", "level", "msg", "subject"}) {
      EXPECT_TRUE(lines[i].contains(member)) << json::serialize(lines[i]);
    }
    EXPECT_EQ(lines[i].at("seq").as_int64(), static_cast<std::int64_t>(i));
  }
}

TEST(JsonLines, ClientEvent_NamesClientGroupStepAndOutcome) {
  Story story;
  story.ready_site();
  story.end(Subject::client(0), OutcomeKind::refused, "disk full", 41);
  for (const JournaledEvent& event : story.events) {
    if (!std::holds_alternative<StepFinished>(event.event) ||
        subject_of(event.event).kind != Subject::Kind::client)
      continue;
    const json::object line = objects(json_event(story.schedule, event)).at(0);
    EXPECT_EQ(line.at("client"), "pc1");
    EXPECT_EQ(line.at("group"), "canary");
    EXPECT_EQ(line.at("step"), "inspect");
    EXPECT_EQ(line.at("outcome"), "refused");
    EXPECT_EQ(line.at("detail").at("exit_code"), 41);
    return;
  }
  FAIL() << "the attempt left no event";
}

TEST(JsonLines, HostileText_IsValidUtf8AndObeyedByNoTerminal) {
  Story story(small_plan(), small_inventory(3, "p\x1b\x9b\xffq"));
  story.ready_site();
  story.end(Subject::client(0), OutcomeKind::refused,
            "a\r\n\x1b]0;t\a \xc2\x9b \xe2\x80\xae \x7f \xf0\x28");
  StringSink sink;
  JsonLines view(sink, "0.1.0");
  view.report(story.events, story.rollout);
  view.finish(story.rollout, 11);
  EXPECT_TRUE(is_utf8(sink.text()));
  for (const std::string_view line : split(sink.text(), '\n'))
    EXPECT_FALSE(has_control_character(line)) << line;
  for (const json::object& line : objects(sink.text())) EXPECT_TRUE(line.contains("type"));
}

TEST(JsonText, ForHtml_CannotEndAScriptElement) {
  const std::string text = json_text(json::object{{"a", "</script><!-- & \xe2\x80\xa8"}}, true);
  EXPECT_EQ(text, R"({"a":"\u003c/script\u003e\u003c!-- \u0026 \u2028"})");
  EXPECT_EQ(json::parse(text).at("a"), "</script><!-- & \xe2\x80\xa8");
}

class StubbornSink : public StringSink {
 public:
  bool write(std::string_view text) override { return !refuses && StringSink::write(text); }
  bool refuses = false;
};

TEST(JsonLines, SlowReader_IsToldHowManyLinesItMissed) {
  Story story;
  StubbornSink sink;
  JsonLines view(sink, "0.1.0");
  view.report(std::span(story.events).first(1), story.rollout);
  sink.refuses = true;
  view.report(std::span(story.events).subspan(1, 2), story.rollout);
  sink.refuses = false;
  view.report(std::span(story.events).subspan(3, 1), story.rollout);
  const auto lines = objects(sink.text());
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[2].at("type"), "dropped");
  EXPECT_EQ(lines[2].at("count"), 2);
  EXPECT_EQ(lines[3].at("seq"), 4);
}

}  // namespace
}  // namespace sitewide
