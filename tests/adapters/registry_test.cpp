#include "adapters/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <stdexcept>

#include "adapters/descendants.h"
#include "tests/adapters/left_behind.h"
#include "tests/adapters/temporary_folder.h"

namespace sitewide {
namespace {

using namespace std::chrono_literals;

// What an SMS step is to the registry: something that takes a while and answers.
boost::asio::awaitable<Answer> slow_step(StepContext context, Operation operation) {
  if (operation.action.attempt == 9) throw std::runtime_error("a bug\x1b[2J");
  boost::asio::steady_timer timer(context.executor, 200ms);
  co_await timer.async_wait(boost::asio::use_awaitable);
  Answer answer;
  answer.outcome.reason = operation.subject_name;
  co_return answer;
}

// A mounted share that does not answer until it is let go: whoever looks at pc0 hangs in it.
class DeadShare {
 public:
  boost::asio::awaitable<Answer> look(StepContext context, Operation operation) {
    const bool hangs = operation.subject_name == "client/pc0";
    auto job = [hangs, gate = gate_] {
      if (hangs) gate.wait();
      return true;
    };
    co_await context.pool->run(std::move(job));
    Answer answer;
    answer.outcome.reason = "seen";
    co_return answer;
  }
  void let_go() { promise_.set_value(); }

 private:
  std::promise<void> promise_;
  std::shared_future<void> gate_{promise_.get_future()};
};

struct Delivered : Answers {
  void deliver(const Action& action, Answer answer) override {
    list.emplace_back(action, std::move(answer));
  }
  std::vector<std::pair<Action, Answer>> list;
};

class Registry : public testing::Test {
 protected:
  Registry() {
    prepare_for_children();
    Transport here;
    here.name = "here";
    here.type = "local";
    here.root = client_.path().string();
    Transport later;
    later.name = "later";
    later.type = "smb";
    schedule_.transports = {here, later};
    for (std::uint32_t number = 0; number < 2; ++number) {
      ScheduledGroup group;
      group.plan.method = Method::command;
      group.plan.command.upgrade = {"/bin/sh", "-c", "sleep 0.2; echo upgraded >state; exit 4"};
      group.plan.command.inspect = {"/bin/sh", "-c", "sleep 61"};
      group.plan.command.repeatable = true;
      group.transport = number;
      schedule_.groups.push_back(group);
      schedule_.lanes.push_back(Lane{number, kNone, kNone, 1});
      schedule_.clients.add("pc" + std::to_string(number), "");
      schedule_.lane_of.push_back(number);
    }
    WorldServices services;
    services.executor = loop_.get_executor();
    services.pool = &pool_;
    services.now = now;
    world_ =
        std::make_unique<WorldAdapter>(schedule_, rollout_, services, standard_tables(slow_step));
  }
  void TearDown() override {
    world_.reset();
    EXPECT_EQ(test::children(), 0U);
  }
  static Timestamp now() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
  static Action action(Step step, std::uint32_t client = 0, Purpose purpose = Purpose::execute) {
    Action made;
    made.subject = Subject::client(client);
    made.step = step;
    made.purpose = purpose;
    made.deadline = now() + 20s;
    return made;
  }
  const Answer& only_answer() {
    EXPECT_EQ(delivered_.list.size(), 1U);
    return delivered_.list.at(0).second;
  }

