#include "orchestrator/core/why.h"

#include <gmock/gmock.h>

#include "tests/views/story.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class Why : public ::testing::Test {
 protected:
  static std::string of(const Story& story, const Subject& subject) {
    return why(story.rollout, subject, story.now);
  }
};

TEST_F(Why, GroupAfterAnother_NamesItAndHowFarItIs) {
  const Story story;
  EXPECT_EQ(of(story, Subject::group(1)), "head-office waits for canary (running, 0 of 2 proven)");
}

TEST_F(Why, ClientOfALaterGroup_SaysWhatItsGroupWaitsFor) {
  const Story story;
  EXPECT_EQ(of(story, Subject::client(3)),
            "pc4 waits; head-office waits for canary (running, 0 of 2 proven)");
}

TEST_F(Why, SiteReplicates_SaysWhatIsMissingAndWhenItIsGivenUp) {
  Story story;
  story.end(Subject::site(0));
  story.note(Subject::site(0), "S768AA1 holds 1 of 2 files");
  const std::string sentence =
      "site HQ waits until its logon servers hold the hotfix: S768AA1 holds 1 of 2 files; looked "
      "at every 1m, given up "
      "at 2026-11-26 14:00 UTC";
  EXPECT_EQ(of(story, Subject::site(0)), sentence);
  EXPECT_EQ(of(story, Subject::group(0)), "canary waits: 0 of 2 proven; " + sentence);
  EXPECT_EQ(of(story, Subject::rollout()), "canary waits: 0 of 2 proven; " + sentence);
}

TEST_F(Why, SiteStepFailedAndIsRetried_SaysWhen) {
  Story story;
  story.end(Subject::site(0), OutcomeKind::failed, "disk full");
  const std::string sentence = of(story, Subject::site(0));
  EXPECT_TRUE(sentence.starts_with("site HQ: stage failed: disk full; tried again at 14:00:3"))
      << sentence;
}

TEST_F(Why, SiteFailedForGood_HaltsAndSaysWhatToDo) {
  Story story;
  story.end(Subject::site(0), OutcomeKind::refused, "wrong CPU");
  story.end(Subject::site(0));  // its stage is undone
  EXPECT_EQ(of(story, Subject::site(0)), "site HQ is undone: it holds its originals again");
  EXPECT_EQ(
      of(story, Subject::group(0)),
      "canary waits: the rollout is halted: site HQ: stage refused: wrong CPU; 0 of 2 proven");
}

TEST_F(Why, ApprovalGate_NamesItAndTheCommand) {
  Plan plan = small_plan();
  plan.groups[0].before.push_back({Gate::Kind::approval, {}, "change-board", {}});
  const Story story(plan);
  EXPECT_EQ(of(story, Subject::group(0)),
            "canary waits for approval change-board; `sitewide approve q237690-3 canary "
            "change-board` gives it");
}

TEST_F(Why, Soak_SaysUntilWhenAndHowLong) {
  Plan plan = small_plan();
  plan.groups[0].after_wave.push_back({Gate::Kind::soak, minutes(10), "", {}});
  Story story(plan);
  story.ready_site();
  story.finish(0);
  story.finish(1);
  story.pass(minutes(4));
  const std::string sentence = of(story, Subject::group(0));
  EXPECT_TRUE(sentence.starts_with("canary soaks after wave 1 of 1 until 14:10:")) << sentence;
  EXPECT_TRUE(sentence.ends_with("UTC (6m left)")) << sentence;
}

TEST_F(Why, ConvergingClients_AreFoldedByWhatTheyWaitFor) {
  Plan plan = small_plan();
  plan.groups[0].strict = false;
  Story story(plan);
  story.ready_site();
  story.bring(0, Step::converge);
  story.bring(1, Step::converge);
  story.note(Subject::client(0), "component in use");
  story.note(Subject::client(1), "component in use");
  EXPECT_EQ(of(story, Subject::group(0)),
            "canary waits: 0 of 2 proven; 2 component in use (given up at 22:00 UTC)");
  EXPECT_EQ(of(story, Subject::client(0)),
            "pc1 converges: component in use; looked at every 1m, given up at 22:00 UTC");
}

TEST_F(Why, StrictWave_SaysThatProofIsAwaited) {
  Story story;
  story.ready_site();
  story.bring(0, Step::converge);
  story.end(Subject::client(1));
  story.end(Subject::client(1));
  EXPECT_EQ(of(story, Subject::client(1)),
            "pc2 waits to be triggered: 1 triggered and unproven, the most at a time");
}

