#include "adapters/command_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/left_behind.h"
#include "tests/adapters/local_world.h"

namespace sitewide {
namespace {

using namespace std::chrono_literals;
using Kind = Answer::Kind;

class CommandSteps : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(test::children(), 0U); }
  test::LocalWorld world_;
};

TEST_F(CommandSteps, Inspect_TellsWhetherItIsOnTarget) {
  const Answer there = world_.answer(world_.operation(Step::inspect, "exit 0"));
  EXPECT_EQ(there.outcome.kind, OutcomeKind::ok);
  EXPECT_TRUE(there.outcome.on_target);
  const Answer missing = world_.answer(world_.operation(Step::inspect, "echo old; exit 9"));
  EXPECT_EQ(missing.outcome.kind, OutcomeKind::ok);
  EXPECT_FALSE(missing.outcome.on_target);
  EXPECT_EQ(missing.outcome.exit_code, 9);
  EXPECT_EQ(missing.outcome.reason, "exit 9: old");
}

TEST_F(CommandSteps, UpgradeThatFails_SaysItsLastLine) {
  const std::string script = "echo one; printf 'disk \\033[31mfull\\n\\n'; exit 3";
  const Answer answer = world_.answer(world_.operation(Step::upgrade, script));
  EXPECT_EQ(answer.kind, Kind::done);
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::failed);
  EXPECT_EQ(answer.outcome.exit_code, 3);
  EXPECT_EQ(answer.outcome.reason, "exit 3: disk \\x1b[31mfull");
  EXPECT_EQ(answer.output.total_bytes, 20U);
}

TEST_F(CommandSteps, Placeholders_AreSubstitutedOnceAndAlone) {
  Operation operation = world_.operation(Step::upgrade, "printf %s \"$1\"");
  operation.argv.insert(operation.argv.end(), {"sh", "[{client.ring}]"});
  operation.values["client.ring"] = "a b; {client.name} $(id)";
  EXPECT_EQ(world_.answer(operation).output.head, "[a b; {client.name} $(id)]");
  operation.values.clear();
  const Answer refused = world_.answer(operation);
  EXPECT_EQ(refused.outcome.kind, OutcomeKind::refused);
  EXPECT_THAT(refused.outcome.reason, testing::HasSubstr("client.ring"));
}

TEST_F(CommandSteps, ClientThatIsOff_IsUnreachable) {
  Operation operation = world_.operation(Step::upgrade, "exit 0");
  operation.client.root += "/off";
  const Answer answer = world_.answer(operation);
  EXPECT_EQ(answer.kind, Kind::done);
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::unreachable);
}

TEST_F(CommandSteps, NoEndByTheDeadline_LeavesAnEffectInDoubtAndAReadNot) {
  Operation upgrade = world_.operation(Step::upgrade, "sleep 61");
  upgrade.action.deadline = world_.context.now() + 200ms;
  const Answer doubt = world_.answer(upgrade);
  EXPECT_EQ(doubt.kind, Kind::in_doubt);
  EXPECT_EQ(doubt.outcome.kind, OutcomeKind::timed_out);
  Operation verify = world_.operation(Step::verify, "sleep 61");
  verify.action.deadline = world_.context.now() + 200ms;
  const Answer late = world_.answer(verify);
  EXPECT_EQ(late.kind, Kind::done);
  EXPECT_EQ(late.outcome.kind, OutcomeKind::timed_out);
}

TEST_F(CommandSteps, DeadlineThatHasPassed_StartsNothing) {
  Operation operation = world_.operation(Step::upgrade, ": >started");
  operation.action.deadline = world_.context.now() - 1ms;
  const Answer answer = world_.answer(operation);
  EXPECT_EQ(answer.kind, Kind::done);
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::timed_out);
  EXPECT_FALSE(std::filesystem::exists(world_.client.path() / "started"));
}

TEST_F(CommandSteps, HealthPoll_WaitsUntilItHolds) {
  const Operation sick = world_.operation(Step::health, "echo starting; exit 1");
  const Answer waits = world_.answer(sick, Purpose::poll);
  EXPECT_EQ(waits.kind, Kind::pending);
  EXPECT_EQ(waits.outcome.reason, "exit 1: starting");
  const Answer holds = world_.answer(world_.operation(Step::health, "exit 0"), Purpose::poll);
  EXPECT_EQ(holds.kind, Kind::done);
  EXPECT_EQ(holds.outcome.kind, OutcomeKind::ok);
  Operation off = sick;
  off.client.root += "/off";
  const Answer unseen = world_.answer(off, Purpose::poll);
  EXPECT_EQ(unseen.kind, Kind::in_doubt);
  EXPECT_EQ(unseen.outcome.kind, OutcomeKind::unreachable);
}

TEST_F(CommandSteps, Recheck_SaysNoAtOnceAndWaitsForAClientThatIsOff) {
  const Operation wrong = world_.operation(Step::recheck, "echo old; exit 1");
  const Answer withdrawn = world_.answer(wrong, Purpose::poll);
  EXPECT_EQ(withdrawn.kind, Kind::done);
  EXPECT_EQ(withdrawn.outcome.kind, OutcomeKind::failed);
  EXPECT_EQ(withdrawn.outcome.reason, "exit 1: old");
  const Answer holds = world_.answer(world_.operation(Step::recheck, "exit 0"), Purpose::poll);
  EXPECT_EQ(holds.kind, Kind::done);
  EXPECT_EQ(holds.outcome.kind, OutcomeKind::ok);
  Operation off = wrong;
  off.client.root += "/off";
  EXPECT_EQ(world_.answer(off, Purpose::poll).kind, Kind::in_doubt);
  const Operation killed = world_.operation(Step::recheck, "kill -9 $$");
  EXPECT_EQ(world_.answer(killed, Purpose::poll).kind, Kind::pending);
}

TEST_F(CommandSteps, RepeatableUpgradeInDoubt_IsVerifiedElseDoneAgain) {
  Operation operation = world_.operation(Step::upgrade, "exit 0");
  EXPECT_EQ(world_.answer(operation, Purpose::recover).kind, Kind::no_effect);
  operation.verify = {"true"};
  const Answer verified = world_.answer(operation, Purpose::recover);
  EXPECT_EQ(verified.kind, Kind::done);
  EXPECT_EQ(verified.outcome.kind, OutcomeKind::ok);
  EXPECT_TRUE(verified.outcome.recovered);
  operation.verify = {"false"};
  EXPECT_EQ(world_.answer(operation, Purpose::abandon).kind, Kind::no_effect);
  operation.client.root += "/off";
  EXPECT_EQ(world_.answer(operation, Purpose::recover).kind, Kind::in_doubt);
}

TEST_F(CommandSteps, Orphans_AreAFact) {
  const Answer answer = world_.answer(world_.operation(Step::upgrade, "setsid sleep 61 & exit 0"));
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::ok);
  EXPECT_EQ(answer.outcome.facts.at("orphans"), "1");
}

}  // namespace
}  // namespace sitewide