  test::TemporaryFolder client_;
  /// Programs are found by it, by whatever test process looks on this machine.
  std::string rollout_ = "rollout-" + std::to_string(::getpid());
  Schedule schedule_;
  boost::asio::io_context loop_;
  Pool pool_{loop_.get_executor()};
  Delivered delivered_;
  std::unique_ptr<WorldAdapter> world_;
};

TEST_F(Registry, Command_RunsThroughTheTransportAndAnswersOnce) {
  world_->start(action(Step::upgrade), delivered_);
  EXPECT_TRUE(delivered_.list.empty());
  loop_.run();
  EXPECT_EQ(only_answer().outcome.exit_code, 4);
  EXPECT_EQ(client_.get("state"), "upgraded\n");
}

TEST_F(Registry, StepWithoutAProgram_GoesToTheSmsSteps) {
  world_->start(action(Step::converge, 0, Purpose::poll), delivered_);
  loop_.run();
  EXPECT_EQ(only_answer().outcome.reason, "client/pc0");
}

TEST_F(Registry, UnknownTransport_IsRefused) {
  world_->start(action(Step::upgrade, 1), delivered_);
  loop_.run();
  EXPECT_EQ(only_answer().outcome.kind, OutcomeKind::refused);
  EXPECT_EQ(only_answer().outcome.reason, "transport type smb is not in this version");
}

TEST_F(Registry, StoppedRead_IsEndedAndDoesNotAnswer) {
  const Action inspect = action(Step::inspect);
  world_->start(inspect, delivered_);
  loop_.run_for(100ms);
  world_->stop(inspect);
  loop_.run();
  EXPECT_TRUE(delivered_.list.empty());
  world_->start(inspect, delivered_);  // it may be started anew
  loop_.run_for(50ms);
  world_->stop(inspect);
  loop_.run();
}

TEST_F(Registry, StoppedEffect_FinishesAndAnswers) {
  const Action upgrade = action(Step::upgrade);
  world_->start(upgrade, delivered_);
  loop_.run_for(50ms);
  world_->stop(upgrade);
  loop_.run();
  EXPECT_EQ(only_answer().outcome.exit_code, 4);
  EXPECT_EQ(client_.get("state"), "upgraded\n");
}

TEST_F(Registry, CancelledEffect_IsEndedAndInDoubt) {
  schedule_.groups[0].plan.command.upgrade = {"/bin/sh", "-c", "sleep 61; echo upgraded >state"};
  const Action upgrade = action(Step::upgrade);
  world_->start(upgrade, delivered_);
  loop_.run_for(100ms);
  const auto begun = std::chrono::steady_clock::now();
  world_->cancel(upgrade);
  loop_.run();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 30s);
  EXPECT_EQ(only_answer().kind, Answer::Kind::in_doubt);
  EXPECT_EQ(only_answer().outcome.kind, OutcomeKind::cancelled);
  EXPECT_EQ(only_answer().outcome.reason, "ended by an abort");
  EXPECT_EQ(client_.get("state"), "");
}

TEST_F(Registry, CancelledRead_IsEndedAndSaysSo) {
  const Action inspect = action(Step::inspect);
  world_->start(inspect, delivered_);
  loop_.run_for(100ms);
  world_->cancel(inspect);
  loop_.run();
  EXPECT_EQ(only_answer().kind, Answer::Kind::done);
  EXPECT_EQ(only_answer().outcome.kind, OutcomeKind::cancelled);
}

// An earlier controller started it and is gone.
TEST_F(Registry, CancelledEffectOfAnEarlierController_IsEndedByItsKey) {
  schedule_.groups[0].plan.command.upgrade = {"/bin/sh", "-c", "sleep 61"};
  const Action upgrade = action(Step::upgrade);
  world_->start(upgrade, delivered_);
  loop_.run_for(100ms);
  WorldServices services;
  services.executor = loop_.get_executor();
  services.pool = &pool_;
  services.now = now;
  WorldAdapter next(schedule_, rollout_, services, standard_tables(slow_step));
  next.cancel(upgrade);
  loop_.run();
  EXPECT_EQ(only_answer().outcome.kind, OutcomeKind::failed) << "it was ended by a signal";
}

TEST_F(Registry, StepThatThrows_IsAnInternalErrorAndAnEffectInDoubt) {
  Action trigger = action(Step::trigger);
  trigger.attempt = 9;
  world_->start(trigger, delivered_);
  loop_.run();
  EXPECT_EQ(only_answer().kind, Answer::Kind::in_doubt);
  EXPECT_EQ(only_answer().outcome.reason, "internal error: a bug\\x1b[2J");
}

TEST_F(Registry, AdapterThatGoes_NeverAnswers) {
  world_->start(action(Step::converge, 0, Purpose::poll), delivered_);
  loop_.run_for(20ms);
  world_.reset();
  loop_.run_for(400ms);
  EXPECT_TRUE(delivered_.list.empty());
}

class HungRegistry : public Registry {
 protected:
  HungRegistry() {
    WorldServices services;
    services.executor = loop_.get_executor();
    services.pool = &pool_;
    services.now = now;
    services.longest_look = 50ms;
    auto look = [this](StepContext context, Operation operation) {
      return share_.look(std::move(context), std::move(operation));
    };
    schedule_.groups[1].transport = 0;
    world_ = std::make_unique<WorldAdapter>(schedule_, rollout_, services,
                                            standard_tables(std::move(look)));
  }
  Answer answer_to(Action action) {
    const std::size_t before = delivered_.list.size();
    world_->start(action, delivered_);
    loop_.restart();
    while (delivered_.list.size() == before) loop_.run_one();
    return delivered_.list.back().second;
  }
  static Action poll(std::uint32_t client = 0) {
    return action(Step::converge, client, Purpose::poll);
  }

  DeadShare share_;
};

TEST_F(HungRegistry, SubjectThatHangs_CostsOneThreadUntilItComesBack) {
  EXPECT_EQ(answer_to(poll()).outcome.reason, "no answer within 50ms");
  for (int look = 0; look < 5; ++look) {
    const Answer again = answer_to(poll());
    EXPECT_EQ(again.kind, Answer::Kind::in_doubt);
    EXPECT_EQ(again.outcome.kind, OutcomeKind::unreachable);
    EXPECT_THAT(again.outcome.reason, testing::StartsWith("its files have not answered for "));
  }
  const Answer trigger = answer_to(action(Step::trigger));
  EXPECT_EQ(trigger.kind, Answer::Kind::done) << "it was certainly not begun";
  EXPECT_EQ(trigger.outcome.kind, OutcomeKind::unreachable);
  EXPECT_EQ(pool_.load().running, 1U);
  EXPECT_EQ(answer_to(poll(1)).outcome.reason, "seen") << "others are looked at";
  share_.let_go();
  loop_.restart();
  loop_.run();
  EXPECT_EQ(answer_to(poll()).outcome.reason, "seen");
}

TEST_F(HungRegistry, StoppedLookThatHangs_CountsTooOnceItIsOverdue) {
  world_->start(poll(), delivered_);
  loop_.run_for(10ms);
  world_->stop(poll());
  loop_.restart();
  loop_.run_for(100ms);
  EXPECT_THAT(answer_to(poll()).outcome.reason, testing::StartsWith("its files have not answered"));
  EXPECT_EQ(pool_.load().running, 1U);
  share_.let_go();
  loop_.restart();
  loop_.run();
  EXPECT_EQ(answer_to(poll()).outcome.reason, "seen");
}

TEST_F(Registry, ManyActions_EachGetOneAnswer) {
  for (std::uint32_t attempt = 1; attempt <= 8; ++attempt) {
    Action poll = action(Step::converge, attempt % 2, Purpose::recover);
    poll.attempt = attempt;
    world_->start(poll, delivered_);
  }
  loop_.run();
  EXPECT_EQ(delivered_.list.size(), 8U);
}

}  // namespace
}  // namespace sitewide
