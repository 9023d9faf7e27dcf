// What was put back begins anew: wave by wave, with gates and strictness, and never without proof.
#include <gmock/gmock.h>

#include "orchestrator/core/why.h"
#include "tests/core/canary_and_office.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Names = std::vector<std::string>;

constexpr OutcomeKind kBad = OutcomeKind::refused;
constexpr OutcomeKind kOff = OutcomeKind::unreachable;

Gate soak() { return {Gate::Kind::soak, minutes(10), "", {}}; }
Gate check() {
  Gate gate;
  gate.kind = Gate::Kind::check;
  gate.inquiry.run = {"tills-ok"};
  gate.inquiry.policy = {.attempts = 1, .timeout = minutes(5)};
  return gate;
}

std::string advice(const Scene& scene) { return what_to_do(scene.rollout()); }

// Its first wave was upgraded, its check failed, and it went back.
Scene check_of_first_wave_failed() {
  ScenePlan plan = canary_and_office(4, {{2, false}});
  office(plan).after_wave = {check()};
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.finish_all(Step::upgrade);
  scene.finish("office", OutcomeKind::failed, "tills are down");
  scene.finish_all(Step::restore);
  return scene;
}

TEST(BegunAnew, GateFailedAndNobodyIsTriedAgain_HaltsForWantOfEvidence) {
  Scene scene = check_of_first_wave_failed();
  ASSERT_EQ(scene.settled(ClientState::restored), (Names{"office2", "office1"}));
  ASSERT_EQ(scene.rollout().state(), RolloutState::halted);
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_THAT(scene.open(Step::check), IsEmpty()) << "there is nothing to judge";
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  EXPECT_EQ(scene.rollout().halt_reason(),
            "office wave 1: none of its clients was upgraded since they were put back; no evidence "
            "is never a pass");
}

TEST(BegunAnew, GateFailed_AdviceIsToTryAgain) {
  Scene scene = check_of_first_wave_failed();
  EXPECT_THAT(advice(scene), HasSubstr("`sitewide resume scene-1 --retry-failed` tries again"));
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_THAT(advice(scene), HasSubstr("`sitewide resume scene-1 --retry-failed` tries again"));
}

TEST(BegunAnew, GateFailedAndTriedAgain_IsAskedAnewBeforeTheNextWave) {
  Scene scene = check_of_first_wave_failed();
  EXPECT_TRUE(scene.order("retry"));
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"office1", "office2"}));
  scene.finish_all(Step::upgrade);
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  EXPECT_THAT(scene.open(Step::check), SizeIs(1));
  scene.finish("office");
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"office3", "office4"}));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

// Whoever is answered by an attempt from before the rollback would be answered about what is gone.
TEST(BegunAnew, GateWasBeingAsked_NumbersOfItsAttemptsGoOn) {
  ScenePlan plan = canary_and_office(2, {{1, false}});
  office(plan).after_wave = {check()};
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.finish("office1");
  EXPECT_THAT(scene.open(Step::check), SizeIs(1));
  EXPECT_TRUE(scene.order("rollback", "office"));
  EXPECT_EQ(scene.rollout().open_actions(), 1U) << "the restore alone";
  scene.finish_all(Step::restore);
  EXPECT_TRUE(scene.order("retry"));
  EXPECT_TRUE(scene.order("continue"));
  scene.finish("office1");
  EXPECT_EQ(scene.group("office").asking.attempts, 2U);
}