TEST_F(Why, LateClient_SaysWhyAndUntilWhen) {
  Story story;
  story.ready_site();
  for (int i = 0; i < 3; ++i) {
    story.end(Subject::client(0), OutcomeKind::unreachable, "does not answer");
    story.pass(minutes(5));
  }
  ASSERT_EQ(story.rollout.client(0).state, ClientState::late);
  EXPECT_EQ(of(story, Subject::client(0)),
            "pc1 is late: does not answer; tried again at 14:25:05 UTC and every 15m, "
            "given up at 2026-11-26 14:00 UTC");
  EXPECT_NE(of(story, Subject::group(0)).find("1 late (retry 14:25:05 UTC)"), std::string::npos);
}

TEST_F(Why, AttemptFailed_SaysThatAnotherFollows) {
  Story story;
  story.ready_site();
  story.bring(0, Step::trigger);
  story.end(Subject::client(0), OutcomeKind::failed, "copy failed");
  EXPECT_EQ(of(story, Subject::client(0)),
            "pc1: trigger failed: copy failed; try 2 of 3 follows at 14:00:38 UTC");
}

TEST_F(Why, Force_SaysHowManyAreNotBackedUp) {
  Story story;
  story.ready_site();
  story.finish(0);
  story.finish(1);
  for (const std::uint32_t c : {2U}) {
    story.end(Subject::client(c));
    story.end(Subject::client(c));
  }
  const std::string sentence = "force of HQ waits until 2 clients are backed up";
  EXPECT_EQ(of(story, Subject::site(0)), sentence);
  EXPECT_EQ(of(story, Subject::client(2)), "pc3 is backed up and waits; " + sentence);
  EXPECT_TRUE(
      of(story, Subject::group(1)).starts_with("head-office waits: 0 of 3 proven; " + sentence));
}

TEST_F(Why, ForceOutsideItsWindow_SaysWhenItOpens) {
  Plan plan = small_plan();
  Window window;
  window.days = {true, true, true, true, true, true, true};
  window.start = hours(22);
  window.length = hours(7);
  plan.groups[1].windows.push_back(window);
  Story story(plan);
  story.ready_site();
  story.finish(0);
  story.finish(1);
  for (std::uint32_t c = 2; c < 5; ++c) story.finish(c);
  const std::string sentence = of(story, Subject::site(0));
  EXPECT_TRUE(sentence.starts_with("force of HQ waits: its window opens at 22:00 UTC (in 7h 59m"))
      << sentence;
}

TEST_F(Why, FullSlots_SaysHowManyRun) {
  Plan plan = small_plan();
  plan.groups[0].in_flight = 1;
  Story story(plan);
  story.ready_site();
  EXPECT_EQ(of(story, Subject::client(1)),
            "pc2 waits for a free slot: 1 of 1 actions of canary run; inspect is next");
}

TEST_F(Why, InDoubt_SaysUntilWhenItIsLookedFor) {
  Story story;
  story.ready_site();
  story.bring(0, Step::trigger);
  story.tell(StepInDoubt{Subject::client(0), Step::trigger, 1, "connection lost"});
  const std::string sentence = of(story, Subject::client(0));
  EXPECT_TRUE(
      sentence.starts_with("pc1: trigger is in doubt: connection lost; looked for until 22:00 UTC"))
      << sentence;
  EXPECT_TRUE(sentence.ends_with(", then it needs hands")) << sentence;
}

TEST_F(Why, NewControllerWithOpenAttempts_FirstFindsOutAboutThem) {
  Story story;
  story.ready_site();
  story.bring(0, Step::trigger);
  story.start_controller(minutes(30));
  EXPECT_EQ(
      of(story, Subject::group(0)),
      "canary waits: first it is found out what became of 1 attempt in doubt: trigger of pc1; "
      "0 of 2 proven");
}

TEST_F(Why, Paused_SaysWhatGoesOnAndHow) {
  Story story;
  story.ready_site();
  story.bring(0, Step::converge);
  story.order("pause");
  EXPECT_EQ(of(story, Subject::rollout()),
            "q237690-3 is paused: tills ok; what was triggered is still observed; 0 of 5 clients "
            "proven; `sitewide continue q237690-3` goes on");
  EXPECT_EQ(of(story, Subject::group(1)),
            "head-office waits: the rollout is paused: tills ok; 0 of 3 proven");
}

TEST_F(Why, Breach_NamesTheReasonAndWhatCanBeDone) {
  Plan plan = small_plan();
  plan.groups[0].on_breach = Scope::none;
  plan.groups[0].restore_failed = false;
  Story story(plan);
  story.ready_site();
  story.end(Subject::client(0), OutcomeKind::refused, "disk full");
  story.finish(1);
  EXPECT_EQ(
      what_to_do(story.rollout),
      "`sitewide resume q237690-3 --retry-failed` tries what failed again, `sitewide resume "
      "q237690-3 "
      "--acknowledge 1 --reason …` accepts it, `sitewide rollback q237690-3` puts everything back");
  EXPECT_TRUE(of(story, Subject::group(0))
                  .starts_with("canary is halted: canary: 1 failed, 0 tolerated; "));
  EXPECT_EQ(of(story, Subject::client(0)), "pc1 failed: disk full");
}

