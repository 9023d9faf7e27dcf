#include "orchestrator/core/event_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

using ::testing::HasSubstr;

/// A rollout of two clients, in one wave, on one site.
class EventCodec : public ::testing::Test {
 protected:
  EventCodec() : scene_(plan()), subjects_(scene_.schedule()) {}

  static ScenePlan plan() {
    ScenePlan plan;
    Group& group = plan.group("pc", 2, Method::upgrade_bat);
    group.before = {{Gate::Kind::approval, {}, "board", {}}};
    group.after_wave = {{Gate::Kind::check, {}, "", {}}};
    return plan;
  }
  Result<Event> read(std::string kind, std::string subject, std::string step = "",
                     std::string detail = "", std::string outcome = "") const {
    Record record;
    record.seq = 9;
    record.kind = std::move(kind);
    record.subject = std::move(subject);
    record.step = std::move(step);
    record.outcome = std::move(outcome);
    record.attempt = 1;
    record.detail = std::move(detail);
    return decode(subjects_, record);
  }

  Scene scene_;
  SubjectIndex subjects_;
};

TEST_F(EventCodec, CreatedFromASavedPreview_KeepsItsNameAndWhatWasAccepted) {
  RolloutCreated created{"pc-1", {}, "0.1.0", {}, "0123", {"plan: a → b", "client pc1: removed"}};
  const auto again = decode(subjects_, encode(scene_.schedule(), created, {}));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(std::get<RolloutCreated>(*again).preview, created.preview);
  EXPECT_EQ(std::get<RolloutCreated>(*again).drift, created.drift);
  EXPECT_FALSE(read("rollout_created", "rollout", "", R"({"drift":[1]})"));
  EXPECT_FALSE(read("rollout_created", "rollout", "", R"({"drift":"x"})"));
}

TEST_F(EventCodec, RefusedOrder_KeepsItsVerbBesideItsId) {
  const OrderRefused refused{"abort", "it has ended", {"ann", "desk", "late", "17"}};
  const auto again = decode(subjects_, encode(scene_.schedule(), refused, {}));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(std::get<OrderRefused>(*again).order, "abort");
  EXPECT_EQ(std::get<OrderRefused>(*again).by.order, "17");
  EXPECT_TRUE(read("order_refused", "rollout", "", R"({"order":"17"})"))
      << "as it was written once";
}

TEST_F(EventCodec, SubjectOfAnotherKind_IsNoEvent) {
  EXPECT_TRUE(read("group_started", "group/pc"));
  EXPECT_TRUE(read("client_queued", "client/pc2"));
  for (const auto& [kind, subject] :
       std::vector<std::pair<std::string, std::string>>{{"group_started", "client/pc2"},
                                                        {"group_passed", "site/HQ"},
                                                        {"wave_started", "group/pc"},
                                                        {"client_queued", "group/pc"},
                                                        {"forced_without_backup", "rollout"},
                                                        {"paused", "client/pc1"},
                                                        {"breached", "wave/pc/1"},
                                                        {"skipped", "site/HQ"},
                                                        {"skipped", "rollout"},
                                                        {"retry_ordered", "wave/pc/1"},
                                                        {"success_withdrawn", "group/pc"},
                                                        {"rate_raised", "client/pc1"}}) {
    const auto event = read(kind, subject);
    ASSERT_FALSE(event) << kind << " " << subject;
    EXPECT_EQ(event.error().kind, ErrorKind::journal);
    EXPECT_THAT(event.error().message, HasSubstr("event 9"));
  }
}

TEST_F(EventCodec, StepOfAnotherSubject_IsNoEvent) {
  EXPECT_TRUE(read("step_started", "site/HQ", "stage", R"({"deadline":5})"));
  EXPECT_TRUE(read("step_finished", "client/pc1", "inspect", "", "ok"));
  for (const std::string kind :
       {"step_started", "step_noted", "step_in_doubt", "step_finished", "retry_scheduled"}) {
    // Both ways of reading a row: `{"deadline":…}` alone, and any other detail.
    for (const std::string detail : {R"({"deadline":5})", R"({"due":5, "deadline":5})", ""}) {
      EXPECT_FALSE(read(kind, "client/pc1", "stage", detail, "ok")) << kind;
      EXPECT_FALSE(read(kind, "site/HQ", "inspect", detail, "ok")) << kind;
      EXPECT_FALSE(read(kind, "group/pc", "inspect", detail, "ok")) << kind;
      EXPECT_FALSE(read(kind, "rollout", "stage", detail, "ok")) << kind;
    }
  }
}

