#include "orchestrator/views/plain.h"

#include "tests/views/story.h"

namespace sitewide {
namespace {

// A rollout in which one client fails, another is late, and everything is seen by `reporter`.
void tell_short_story(Story& story) {
  story.ready_site();
  story.finish(0);
  for (int i = 0; i < 3; ++i) {
    story.end(Subject::client(1), OutcomeKind::unreachable, "does not answer");
    story.pass(std::chrono::minutes(5));
  }
}

TEST(Plain, ShortStory_IsToldInLines) {
  Story story;
  tell_short_story(story);
  StringSink sink;
  Plain plain(sink);
  plain.report(story.events, story.rollout);
  EXPECT_EQ(
      sink.text(),
      R"(2026-11-23T14:00:00Z rollout     info q237690-3 created by anna from opsbox; 2 groups, 5 clients
2026-11-23T14:00:00Z rollout     info controller 1 starts on opsbox (process 4711)
2026-11-23T14:00:00Z canary      info starts with 2 clients in 1 wave; tolerates none of 2; the 1st failure halts
2026-11-23T14:00:00Z site HQ     info stage starts
2026-11-23T14:00:00Z canary      info wave 1 of 1 starts with 2 clients
2026-11-23T14:00:01Z site HQ     info stage ok
2026-11-23T14:00:01Z site HQ     info replicate starts
2026-11-23T14:00:02Z site HQ     info replicate ok
2026-11-23T14:00:06Z canary      info pc1 upgraded
2026-11-23T14:10:09Z canary      WARN pc2 late: does not answer
2026-11-23T14:10:09Z canary      info wave 1 of 1 passes
2026-11-23T14:10:09Z canary      info passes
2026-11-23T14:10:09Z head-office info starts with 3 clients in 1 wave; tolerates 1 of 3; the 2nd failure halts
2026-11-23T14:10:09Z head-office info wave 1 of 1 starts with 3 clients
2026-11-23T14:10:09Z head-office info progress: 0 of 3 clients settled (inspecting 3)
)");
}

TEST(Plain, ClientThatStaysLate_IsToldOnce) {
  Story story;
  tell_short_story(story);
  StringSink sink;
  Plain plain(sink);
  plain.report(story.events, story.rollout);
  (void)sink.take();
  const std::vector<JournaledEvent> again{
      {99, story.now, ClientSettled{1, ClientState::late, false, "does not answer"}}};
  plain.report(again, story.rollout);
  EXPECT_EQ(sink.text(), "");
  const std::vector<JournaledEvent> last{
      {100, story.now, ClientSettled{1, ClientState::late, true, "does not answer"}}};
  plain.report(last, story.rollout);
  EXPECT_NE(sink.text().find("pc2 late for good: does not answer"), std::string::npos);
}

TEST(Plain, BigRollout_LeavesOutClientsThatWentWell) {
  Story story;
  tell_short_story(story);
  StringSink sink;
  PlainOptions options;
  options.client_lines_max = 4;
  Plain plain(sink, options);
  plain.report(story.events, story.rollout);
  EXPECT_EQ(sink.text().find("pc1 upgraded"), std::string::npos);
  EXPECT_NE(sink.text().find("pc2 late"), std::string::npos);
}

TEST(Plain, NothingMoves_SaysWhatIsWaitedForEveryTenMinutes) {
  Story story;
  StringSink sink;
  Plain plain(sink);
  plain.report(story.events, story.rollout);
  for (int second = 1; second <= 30 * 60; ++second)
    plain.tick(story.now + std::chrono::seconds(second), story.rollout);
  (void)sink.take();
  for (int second = 30 * 60; second <= 50 * 60; ++second) {
    plain.tick(story.now + std::chrono::seconds(second), story.rollout);
  }
  EXPECT_EQ(sink.text(),
            "2026-11-23T14:30:30Z canary      info canary waits: 0 of 2 proven; site HQ: stage is "
            "under way, ended at "
            "14:10:00 UTC at the latest\n"
            "2026-11-23T14:40:30Z canary      info canary waits: 0 of 2 proven; site HQ: stage is "
            "under way, ended at "
            "14:10:00 UTC at the latest\n");
}

TEST(Plain, HostileNamesAndReasons_StayOnTheirLine) {
  Story story(small_plan(), small_inventory(3, "p\x1b[2J\nc"));
  story.ready_site();
  story.end(Subject::client(0), OutcomeKind::refused, "a\r\x1b]0;title\a\xff");
  StringSink sink;
  Plain plain(sink);
  plain.report(story.events, story.rollout);
  EXPECT_EQ(sink.text().find_first_of("\x1b\r\a\xff"), std::string::npos);
  EXPECT_NE(sink.text().find("FAIL p\\x1b[2J\\nc failed: a\\r\\x1b]0;title\\x07\\xff\n"),
            std::string::npos)
      << sink.text();
}

/// Refuses every write while it is told to.
class StubbornSink : public StringSink {
 public:
  bool write(std::string_view text) override { return !refuses && StringSink::write(text); }
  bool refuses = false;
};

TEST(Plain, SlowReader_IsToldHowManyLinesItMissed) {
  Story story;
  StubbornSink sink;
  Plain plain(sink);
  sink.refuses = true;
  plain.report(story.events, story.rollout);
  sink.refuses = false;
  const std::vector<JournaledEvent> next{{9, story.now, Paused{{"anna", "", ""}}}};
  plain.report(next, story.rollout);
  EXPECT_EQ(sink.text(),
            "2026-11-23T14:00:00Z rollout     WARN 5 lines left out: the reader was too slow\n"
            "2026-11-23T14:00:00Z rollout     WARN paused by anna\n");
}

}  // namespace
}  // namespace sitewide
