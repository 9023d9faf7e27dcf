// Exit codes by which an exec transport's program says that it did not reach the client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/exec.h"
#include "tests/adapters/local_world.h"

namespace sitewide {
namespace {

using Kind = Answer::Kind;

/// A client behind a program that ends with 255 when the client is off, and also when the line is
/// cut while the client's program runs.
class UnreachableExit : public testing::Test {
 protected:
  UnreachableExit() {
    const std::string line =  // no braces: those would be placeholders
        "if test -e off; then echo no route >&2; exit 255; fi; \"$@\"; code=$?; "
        "if test -e cut; then exit 255; fi; exit $code";
    transport_.name = "far";
    transport_.type = "exec";
    transport_.run = {"/usr/bin/env", "-C", root(), "/bin/sh", "-c", line, "line", "{argv}"};
    transport_.read = transport_.write = {"/bin/sh", "-c", "exit 255"};
    transport_.digest = transport_.read;
    transport_.unreachable_exit = {7, 255};
    reach();
  }
  std::string root() const { return world_.client.path().string(); }
  void reach() {
    world_.context.transport =
        std::make_shared<ExecTransport>(transport_, world_.loop.get_executor(), world_.pool);
  }
  void off() { world_.client.put("off", ""); }
  void cut() { world_.client.put("cut", ""); }
  void back() {
    std::filesystem::remove(world_.client.path() / "off");
    std::filesystem::remove(world_.client.path() / "cut");
  }
  Operation operation(Step step, std::string script, bool recorded = false) const {
    Operation made = world_.operation(step, std::move(script));
    made.transport = transport_;
    made.client.root.clear();
    made.repeatable = !recorded;
    return made;
  }
  void keep_records() {
    transport_.records = root() + "/records";
    reach();
  }

  test::LocalWorld world_;
  Transport transport_;
};

TEST_F(UnreachableExit, BeforeAnythingWasDone_IsUnreachable) {
  off();
  for (const Step step : {Step::inspect, Step::verify}) {
    const Answer answer = world_.answer(operation(step, "true"));
    EXPECT_EQ(answer.kind, Kind::done);
    EXPECT_EQ(answer.outcome.kind, OutcomeKind::unreachable);
    EXPECT_EQ(answer.outcome.reason, "not reached: exit 255: no route");
    EXPECT_FALSE(answer.outcome.on_target);
  }
}

TEST_F(UnreachableExit, OfAnEffect_IsInDoubt) {
  off();
  const Answer answer = world_.answer(operation(Step::upgrade, "true"));
  EXPECT_EQ(answer.kind, Kind::in_doubt);
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::unreachable);
}

TEST_F(UnreachableExit, OfAPoll_CouldNotLook) {
  off();
  const Answer answer = world_.answer(operation(Step::health, "true"), Purpose::poll);
  EXPECT_EQ(answer.kind, Kind::in_doubt);
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::unreachable);
}

TEST_F(UnreachableExit, OtherCodes_AreTheClientProgramsOwn) {
  EXPECT_EQ(world_.answer(operation(Step::upgrade, "exit 7")).kind, Kind::in_doubt);
  const Answer answer = world_.answer(operation(Step::upgrade, "exit 3"));
  EXPECT_EQ(answer.kind, Kind::done);
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::failed);
  transport_.unreachable_exit.clear();
  reach();
  EXPECT_EQ(world_.answer(operation(Step::upgrade, "exit 255")).outcome.kind, OutcomeKind::failed);
}

TEST_F(UnreachableExit, LineCutAfterTheUpgrade_TheRecordProvesIt) {
  keep_records();
  cut();
  const Operation upgrade = operation(Step::upgrade, "echo x >>ran", true);
  EXPECT_EQ(world_.answer(upgrade).kind, Kind::in_doubt);
  back();
  const Answer found = world_.answer(upgrade, Purpose::recover);
  EXPECT_EQ(found.kind, Kind::done);
  EXPECT_EQ(found.outcome.kind, OutcomeKind::ok);
  EXPECT_TRUE(found.outcome.recovered);
  EXPECT_EQ(world_.client.get("ran"), "x\n");
}

TEST_F(UnreachableExit, ProgramsOwnCode_IsTakenFromTheRecord) {
  keep_records();
  const Operation upgrade = operation(Step::upgrade, "exit 255", true);
  EXPECT_EQ(world_.answer(upgrade).kind, Kind::in_doubt);
  const Answer found = world_.answer(upgrade, Purpose::recover);
  EXPECT_EQ(found.kind, Kind::done);
  EXPECT_EQ(found.outcome.kind, OutcomeKind::failed);
  EXPECT_EQ(found.outcome.exit_code, 255);
}

TEST_F(UnreachableExit, NeverReached_StaysInDoubtUntilItIsSeenThenHadNoEffect) {
  keep_records();
  off();
  const Operation upgrade = operation(Step::upgrade, "echo x >>ran", true);
  EXPECT_EQ(world_.answer(upgrade).kind, Kind::in_doubt);
  const Answer away = world_.answer(upgrade, Purpose::recover);
  EXPECT_EQ(away.kind, Kind::in_doubt);
  EXPECT_EQ(away.outcome.kind, OutcomeKind::unreachable);
  back();
  EXPECT_EQ(world_.answer(upgrade, Purpose::recover).kind, Kind::no_effect);
  EXPECT_EQ(world_.client.get("ran"), "");
}

TEST_F(UnreachableExit, OfAFileProgram_IsAClientThatIsOff) {
  const auto files = world_.context.transport->files(operation(Step::inspect, "true"));
  auto look = [files] { return files->state("Sms.ini"); };
  const auto state = test::run_on(world_.loop, world_.pool.run(std::move(look)));
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().kind, ErrorKind::unreachable);
}

}  // namespace
}  // namespace sitewide
