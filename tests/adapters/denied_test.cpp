// A client or site that answers and does not let us in: nothing is done there and nothing is tried
// again, and nobody who only looks takes it for a failure.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/sms/work.h"
#include "tests/adapters/local_world.h"

namespace sitewide {
namespace {

using Kind = Answer::Kind;

class ClosedDoor : public ClientTransport {
 public:
  boost::asio::awaitable<RunResult> run(const Operation&, RunRequest) override {
    RunResult result;
    result.kind = RunResult::Kind::denied;
    result.reason = "the host key of pc1 has changed";
    co_return result;
  }
  std::shared_ptr<Files> files(const Operation&) override { return nullptr; }
  bool keeps_records() const override { return false; }
};

class Denied : public testing::Test {
 protected:
  void SetUp() override { world_.context.transport = std::make_shared<ClosedDoor>(); }
  Answer ask(Step step, Purpose purpose) {
    Operation operation = world_.operation(step, "exit 0");
    operation.verify = {"true"};
    return world_.answer(std::move(operation), purpose);
  }
  test::LocalWorld world_;
};

TEST_F(Denied, Upgrade_IsRefused) {
  const Answer answer = ask(Step::upgrade, Purpose::execute);
  EXPECT_EQ(answer.kind, Kind::done);
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::refused);
  EXPECT_EQ(answer.outcome.reason, "the host key of pc1 has changed");
}

TEST_F(Denied, Poll_HasSeenNothing) {
  const Answer answer = ask(Step::recheck, Purpose::poll);
  EXPECT_EQ(answer.kind, Kind::in_doubt);
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::unreachable);
}

TEST_F(Denied, LookBack_LeavesItInDoubt) {
  const Answer answer = ask(Step::upgrade, Purpose::recover);
  EXPECT_EQ(answer.kind, Kind::in_doubt);
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::unreachable);
}

TEST(DeniedFiles, OfASmsStep_AreRefusedWhenItIsCarriedOutAndNothingSeenWhenItIsLookedAt) {
  const Error error{ErrorKind::denied, "wrong user or password"};
  EXPECT_EQ(sms::answer_for(Purpose::execute, error).outcome.kind, OutcomeKind::refused);
  for (const Purpose purpose : {Purpose::poll, Purpose::recover, Purpose::abandon}) {
    const Answer answer = sms::answer_for(purpose, error);
    EXPECT_EQ(answer.kind, Kind::in_doubt);
    EXPECT_EQ(answer.outcome.kind, OutcomeKind::unreachable);
    EXPECT_EQ(answer.outcome.reason, "wrong user or password");
  }
}

}  // namespace
}  // namespace sitewide