TEST_F(EventCodec, WaveOrGateThatIsNotThere_IsNoEvent) {
  EXPECT_TRUE(read("wave_started", "wave/pc/1"));
  EXPECT_FALSE(read("wave_started", "wave/pc/2"));
  EXPECT_FALSE(read("wave_passed", "wave/pc/4294967295"));
  EXPECT_FALSE(read("wave_started", "wave/pc/01"));
  EXPECT_FALSE(read("wave_started", "wave/pc/0"));
  EXPECT_TRUE(read("gate_opened", "group/pc", "", R"({"position":0})"));
  EXPECT_FALSE(read("gate_opened", "group/pc", "", R"({"position":1})"));
  EXPECT_TRUE(read("gate_passed", "group/pc", "", R"({"wave":1,"position":0})"));
  EXPECT_FALSE(read("gate_passed", "group/pc", "", R"({"wave":1,"position":1})"));
  EXPECT_FALSE(read("gate_passed", "group/pc", "", R"({"wave":2,"position":0})"));
  EXPECT_FALSE(read("approved", "group/pc", "", R"({"wave":2,"name":"board"})"));
}

TEST_F(EventCodec, WavesThatBeginAnew_AreReadAsTheyAreWritten) {
  const RollbackStarted started{Scope::group, Subject::group(0), {0}, {}, {Subject::wave_of(0, 0)}};
  const Record record = encode(scene_.schedule(), started, {});
  EXPECT_THAT(record.detail, HasSubstr(R"("begin_anew":["wave/pc/1"])"));
  const auto again = decode(subjects_, record);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(std::get<RollbackStarted>(*again).begin_anew, started.begin_anew);
  for (const std::string waves : {R"(["wave/pc/2"])", R"(["wave/pc/0"])", R"(["group/pc"])",
                                  R"(["wave/other/1"])", R"([1])", R"("wave/pc/1")"}) {
    const std::string detail = R"({"scope":"group","begin_anew":)" + waves + "}";
    EXPECT_FALSE(read("rollback_started", "group/pc", "", detail)) << waves;
  }
}

TEST_F(EventCodec, AskingOfAGate_IsReadAsItIsWritten) {
  const Subject gate = Subject::gate(0, 0, 0);
  Outcome says;
  says.kind = OutcomeKind::inconclusive;
  says.reason = "exit 75: not yet";
  says.exit_code = 75;
  Breached failed{0, 1, 2, "check x failed"};
  for (const Event& event : std::vector<Event>{StepStarted{gate, Step::check, 2, Timestamp()},
                                               StepFinished{gate, Step::check, 2, says},
                                               RetryScheduled{gate, Step::check, Timestamp()},
                                               failed, Paused{{"", "", "asked in vain"}}}) {
    const Record record = encode(scene_.schedule(), event, Timestamp());
    const auto again = decode(subjects_, record);
    ASSERT_TRUE(again) << record.kind;
    EXPECT_EQ(encode(scene_.schedule(), *again, Timestamp()), record) << record.kind;
  }
  EXPECT_EQ(encode(scene_.schedule(), StepFinished{gate, Step::check, 2, says}, {}).subject,
            "gate/pc/1/1");
}

TEST_F(EventCodec, AskingOfWhatDoesNotAsk_IsNoEvent) {
  const std::string detail = R"({"deadline":5})";
  EXPECT_TRUE(read("step_started", "gate/pc/1/1", "check", detail));
  EXPECT_FALSE(read("step_started", "gate/pc/before/1", "check", detail)) << "an approval";
  for (const std::string subject :
       {"gate/pc/1/2", "gate/pc/2/1", "gate/pc/1/0", "gate/pc/1/01", "gate/pc/1", "gate/pc",
        "gate/", "gate/pc/after/1", "gate/other/1/1", "group/pc", "client/pc1", "site/HQ"}) {
    EXPECT_FALSE(read("step_started", subject, "check", detail)) << subject;
  }
  EXPECT_FALSE(read("step_started", "gate/pc/1/1", "inspect", detail));
  EXPECT_FALSE(read("step_in_doubt", "gate/pc/1/1", "check", "{}")) << "it changes nothing";
  EXPECT_FALSE(read("step_noted", "gate/pc/1/1", "check", "{}"));
  EXPECT_FALSE(read("skipped", "gate/pc/1/1"));
}

TEST_F(EventCodec, NumberOutOfItsRange_IsNoEvent) {
  EXPECT_TRUE(read("breached", "group/pc", "", R"({"failed":1,"tolerated":0})"));
  for (const std::string number : {"-1", "4294967296", "18446744073709551615", "1.5", "\"1\""}) {
    EXPECT_FALSE(read("breached", "group/pc", "", R"({"failed":)" + number + "}")) << number;
  }
  EXPECT_FALSE(read("clock_jumped", "rollout", "", R"({"by":18446744073709551615})"));
  EXPECT_FALSE(read("gate_opened", "group/pc", "", R"({"wave":0,"position":0})"));
}

TEST_F(EventCodec, FlagThatIsNone_IsNoEvent) {
  EXPECT_FALSE(read("client_settled", "client/pc1", "", R"({"final":"no"})", "late"));
  EXPECT_FALSE(read("step_noted", "client/pc1", "converge", R"({"reachable":0})"));
}

}  // namespace
}  // namespace sitewide
