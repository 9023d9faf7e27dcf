#include "adapters/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <fstream>

#include "adapters/descendants.h"
#include "tests/adapters/left_behind.h"
#include "tests/adapters/run_awaitable.h"
#include "tests/adapters/temporary_folder.h"

namespace sitewide {
namespace {

using namespace std::chrono_literals;
using Kind = RunResult::Kind;

class Process : public testing::Test {
 protected:
  static void SetUpTestSuite() { prepare_for_children(); }
  void SetUp() override {
    run({"true"});  // what the first run opens for good is no leak
    descriptors_ = test::open_descriptors();
  }
  void TearDown() override {
    EXPECT_EQ(test::open_descriptors(), descriptors_);
    EXPECT_EQ(test::children(), 0U);
  }

  RunResult run(RunRequest request, ProcessOptions options = {}) {
    if (request.timeout == 0ms) request.timeout = 20s;
    return test::run_on(loop_, run_process(loop_.get_executor(), std::move(request), options));
  }
  RunResult run(Argv argv) { return run(RunRequest{.argv = std::move(argv)}); }
  RunResult shell(std::string script, std::chrono::milliseconds timeout = 20s) {
    return run(RunRequest{.argv = {"/bin/sh", "-c", std::move(script)}, .timeout = timeout},
               quick());
  }
  static ProcessOptions quick() { return {.grace = 300ms, .linger = 100ms}; }

