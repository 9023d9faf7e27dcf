#include "adapters/attempt_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <thread>

#include "adapters/process.h"
#include "tests/adapters/left_behind.h"
#include "tests/adapters/local_world.h"

namespace sitewide {
namespace {

using namespace std::chrono_literals;
using Kind = Answer::Kind;

class AttemptRecords : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(test::children(), 0U); }

  Operation once(std::string script) const {
    Operation operation = world_.operation(Step::upgrade, std::move(script));
    operation.repeatable = false;
    return operation;
  }
  std::string record(const std::string& name) const {
    return ".sitewide/" + once("").key + "/" + name;
  }
  /// Starts `operation` under a controller that dies at once, and returns when `file` is there.
  void abandon(const Operation& operation, const std::string& file) {
    {
      boost::asio::io_context loop;
      const auto records = records_folder(operation);
      RunRequest request;
      request.argv = recorded(*records, operation.key, operation.argv);
      request.folder = operation.client.root;
      request.drains_itself = true;
      auto done = [](std::exception_ptr, RunResult) {};
      auto task = run_process(loop.get_executor(), std::move(request));
      boost::asio::co_spawn(loop, std::move(task), done);
      while (!std::filesystem::exists(world_.client.path() / file)) loop.run_for(5ms);
    }
  }

  test::LocalWorld world_;
};

TEST_F(AttemptRecords, Attempt_RunsAndIsRecorded) {
  const Answer answer = world_.answer(once("echo \"$0 hello\"; echo x >>ran; exit 5"));
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::failed);
  EXPECT_EQ(answer.outcome.reason, "exit 5: /bin/sh hello");
  EXPECT_EQ(world_.client.get(record("finished")), "5\n");
  EXPECT_EQ(world_.client.get("ran"), "x\n");
}

TEST_F(AttemptRecords, SameKeyAgain_DoesNotRunAgain) {
  world_.answer(once("echo x >>ran; exit 5"));
  const Answer again = world_.answer(once("echo x >>ran; exit 5"));
  EXPECT_EQ(world_.client.get("ran"), "x\n");
  EXPECT_EQ(again.outcome.kind, OutcomeKind::failed);
  EXPECT_EQ(again.outcome.exit_code, 5);
  EXPECT_TRUE(again.outcome.recovered);
}

TEST_F(AttemptRecords, FinishedAttempt_IsRecovered) {
  world_.answer(once("exit 0"));
  const Answer found = world_.answer(once("exit 0"), Purpose::recover);
  EXPECT_EQ(found.kind, Kind::done);
  EXPECT_EQ(found.outcome.kind, OutcomeKind::ok);
  EXPECT_TRUE(found.outcome.recovered);
}

TEST_F(AttemptRecords, NoRecord_IsBuriedSoThatALateLaunchDoesNothing) {
  const Answer found = world_.answer(once("echo x >>ran"), Purpose::recover);
  EXPECT_EQ(found.kind, Kind::no_effect);
  const Answer late = world_.answer(once("echo x >>ran"));
  EXPECT_EQ(world_.client.get("ran"), "");
  EXPECT_EQ(late.outcome.kind, OutcomeKind::failed);
  EXPECT_THAT(late.outcome.reason, testing::HasSubstr("begun or given up before"));
  EXPECT_EQ(world_.answer(once(""), Purpose::abandon).kind, Kind::no_effect);
}

TEST_F(AttemptRecords, ExitCodeOfNotStarted_IsStillTheProgramsOwn) {
  const Answer answer = world_.answer(once("exit 120"));
  EXPECT_EQ(answer.outcome.kind, OutcomeKind::failed);
  EXPECT_EQ(answer.outcome.exit_code, 120);
}