TEST(BegunAnew, SecondWaveBreached_WavesAndSoaksFollowEachOtherAgain) {
  ScenePlan plan = canary_and_office(4, {{1, false}, {3, false}});
  office(plan).after_wave = {soak()};
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.finish("office1");
  scene.pass(minutes(10));
  scene.finish("office3");
  scene.finish("office2", kBad);
  scene.finish("office4");
  scene.finish_all(Step::restore);
  ASSERT_THAT(scene.settled(ClientState::restored), SizeIs(4));
  EXPECT_TRUE(scene.order("retry"));
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.open(Step::upgrade), Names{"office1"});
  scene.finish("office1");
  EXPECT_EQ(scene.group("office").state, GroupState::soaking);
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  scene.pass(minutes(10));
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"office2", "office3", "office4"}));
  scene.finish_all(Step::upgrade);
  scene.pass(minutes(10));
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(BegunAnew, FirstWaveWasStrict_IsStrictAgain) {
  ScenePlan plan = canary_and_office(4, {{2, false}});
  office(plan).strict = std::nullopt;  // the first wave, as by default
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.finish("office1");
  scene.finish("office2");
  scene.finish("office3", kBad);
  scene.finish("office4");
  scene.finish_all(Step::restore);
  EXPECT_TRUE(scene.order("retry"));
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.open(Step::upgrade), Names{"office1"});
  scene.finish("office1");
  EXPECT_EQ(scene.open(Step::upgrade), Names{"office2"});
  scene.finish("office2");
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"office3", "office4"}));
}

TEST(BegunAnew, Breached_AcceptingTheFailuresAloneIsNoAdvice) {
  ScenePlan plan = canary_and_office(2, {{1, false}});
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.finish("office1");
  scene.finish("office2", kBad);
  scene.finish_all(Step::restore);
  EXPECT_THAT(advice(scene), HasSubstr("--retry-failed` tries what failed again"));
  EXPECT_THAT(advice(scene), testing::Not(HasSubstr("--acknowledge")));
}

// Failures that are accepted are no proof of those that were put back with them.
TEST(BegunAnew, FailureAcknowledgedAndNobodyTriedAgain_Halts) {
  ScenePlan plan = canary_and_office(4, {{2, false}});
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.finish("office1");
  scene.finish("office2");
  scene.finish("office3", kBad);
  scene.finish("office4");
  scene.finish_all(Step::restore);
  EXPECT_TRUE(scene.order("acknowledge"));
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted);
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  EXPECT_TRUE(scene.order("retry"));
  EXPECT_EQ(scene.group("office").wave, 0U);
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.open(Step::upgrade), (Names{"office1", "office2"}));
}

TEST(BegunAnew, ScopeWave_EarlierWaveStandsAndTheLaterOneNeedsProofOfItsOwn) {
  ScenePlan plan;
  Group& group = plan.group("a", 4);
  group.waves = {{1, false}, {2, false}};
  group.on_breach = Scope::wave;
  group.tolerate_failed = {1, false};
  Scene scene(std::move(plan));
  scene.finish("a1");
  scene.finish("a2", kBad);
  scene.finish("a3", kBad);
  scene.finish_all(Step::restore);
  EXPECT_EQ(scene.group("a").wave, 1U);
  EXPECT_TRUE(scene.order("acknowledge"));
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted)
      << "wave 2 was put back and shows nobody";
  EXPECT_TRUE(scene.order("retry", "a2"));
  EXPECT_TRUE(scene.order("continue"));
  scene.finish("a2");
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a4"});
}

TEST(BegunAnew, ApprovalOfWhatWasPutBack_IsAskedForAgain) {
  ScenePlan plan = canary_and_office(2, {{1, false}});
  office(plan).after_wave = {{Gate::Kind::approval, {}, "board", {}}};
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.finish("office1");
  EXPECT_TRUE(scene.order("approve", "office/1", "board"));
  scene.finish("office2", kBad);
  scene.finish_all(Step::restore);
  EXPECT_TRUE(scene.order("retry"));
  EXPECT_TRUE(scene.order("continue"));
  scene.finish("office1");
  EXPECT_EQ(scene.group("office").state, GroupState::awaiting_approval);
  EXPECT_TRUE(scene.order("approve", "office/1", "board"));
  EXPECT_EQ(scene.open(Step::upgrade), Names{"office2"});
}