  boost::asio::io_context loop_;
  std::size_t descriptors_ = 0;
};

TEST_F(Process, ExitCode_IsReported) {
  const RunResult result = shell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(result.kind, Kind::exited);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.output.head, "out\nerr\n");
  EXPECT_EQ(result.output.total_bytes, 8U);
}

TEST_F(Process, Signal_IsNotAnExitCode) {
  const RunResult killed = shell("kill -TERM $$");
  EXPECT_EQ(killed.kind, Kind::signalled);
  EXPECT_EQ(killed.signal, SIGTERM);
  const RunResult fifteen = shell("exit 15");
  EXPECT_EQ(fifteen.kind, Kind::exited);
  EXPECT_EQ(fifteen.exit_code, 15);
}

TEST_F(Process, Arguments_ArriveVerbatim) {
  const RunResult result =
      run({"/usr/bin/printf", "%s|", "a b", "$(id)", "`id`", "x;y", "-n", "*"});
  EXPECT_EQ(result.output.head, "a b|$(id)|`id`|x;y|-n|*|");
}

TEST_F(Process, WithoutInput_ReadsNothing) {
  EXPECT_EQ(shell("cat; readlink /proc/self/fd/0").output.head, "/dev/null\n");
}

TEST_F(Process, Input_ArrivesWhole) {
  const std::string megabyte(1 << 20, 'x');
  const RunResult result = run(RunRequest{.argv = {"wc", "-c"}, .input = megabyte});
  EXPECT_EQ(result.output.head, "1048576\n");
}

TEST_F(Process, InputThatIsNotRead_HarmsNobody) {
  const RunResult result = run(RunRequest{.argv = {"true"}, .input = std::string(1 << 20, 'x')});
  EXPECT_EQ(result.exit_code, 0);
}

TEST_F(Process, FolderAndEnvironment_AreSet) {
  RunRequest request{.argv = {"/bin/sh", "-c", "pwd; echo $COLOUR"}, .folder = "/usr"};
  request.environment["COLOUR"] = "green";
  EXPECT_EQ(run(std::move(request)).output.head, "/usr\ngreen\n");
}

TEST_F(Process, Child_GetsThreeDescriptorsAndDefaultSignals) {
  const int inheritable = ::dup(0);
  const RunResult descriptors = run({"ls", "/proc/self/fd"});
  ::close(inheritable);
  EXPECT_EQ(descriptors.output.head, "0\n1\n2\n3\n");  // 3 is the folder that ls reads
  const RunResult signals = run({"grep", "-hE", "SigIgn|SigBlk", "/proc/self/status"});
  EXPECT_THAT(signals.output.head, testing::StartsWith("SigBlk:\t0000000000000000\nSigIgn:"));
  const std::string ignored = signals.output.head.substr(signals.output.head.rfind('\t') + 1);
  EXPECT_EQ(std::stoull(ignored, nullptr, 16) & 0x7fffffff, 0U);  // the others are the C library's
}

TEST_F(Process, NothingThere_IsUnreachableInWords) {
  const RunResult program = run({"/no/such/program"});
  EXPECT_EQ(program.kind, Kind::unreachable);
  EXPECT_EQ(program.reason, "cannot start /no/such/program: No such file or directory");
  const RunResult folder = run(RunRequest{.argv = {"true"}, .folder = "/no/such"});
  EXPECT_EQ(folder.kind, Kind::unreachable);
  EXPECT_EQ(folder.reason, "folder /no/such cannot be entered");
  EXPECT_EQ(run(Argv{}).kind, Kind::unreachable);
  EXPECT_EQ(run({"echo", std::string("a\0b", 3)}).kind, Kind::unreachable);
}

TEST_F(Process, WithoutDescriptors_IsUnreachableAndRecovers) {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit tight = before;
  const int lowest_free = ::dup(0);
  ::close(lowest_free);
  tight.rlim_cur = static_cast<rlim_t>(lowest_free);
  ::setrlimit(RLIMIT_NOFILE, &tight);
  const RunResult result = run({"true"});
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(result.kind, Kind::unreachable);
  EXPECT_EQ(result.reason, "no pipe: Too many open files");
  EXPECT_EQ(run({"true"}).kind, Kind::exited);
}

TEST_F(Process, LongOutput_KeepsBothEndsAndCountsTheRest) {
  const RunResult result = shell("echo first; head -c 3000000 /dev/zero; echo last");
  EXPECT_EQ(result.output.head.size(), 8192U);
  EXPECT_EQ(result.output.head.substr(0, 6), "first\n");
  EXPECT_EQ(result.output.tail.size(), 57344U);
  EXPECT_EQ(result.output.tail.substr(57344 - 5), "last\n");
  EXPECT_EQ(result.output.total_bytes, 3000011U);
}

TEST_F(Process, KeepOutput_SeparatesErrorsAndKeepsAll) {
  Output errors;
  ProcessOptions options = quick();
  options.keep_output = 1 << 20;
  options.errors = &errors;
  RunRequest request{.argv = {"/bin/sh", "-c", "head -c 200000 /dev/zero; echo oops >&2"}};
  const RunResult result = run(std::move(request), options);
  EXPECT_EQ(result.output.head.size(), 200000U);
  EXPECT_EQ(errors.head, "oops\n");
}

TEST_F(Process, Timeout_EndsTheTree) {
  const auto began = std::chrono::steady_clock::now();
  const RunResult result = shell("sleep 61 & sleep 62", 200ms);
  EXPECT_EQ(result.kind, Kind::timed_out);
  EXPECT_EQ(result.reason, "no end within 200ms");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
}

TEST_F(Process, TimeoutOfAProgramThatIgnoresSigterm_Kills) {
  const RunResult result = shell("trap '' TERM; echo before; sleep 61; sleep 61", 200ms);
  EXPECT_EQ(result.kind, Kind::timed_out);
  EXPECT_EQ(result.output.head, "before\n");
}

TEST_F(Process, TimeoutWithADetachedChild_EndsItToo) {
  const RunResult result = shell("setsid sleep 61 </dev/null >/dev/null 2>&1 & sleep 62", 200ms);
  EXPECT_EQ(result.kind, Kind::timed_out);
}

TEST_F(Process, EndlessOutput_IsStillTimedOut) {
  const RunResult result = shell("yes", 200ms);
  EXPECT_EQ(result.kind, Kind::timed_out);
  EXPECT_GT(result.output.total_bytes, 65536U);
}

TEST_F(Process, DetachedChildThatHoldsThePipe_IsEndedAndCounted) {
  const auto began = std::chrono::steady_clock::now();
  const RunResult result = shell("setsid sleep 61 & echo done");
  EXPECT_EQ(result.kind, Kind::exited);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output.head, "done\n");
  EXPECT_EQ(result.orphans, 1);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
}

TEST_F(Process, ChildLeftInTheGroup_IsEndedAndCounted) {
  const RunResult result = shell("(trap '' TERM; sleep 61; sleep 61) >/dev/null 2>&1 & exit 4");
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_GE(result.orphans, 1);
}

TEST_F(Process, ChildThatEndsSoonAfter_MayFinish) {
  ProcessOptions patient;
  patient.linger = 5s;
  RunRequest request{.argv = {"/bin/sh", "-c", "(sleep 0.2; echo late) & echo early"}};
  const RunResult result = run(std::move(request), patient);
  EXPECT_EQ(result.output.head, "early\nlate\n");
  EXPECT_EQ(result.orphans, 0);
}