TEST_F(AttemptRecords, ControllerDies_UpgradeGoesOnAndIsFound) {
  // More output than a pipe holds: with nobody reading, a plain child would die of it.
  const Operation operation = once(": >begun; sleep 0.3; head -c 300000 /dev/zero; echo x >>ran");
  abandon(operation, "begun");
  const Answer running = world_.answer(operation, Purpose::recover);
  EXPECT_EQ(running.kind, Kind::pending);
  EXPECT_THAT(running.outcome.reason, testing::HasSubstr("still runs, as process"));
  EXPECT_EQ(world_.answer(operation, Purpose::abandon).kind, Kind::in_doubt);
  Answer found = running;
  while (found.kind == Kind::pending) found = world_.answer(operation, Purpose::recover);
  EXPECT_EQ(found.outcome.kind, OutcomeKind::ok);
  EXPECT_EQ(world_.client.get("ran"), "x\n");
  while (test::children() > 0) world_.answer(operation, Purpose::recover);
}

TEST_F(AttemptRecords, InterruptedAttempt_IsVerifiedElseFailed) {
  Operation operation = once("echo $$ >begun; kill -9 $PPID; sleep 61");
  const Answer killed = world_.answer(operation);
  EXPECT_EQ(killed.outcome.kind, OutcomeKind::failed);
  const Answer failed = world_.answer(operation, Purpose::recover);
  EXPECT_EQ(failed.kind, Kind::done);
  EXPECT_EQ(failed.outcome.kind, OutcomeKind::failed);
  EXPECT_EQ(failed.outcome.reason, "interrupted");
  operation.verify = {"true"};
  EXPECT_EQ(world_.answer(operation, Purpose::recover).outcome.kind, OutcomeKind::ok);
}

TEST_F(AttemptRecords, RecordOfAnotherBoot_IsInterruptedWhateverHasItsNumber) {
  const std::string self = std::to_string(::getpid());
  world_.client.put(record("go/x"), "");
  world_.client.put(record("started"), self + " 1 00000000-0000-0000-0000-000000000000\n");
  const Answer found = world_.answer(once(""), Purpose::recover);
  EXPECT_EQ(found.outcome.reason, "interrupted");
}

TEST_F(AttemptRecords, RecordsThatCannotBeKept_StartNothing) {
  world_.client.put(".sitewide", "a file");
  const Answer answer = world_.answer(once("echo x >>ran"));
  EXPECT_EQ(world_.client.get("ran"), "");
  EXPECT_NE(answer.outcome.kind, OutcomeKind::ok);
  EXPECT_EQ(world_.answer(once(""), Purpose::recover).kind, Kind::in_doubt);
}

TEST_F(AttemptRecords, ManyLaunchesOfOneKey_RunOnce) {
  const Operation operation = once("echo x >>ran");
  int answered = 0;
  auto done = [&answered](std::exception_ptr, Answer) { ++answered; };
  for (int launch = 0; launch < 8; ++launch) {
    auto task = run_command_step(world_.context, operation);
    boost::asio::co_spawn(world_.loop, std::move(task), done);
  }
  world_.loop.run();
  EXPECT_EQ(answered, 8);
  EXPECT_EQ(world_.client.get("ran"), "x\n");
}

TEST(AttemptRecord, Lines_AreReadStrictly) {
  EXPECT_EQ(parse_record("finished 3")->exit_code, 3);
  EXPECT_EQ(parse_record("running 77")->pid, "77");
  for (const char* line :
       {"", "finished", "finished x", "finished 3 4", "finished 256", "finished -1", "Finished 0",
        "running", "none", "finished -0", "finished 007", "running -0", "running 01", "finished 3 ",
        "finished +3"}) {
    EXPECT_FALSE(parse_record(line)) << line;
  }
}

TEST(AttemptRecord, LongKeys_StayOneFileName) {
  const std::string key(5000, 'k');
  const Argv argv = recorded("/records", key, {"true"});
  EXPECT_LE(argv[5].size(), 255U);
  EXPECT_NE(argv[5], recorded("/records", key + "x", {"true"})[5]);
}

}  // namespace
}  // namespace sitewide