TEST(BegunAnew, GroupHadPassed_TheNextWaitsForItAgain) {
  ScenePlan plan;
  plan.group("a", 2).waves = {{1, false}};
  Group& second = plan.group("b", 1);
  second.after = {"a"};
  second.before = {{Gate::Kind::approval, {}, "board", {}}};
  plan.group("c", 1);
  Scene scene(std::move(plan));
  scene.finish("c1");
  scene.finish("a1");
  scene.finish("a2");
  ASSERT_EQ(scene.group("a").state, GroupState::passed);
  EXPECT_TRUE(scene.order("rollback", "a"));
  scene.finish_all(Step::restore);
  EXPECT_TRUE(scene.order("retry"));
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_TRUE(scene.order("approve", "b", "board"));
  EXPECT_EQ(scene.open(Step::upgrade), Names{"a1"});
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

// One client that is put back alone takes its wave's proof with it when there was no other.
TEST(BegunAnew, OnlyProofOfAPassedWaveIsPutBackAlone_WaveBeginsAnew) {
  ScenePlan plan = canary_and_office(3, {{1, false}});
  office(plan).after_wave = {soak()};
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.finish("office1");
  ASSERT_EQ(scene.group("office").state, GroupState::soaking);
  EXPECT_TRUE(scene.order("rollback", "office1"));
  scene.finish_all(Step::restore);
  EXPECT_TRUE(scene.order("continue"));
  scene.pass(hours(1));
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  EXPECT_EQ(scene.rollout().state(), RolloutState::halted);
}

// A rollback of what still stands behind an unproven wave does not carry the group past that wave.
TEST(BegunAnew, LaterWaveIsPutBackToo_TheEarlierOneStaysUnproven) {
  ScenePlan plan = canary_and_office(3, {{1, false}});
  Scene scene(std::move(plan));
  scene.finish("canary1");
  for (const std::string client : {"office1", "office2"}) scene.finish(client);
  EXPECT_TRUE(scene.order("rollback", "office1")) << scene.refusal();
  scene.finish("office3");  // what runs on it ends first
  scene.finish_all(Step::restore);
  EXPECT_TRUE(scene.order("rollback", "office")) << scene.refusal();
  scene.finish_all(Step::restore);
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_THAT(scene.open(Step::upgrade), IsEmpty());
  EXPECT_THAT(scene.rollout().halt_reason(), HasSubstr("office wave 1: none of its clients"));
}

TEST(BegunAnew, OneOfManyIsPutBackAlone_GroupGoesOn) {
  ScenePlan plan = canary_and_office(3, {{2, false}});
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.finish("office1");
  scene.finish("office2");
  EXPECT_TRUE(scene.order("rollback", "office1"));
  scene.finish_all(Step::restore);
  scene.finish("office3");
  EXPECT_TRUE(scene.order("continue"));
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed_with_failures);
}

// Journals of engines that named no waves to begin anew go on as those engines did.
TEST(BegunAnew, JournalOfAnOlderEngine_Replays) {
  ScenePlan plan = canary_and_office(4, {{2, false}});
  Scene scene(std::move(plan));
  scene.finish("canary1");
  scene.finish("office1");
  scene.finish("office2");
  scene.apply(RollbackStarted{Scope::group, Subject::group(1), {}, {"anna", "adm1", "because"}});
  scene.decide_all();
  EXPECT_EQ(scene.group("office").wave, 1U);
  scene.finish("office3");
  scene.finish("office4");
  scene.finish_all(Step::restore);
  scene.finish_all(Step::restore);
  EXPECT_TRUE(scene.order("retry"));
  EXPECT_TRUE(scene.order("continue"));
  scene.finish_everything();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed);
}

TEST(BegunAnew, RolledBackGroup_SaysWhatCanBeDone) {
  Scene scene = check_of_first_wave_failed();
  EXPECT_THAT(why(scene.rollout(), Subject::group(1), scene.now()),
              HasSubstr("office is rolled back: 2 restored; `sitewide resume scene-1 "
                        "--retry-failed` tries again"));
}

}  // namespace
}  // namespace sitewide