TEST_F(Process, ServiceThatDetachedItself_LivesOnAndIsReapedLater) {
  const RunResult result = shell("setsid sleep 0.3 </dev/null >/dev/null 2>&1 &");
  EXPECT_EQ(result.orphans, 0);
  EXPECT_EQ(test::children(), 1U);
  shell("sleep 0.6");
}

boost::asio::awaitable<RunResult> run_cancelled(RunRequest request, ProcessOptions options) {
  const auto executor = co_await boost::asio::this_coro::executor;
  co_return co_await run_process(executor, std::move(request), options);
}

TEST_F(Process, Cancelled_EndsTheProgramThenThrows) {
  boost::asio::cancellation_signal signal;
  boost::asio::steady_timer timer(loop_, 200ms);
  timer.async_wait([&](auto) { signal.emit(boost::asio::cancellation_type::terminal); });
  std::exception_ptr thrown;
  auto done = [&](std::exception_ptr error, RunResult) { thrown = error; };
  auto task = run_cancelled(RunRequest{.argv = {"/bin/sh", "-c", "sleep 61 & sleep 62"}}, quick());
  boost::asio::co_spawn(loop_, std::move(task),
                        boost::asio::bind_cancellation_slot(signal.slot(), done));
  loop_.restart();
  loop_.run();
  ASSERT_TRUE(thrown);
  EXPECT_THROW(std::rethrow_exception(thrown), boost::system::system_error);
}

TEST_F(Process, AbandonedRun_LeavesItsProgramRunning) {
  const std::string mark = testing::TempDir() + "abandoned-" + std::to_string(::getpid());
  {
    boost::asio::io_context loop;
    RunRequest request{.argv = {"/bin/sh", "-c", "sleep 0.3; : >\"$1\"", "sh", mark}};
    auto done = [](std::exception_ptr, RunResult) {};
    auto task = run_process(loop.get_executor(), std::move(request));
    boost::asio::co_spawn(loop, std::move(task), done);
    loop.run_for(50ms);
  }
  EXPECT_EQ(test::children(), 1U);
  shell("sleep 0.6");
  EXPECT_TRUE(std::ifstream(mark).good());
  ::unlink(mark.c_str());
}

// More than a pipe holds at first, and both streams apart where a file is read.
TEST_F(Process, AbandonedRunThatTalks_IsNotEndedByItsOutput) {
  for (const std::size_t keep : {0, 100}) {
    const test::TemporaryFolder folder;
    const std::string script =
        "while [ ! -e go ]; do sleep 0.02; done; head -c 100000 /dev/zero && "
        "head -c 100000 /dev/zero >&2 && : >done";
    {
      boost::asio::io_context loop;
      Output errors;
      ProcessOptions options;
      options.keep_output = keep;
      options.errors = &errors;
      RunRequest request{.argv = {"/bin/sh", "-c", script}, .folder = folder.path().string()};
      auto done = [](std::exception_ptr, RunResult) {};
      auto task = run_process(loop.get_executor(), std::move(request), options);
      boost::asio::co_spawn(loop, std::move(task), done);
      loop.run_for(20ms);
    }
    folder.put("go", "");
    for (int look = 0; look < 1000 && test::children() > 0; ++look) shell("sleep 0.05");
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "done")) << keep;
  }
}

TEST_F(Process, PipeThatOutlivesUs_StillEndsWithItsLastWriter) {
  const RunResult result = shell("exec >&- 2>&-; sleep 0.2; exit 7");
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.orphans, 0);
}

TEST_F(Process, ManyAtOnce_EachKeepsItsOwnStatus) {
  int seen = 0;
  for (int number = 0; number < 100; ++number) {
    const std::string code = std::to_string(number);
    RunRequest request{
        .argv = {"/bin/sh", "-c", "setsid sleep 0.01 >/dev/null 2>&1 & exit " + code}};
    auto task = run_process(loop_.get_executor(), std::move(request));
    auto done = [&seen, number](std::exception_ptr, RunResult result) {
      if (result.exit_code == number) ++seen;
    };
    boost::asio::co_spawn(loop_, std::move(task), done);
  }
  loop_.restart();
  loop_.run();
  EXPECT_EQ(seen, 100);
  shell("sleep 0.2");
  shell("true");
}

}  // namespace
}  // namespace sitewide
