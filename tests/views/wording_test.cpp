#include "orchestrator/views/wording.h"

#include <set>

#include "orchestrator/base/text.h"
#include "orchestrator/views/cells.h"
#include "orchestrator/views/pace.h"
#include "tests/views/story.h"

namespace sitewide {
namespace {

constexpr std::string_view kEvil = "x\x1b[31m\n\xff\xe2\x80\xae";

// One event of each kind, with hostile text wherever text can stand.
std::vector<Event> one_of_each() {
  const std::string evil(kEvil);
  const Actor by{evil, evil, evil};
  const Subject client = Subject::client(0);
  Outcome failed;
  failed.kind = OutcomeKind::failed;
  failed.reason = evil;
  failed.exit_code = 41;
  failed.facts["warning"] = evil;
  return {RolloutCreated{evil, {}, evil, by, evil, {evil, evil, evil, evil}},
          ControllerStarted{2, evil, evil, 1, evil, std::chrono::hours(1)},
          ControllerStopping{evil},
          ClockJumped{std::chrono::hours(1)},
          RolloutEnded{RolloutState::completed},
          GroupStarted{0},
          WaveStarted{0, 0},
          WavePassed{0, 0},
          GroupPassed{0, evil},
          GateOpened{{0, 0, 0}},
          GatePassed{{0, kNone, 0}},
          StepStarted{client, Step::inspect, 2, {}},
          StepNoted{client, Step::converge, 1, true, evil},
          StepInDoubt{client, Step::trigger, 1, evil},
          StepFinished{client, Step::trigger, 1, failed},
          RetryScheduled{client, Step::trigger, {}},
          ClientQueued{0},
          ClientSettled{0, ClientState::late, true, evil},
          ForcedWithoutBackup{0},
          Warned{client, evil},
          Breached{0, 2, 1},
          Halted{Subject::group(0), evil},
          RollbackStarted{Scope::group, Subject::group(0), {0}, by},
          RollbackFinished{3, 1},
          Paused{by},
          Continued{by, std::chrono::minutes(5)},
          Aborted{AbortPolicy::rollback, by},
          Approved{0, 0, evil, by},
          Skipped{client, by},
          RetryOrdered{Subject::rollout(), by},
          Acknowledged{0, 1, by},
          OrderRefused{evil, evil, by},
          RateRaised{{20, std::chrono::minutes(1)}, 100, 95},
          SuccessWithdrawn{0, evil}};
}

Plan plan_with_gates() {
  Plan plan = small_plan();
  plan.groups[0].before.push_back({Gate::Kind::approval, {}, "change-board", {}});
  plan.groups[0].after_wave.push_back({Gate::Kind::soak, std::chrono::minutes(10), "", {}});
  Gate smoke;
  smoke.kind = Gate::Kind::check;
  smoke.inquiry.run = {"./smoke"};
  plan.groups[0].after_wave.push_back(smoke);
  return plan;
}

TEST(Wording, EveryKindOfEvent_IsOneSafeSentence) {
  const Schedule schedule = compiled(plan_with_gates(), small_inventory(3, "p\x1b\n\xff"));
  std::set<std::string_view> kinds;
  for (const Event& event : one_of_each()) {
    kinds.insert(kind_of(event));
    const std::string text = sentence(schedule, event);
    EXPECT_FALSE(phrase(schedule, event).empty()) << kind_of(event);
    EXPECT_FALSE(has_control_character(text)) << text;
    EXPECT_TRUE(is_utf8(text)) << text;
    EXPECT_FALSE(name_of(level_of(event)).empty());
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<Event>);
}

TEST(Wording, Sentences_AreThese) {
  const Schedule schedule = compiled(plan_with_gates(), small_inventory());
  const Actor anna{"anna", "opsbox", "tills ok"};
  Outcome failed;
  failed.kind = OutcomeKind::failed;
  failed.reason = "copy failed";
  failed.exit_code = 41;
  const Subject client = Subject::client(0);
  Outcome amiss;
  amiss.facts["warning"] = "Smsls.bat verifies";
  const std::vector<std::pair<Event, std::string>> said = {
      {ControllerStarted{2, "", "", 0, "", std::chrono::hours(-1)},
       "rollout: controller 2 starts; the clock was set back by 1h"},
      {WaveStarted{0, 0}, "canary: wave 1 of 1 starts with 2 clients"},
      {GateOpened{{0, kNone, 0}}, "canary: waits for approval change-board"},
      {GateOpened{{0, 0, 0}}, "canary: soaks for 10m after wave 1 of 1"},
      {GateOpened{{0, 0, 1}}, "canary: waits for check ./smoke after wave 1 of 1"},
      {StepStarted{Subject::gate(0, 0, 1), Step::check, 2, {}},
       "canary: check ./smoke (attempt 2) starts"},
      {StepFinished{Subject::gate(0, 0, 1), Step::check, 2, failed},
       "canary: check ./smoke (attempt 2) failed (exit 41): copy failed"},
      {GatePassed{{0, 0, 1}}, "canary: check ./smoke passes after wave 1 of 1"},
      {Breached{0, 0, 1, "check ./smoke failed: exit 1"},
       "canary: breach: check ./smoke failed: exit 1; no further client action starts"},
      {Paused{{"", "", "canary: check ./smoke is inconclusive, asked 3 times"}},
       "rollout: paused: canary: check ./smoke is inconclusive, asked 3 times"},
      {Approved{0, kNone, "change-board", anna},
       "canary: approval change-board given by anna from opsbox: tills ok"},
      {StepFinished{client, Step::trigger, 2, failed},
       "canary: pc1 trigger (attempt 2) failed (exit 41): copy failed"},
      {StepFinished{Subject::site(0), Step::replicate, 1, amiss},
       "site HQ: replicate ok; warning: Smsls.bat verifies"},
      {StepInDoubt{Subject::site(0), Step::force, 1, "timed out"},
       "site HQ: force is in doubt: timed out"},
      {ClientSettled{0, ClientState::already_current, false, ""}, "canary: pc1 already current"},
      {Breached{0, 2, 1}, "canary: breach: 2 failed, 1 tolerated; no further client action starts"},
      {RollbackStarted{Scope::group, Subject::group(0), {0}, {}},
       "canary: rollback of the group starts; undoes site HQ"},
      {RollbackStarted{Scope::group, Subject::group(0), {}, {}, {Subject::wave_of(0, 0)}},
       "canary: rollback of the group starts; canary begins anew with wave 1"},
      {Continued{{}, std::chrono::minutes(5)}, "rollout: the halt ends the pause (after 5m)"},
      {Acknowledged{1, 1, {"anna", "", "known"}},
       "head-office: 1 failure acknowledged by anna: known; the budget counts on above"},
      {RolloutEnded{RolloutState::completed_with_failures},
       "rollout: ended: completed with failures"},
  };
  for (const auto& [event, text] : said) EXPECT_EQ(sentence(schedule, event), text);
}

TEST(Wording, Glyphs_AreOneCellWideAndDifferent) {
  for (const Charset charset : {Charset::utf8, Charset::ascii}) {
    std::set<std::string_view> clients, groups, rollouts;
    for (int i = 0; i < kClientStates; ++i)
      clients.insert(glyph(static_cast<ClientState>(i), charset));
    for (int i = 0; i <= static_cast<int>(GroupState::skipped); ++i)
      groups.insert(glyph(static_cast<GroupState>(i), charset));
    for (int i = 0; i <= static_cast<int>(RolloutState::aborted); ++i) {
      rollouts.insert(glyph(static_cast<RolloutState>(i), charset));
    }
    EXPECT_EQ(clients.size(), std::size_t{kClientStates});
    EXPECT_EQ(groups.size(), 10U);
    EXPECT_EQ(rollouts.size(), 10U);
    for (const std::string_view mark : clients) {
      EXPECT_EQ(cells_of(mark), 1U) << mark;
      EXPECT_TRUE(charset == Charset::utf8 || mark.size() == 1) << mark;
    }
  }
}

TEST(Wording, Result_CountsWhatIsOnTargetAndWhatIsNot) {
  Story story;
  story.ready_site();
  story.finish(0);
  EXPECT_EQ(describe_result(summarize(story.rollout)),
            "running: 1 of 5 clients are on target, 3 waiting, 1 inspecting");
}

TEST(Cells, Widths_FollowTheTerminal) {
  EXPECT_EQ(cells_of("abc"), 3U);
  EXPECT_EQ(cells_of("é"), 1U);
  EXPECT_EQ(cells_of("e\u0301"), 1U);
  EXPECT_EQ(cells_of("界"), 2U);
  EXPECT_EQ(cells_of("😀"), 2U);
  EXPECT_EQ(fitted("界界界", 5), "界界…");
  EXPECT_EQ(fitted("界界", 3), "界…");
  EXPECT_EQ(fitted("ab", 4), "ab  ");
  EXPECT_EQ(fitting("e\u0301x", 1), "e\u0301");
}

TEST(Pace, SteadyProgress_GivesRateAndRest) {
  Pace pace;
  const Timestamp begin = *parse_timestamp("2026-11-23T14:00:00Z");
  EXPECT_FALSE(pace.per_second());
  for (std::uint32_t i = 0; i <= 300; ++i) pace.look(begin + std::chrono::seconds(i), i * 2);
  ASSERT_TRUE(pace.per_second());
  EXPECT_NEAR(*pace.per_second(), 2.0, 0.05);
  EXPECT_NEAR(static_cast<double>(pace.time_for(100)->count()), 50'000, 2'000);
}

TEST(Pace, NothingMovesAtFirst_IsNotCountedIn) {
  Pace pace;
  const Timestamp begin = *parse_timestamp("2026-11-23T14:00:00Z");
  for (int i = 0; i < 3600; i += 10) pace.look(begin + std::chrono::seconds(i), 0);
  for (std::uint32_t i = 1; i <= 20; ++i) pace.look(begin + std::chrono::seconds(3600 + i * 10), i);
  EXPECT_NEAR(*pace.per_second(), 0.1, 0.02);
}

TEST(Pace, CountThatFalls_BeginsAnew) {
  Pace pace;
  const Timestamp begin = *parse_timestamp("2026-11-23T14:00:00Z");
  pace.look(begin, 0);
  pace.look(begin + std::chrono::seconds(10), 50);
  pace.look(begin + std::chrono::seconds(20), 10);
  EXPECT_FALSE(pace.per_second());
}

TEST(Pace, Rates_AreSaidInTheUnitThatReadsWell) {
  EXPECT_EQ(describe_rate(3.14), "3.1/s");
  EXPECT_EQ(describe_rate(0.2), "12/min");
  EXPECT_EQ(describe_rate(0.001), "3.6/h");
}

}  // namespace
}  // namespace sitewide
