// Notices: which events are worth telling, each once, with all that a reader needs.
#include "orchestrator/views/notice.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "tests/views/story.h"

namespace sitewide {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// What a whole story makes, each event seen when it is the last, as a replay does.
std::vector<Notice> notices_of(const Story& story) {
  NoticeFold fold;
  Rollout rollout(story.schedule);
  std::vector<Notice> all;
  for (const JournaledEvent& event : story.events) {
    rollout.apply(event.event, event.at);
    for (Notice& notice : fold.see({&event, 1}, rollout)) all.push_back(std::move(notice));
  }
  return all;
}

std::vector<Notice> of(Occasion occasion, const std::vector<Notice>& all) {
  std::vector<Notice> some;
  for (const Notice& notice : all) {
    if (notice.occasion == occasion) some.push_back(notice);
  }
  return some;
}

NotifyTarget listener(std::vector<Occasion> on) {
  NotifyTarget target;
  target.on = std::move(on);
  return target;
}

// pc2 of the canary fails, which its budget does not allow.
void breach(Story& story) {
  story.ready_site();
  story.bring(1, Step::trigger);
  for (int i = 0; i < 3 && !story.rollout.halted(); ++i) {
    if (!story.rollout.open_attempt(Subject::client(1))) story.pass(std::chrono::hours(1));
    story.end(Subject::client(1), OutcomeKind::refused, "disk full\x1b[31m");
  }
}

TEST(Notice, Breach_IsOneNoticeWithWhatWhereWhyAndNext) {
  Story story;
  breach(story);
  const auto all = notices_of(story);
  const auto breaches = of(Occasion::breach, all);
  ASSERT_EQ(breaches.size(), 1U);
  EXPECT_THAT(of(Occasion::halt, all), IsEmpty());
  const Notice& notice = breaches.front();
  EXPECT_THAT(notice.what, HasSubstr("canary: breach: 1 failed, 0 tolerated"));
  EXPECT_EQ(notice.where, "group canary, wave 1 of 1");
  EXPECT_EQ(notice.why, "pc2 failed: disk full\\x1b[31m; the group is rolled back by itself");
  EXPECT_THAT(notice.next, ElementsAre("sitewide why q237690-3", "sitewide log q237690-3 pc2",
                                       "sitewide watch q237690-3"));
  EXPECT_EQ(notice.host, "opsbox");
  EXPECT_EQ(notice.subject, "group/canary");
}

TEST(Notice, BreachWithoutRollback_NamesWhatMendsIt) {
  Plan plan = small_plan();
  plan.groups[0].on_breach = Scope::none;
  Story story(plan);
  breach(story);
  const auto breaches = of(Occasion::breach, notices_of(story));
  ASSERT_EQ(breaches.size(), 1U);
  EXPECT_THAT(
      breaches.front().next,
      ElementsAre("sitewide why q237690-3", "sitewide log q237690-3 pc2",
                  "sitewide resume q237690-3 --retry-failed", "sitewide rollback q237690-3"));
}

TEST(Notice, ReceiverOfHaltsOrBreachesOrBoth_IsToldOfABreachOnce) {
  Story story;
  breach(story);
  for (const NotifyTarget& target : {listener({Occasion::halt}), listener({Occasion::breach}),
                                     listener({Occasion::halt, Occasion::breach})}) {
    std::size_t told = 0;
    for (const Notice& notice : notices_of(story)) told += notice.concerns(target) ? 1U : 0U;
    EXPECT_EQ(told, 1U);
  }
}

TEST(Notice, OrdersOfOperators_AreNoNews) {
  Story story;
  story.order("pause");
  story.order("continue");
  EXPECT_THAT(of(Occasion::halt, notices_of(story)), IsEmpty());
}

TEST(Notice, PauseThatNobodyOrdered_IsToldAsAHalt) {
  Story story;
  story.tell(Paused{});
  const auto halts = of(Occasion::halt, notices_of(story));
  ASSERT_EQ(halts.size(), 1U);
  EXPECT_EQ(type_of(halts.front()), "sitewide.rollout.paused");
  EXPECT_THAT(halts.front().next, ::testing::Contains("sitewide continue q237690-3"));
}

Plan with_approval() {
  Plan plan = small_plan();
  Gate gate;
  gate.kind = Gate::Kind::approval;
  gate.approval = "change-board";
  plan.groups[0].before.push_back(gate);
  plan.groups[0].after_wave.push_back(gate);
  return plan;
}

TEST(Notice, ApprovalThatIsWaitedFor_NamesTheCommandThatGivesIt) {
  Story story(with_approval());
  const auto all = of(Occasion::approval, notices_of(story));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().next.front(), "sitewide approve q237690-3 canary change-board");
  EXPECT_EQ(all.front().where, "group canary");
}

TEST(Notice, ApprovalAfterAWave_NamesTheWave) {
  Story story(with_approval());
  story.order("approve", "canary", "change-board");
  story.ready_site();
  story.finish(0);
  story.finish(1);
  const auto all = of(Occasion::approval, notices_of(story));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all.back().next.front(), "sitewide approve q237690-3 canary/1 change-board");
}