TEST_F(Why, ControllerGone_IsInterrupted) {
  Story story;
  story.ready_site();
  WhyOptions options;
  options.controlled = false;
  EXPECT_EQ(why(story.rollout, Subject::rollout(), story.now, options),
            "q237690-3 is interrupted: its controller is gone, its last event is of 14:00:02 UTC; "
            "0 of 5 clients "
            "proven; `sitewide resume q237690-3` goes on");
}

TEST_F(Why, ControllerGoneInTheMiddle_SaysWhatItWasAtAndWhoFindsOut) {
  Story story;
  story.ready_site();
  story.bring(0, Step::trigger);
  WhyOptions options;
  options.controlled = false;
  const auto says = [&](const Subject& subject) {
    return why(story.rollout, subject, story.now, options);
  };
  EXPECT_THAT(says(Subject::rollout()), testing::HasSubstr("; it was at trigger of pc1; "));
  EXPECT_EQ(says(Subject::client(0)),
            "pc1: trigger was under way when the controller went: nobody knows what became of it; "
            "`sitewide resume q237690-3` looks, and goes on");
}

TEST_F(Why, SiteStepInDoubt_SaysWhichAndUntilWhen) {
  Story story;
  story.start_controller(minutes(30));
  WhyOptions gone;
  gone.controlled = false;
  EXPECT_EQ(of(story, Subject::rollout()),
            "q237690-3 waits: first it is found out what became of 1 attempt in doubt: stage of "
            "site HQ");
  EXPECT_EQ(why(story.rollout, Subject::site(0), story.now, gone),
            "site HQ: stage was under way when the controller went: nobody knows what became of "
            "it; `sitewide resume q237690-3` looks, and goes on");
}

TEST_F(Why, AbortThatCancels_SaysWhatIsLookedFor) {
  Story story;
  story.ready_site();
  story.bring(0, Step::trigger);
  story.order("abort", "", "cancel");
  EXPECT_THAT(of(story, Subject::rollout()), testing::HasSubstr("ends 2 running actions"));
}

TEST_F(Why, RollbackRunning_CountsWhatIsLeft) {
  Story story;
  story.ready_site();
  story.bring(0, Step::converge);
  story.order("rollback", "canary");
  EXPECT_TRUE(of(story, Subject::group(0))
                  .starts_with("canary is rolled back: 0 clients restored, 1 to go"))
      << of(story, Subject::group(0));
}

TEST_F(Why, HostileNamesAndReasons_AreEscaped) {
  Story story(small_plan(), small_inventory(3, "p\x1b[2Jc"));
  story.ready_site();
  story.end(Subject::client(0), OutcomeKind::refused, "no\x1b]52;c;evil\a\nway \xff");
  for (const Subject& subject : {Subject::client(0), Subject::group(0), Subject::rollout()}) {
    const std::string sentence = of(story, subject);
    EXPECT_EQ(sentence.find_first_of("\x1b\a\n\xff"), std::string::npos) << sentence;
  }
}

// Whatever happens, every subject can be asked at any time, and the answer is one line.
TEST_F(Why, AnyMoment_HasASentenceForEverything) {
  Story story;
  const auto ask_all = [&] {
    std::vector<Subject> all{Subject::rollout(), Subject::site(0),       Subject::group(0),
                             Subject::group(1),  Subject::wave_of(0, 0), Subject::wave_of(1, 0)};
    for (std::uint32_t c = 0; c < 5; ++c) all.push_back(Subject::client(c));
    for (const Subject& subject : all) {
      const std::string sentence = of(story, subject);
      ASSERT_FALSE(sentence.empty());
      ASSERT_EQ(sentence.find('\n'), std::string::npos);
      ASSERT_FALSE(sentence.ends_with('.')) << sentence;
    }
  };
  for (int i = 0; i < 200 && !story.rollout.ended(); ++i) {
    ask_all();
    const auto open = story.rollout.open_attempts();
    if (open.empty()) {
      story.pass(minutes(1));
    } else {
      story.end(open.front().subject, i == 9 ? OutcomeKind::failed : OutcomeKind::ok,
                "now and then");
    }
  }
  ask_all();
  EXPECT_TRUE(story.rollout.ended());
}

}  // namespace
}  // namespace sitewide