TEST(Notice, ApprovalGivenEarly_IsNoNews) {
  Story story(with_approval());
  story.order("approve", "canary/1", "change-board");
  story.order("approve", "canary", "change-board");
  story.ready_site();
  story.finish(0);
  story.finish(1);
  ASSERT_EQ(story.rollout.group(0).state, GroupState::passed);
  EXPECT_EQ(of(Occasion::approval, notices_of(story)).size(), 1U);
}

TEST(Notice, ManyClientsThatNeedHands_MakeOneNoticeAGroup) {
  Story story;
  NoticeFold fold;
  std::vector<JournaledEvent> events;
  for (const std::uint32_t client : {0U, 1U}) {
    events.push_back(
        {100 + static_cast<std::int64_t>(client), story.now,
         ClientSettled{client, ClientState::needs_hands, false, "changed by someone"}});
  }
  const auto told = fold.see(events, story.rollout);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().why, "changed by someone");
  EXPECT_THAT(told.front().next,
              ElementsAre("sitewide why q237690-3 pc1", "sitewide log q237690-3 pc1"));
  EXPECT_THAT(fold.see(events, story.rollout), IsEmpty());
  const JournaledEvent retry{200, story.now, RetryOrdered{Subject::rollout(), {}}};
  fold.see({&retry, 1}, story.rollout);
  EXPECT_EQ(fold.see(events, story.rollout).size(), 1U);
}

TEST(Notice, StartAndEnd_AreToldOnce) {
  Story story;
  const auto started = of(Occasion::start, notices_of(story));
  ASSERT_EQ(started.size(), 1U);
  NoticeFold fold;
  const JournaledEvent end{9, story.now, RolloutEnded{RolloutState::completed_with_failures}};
  const auto ended = fold.see({&end, 1}, story.rollout);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_THAT(ended.front().what, HasSubstr("ended: completed with failures"));
  EXPECT_THAT(ended.front().next, ElementsAre("sitewide why q237690-3",
                                              "sitewide report q237690-3 --html q237690-3.html"));
}

TEST(Notice, CloudEvent_HasWhatTheStandardRequires) {
  Story story;
  breach(story);
  const Notice notice = of(Occasion::breach, notices_of(story)).front();
  const std::string text = cloud_event(notice, {"q237690-3.0a1b"});
  EXPECT_EQ(text.find('\n'), text.npos);
  const auto event = boost::json::parse(text).as_object();
  EXPECT_EQ(event.at("specversion"), "1.0");
  EXPECT_EQ(event.at("id").as_string(), "q237690-3/" + std::to_string(notice.seq));
  EXPECT_EQ(event.at("source"), "/sitewide/q237690-3.0a1b");
  EXPECT_EQ(event.at("type"), "sitewide.rollout.breached");
  EXPECT_EQ(event.at("subject"), "group/canary");
  EXPECT_THAT(std::string(event.at("time").as_string()), HasSubstr("2026-11-23T"));
  const auto& data = event.at("data").as_object();
  EXPECT_EQ(data.at("where"), "group canary, wave 1 of 1");
  EXPECT_EQ(data.at("clients"), 5);
  EXPECT_EQ(data.at("on_target"), 0);
  EXPECT_EQ(data.at("next").as_array().front(), "sitewide why q237690-3");
}

TEST(Notice, Mail_HasHeadersThatNothingCanBreakOutOf) {
  Plan plan = small_plan();
  Story story(plan, small_inventory(3, "p\xc3\xa4 1"));
  story.ready_site();
  story.bring(0, Step::trigger);
  for (int i = 0; i < 3 && !story.rollout.halted(); ++i)
    story.end(Subject::client(0), OutcomeKind::refused, "x\r\nBcc: evil@example.org\r\n\r\nbody");
  Notice notice = of(Occasion::breach, notices_of(story)).front();
  notice.what += " \xe2\x9c\x96 p\xc3\xa4";
  Email email;
  email.to = {"anna@example.org", "root"};
  email.from = "sitewide@example.org";
  const std::string mail = mail_of(notice, {"q237690-3.0a1b"}, email, 2);
  const std::size_t end = mail.find("\n\n");
  const std::string head = mail.substr(0, end);
  EXPECT_THAT(head, HasSubstr("From: sitewide@example.org\nTo: anna@example.org,\n root\n"));
  EXPECT_THAT(head, HasSubstr("Subject: =?utf-8?Q?"));
  EXPECT_THAT(head, HasSubstr("Message-ID: <q237690-3.0a1b."));
  EXPECT_THAT(head, Not(HasSubstr("Bcc")));
  for (const char c : head) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
  EXPECT_THAT(mail.substr(end), HasSubstr("Run next:\n  sitewide why q237690-3\n"));
  EXPECT_THAT(mail, Not(HasSubstr("\r")));
  EXPECT_TRUE(is_utf8(mail));
}

}  // namespace
}  // namespace sitewide
