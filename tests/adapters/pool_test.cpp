#include "adapters/pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "tests/adapters/run_awaitable.h"

namespace sitewide {
namespace {

using namespace std::chrono_literals;

boost::asio::awaitable<int> add_on_pool(Pool& pool, int left, int right) {
  auto add = [left, right] { return left + right; };
  co_return co_await pool.run(std::move(add));
}

TEST(Pool, Value_ComesBackOnTheLoop) {
  boost::asio::io_context loop;
  Pool pool(loop.get_executor());
  EXPECT_EQ(test::run_on(loop, add_on_pool(pool, 2, 3)), 5);
}

boost::asio::awaitable<bool> resumes_here(Pool& pool) {
  const auto here = std::this_thread::get_id();
  auto elsewhere = [] { return std::this_thread::get_id(); };
  const auto there = co_await pool.run(std::move(elsewhere));
  co_return there != here&& std::this_thread::get_id() == here;
}

TEST(Pool, Job_RunsElsewhereAndItsCallerResumesHere) {
  boost::asio::io_context loop;
  Pool pool(loop.get_executor());
  EXPECT_TRUE(test::run_on(loop, resumes_here(pool)));
}

boost::asio::awaitable<int> throw_on_pool(Pool& pool) {
  auto fail = []() -> int { throw std::runtime_error("broken"); };
  co_return co_await pool.run(std::move(fail));
}

TEST(Pool, Exception_ReachesTheCaller) {
  boost::asio::io_context loop;
  Pool pool(loop.get_executor());
  EXPECT_THROW(test::run_on(loop, throw_on_pool(pool)), std::runtime_error);
}

TEST(Pool, ManyJobs_ShareFewThreads) {
  boost::asio::io_context loop;
  PoolLimits limits;
  limits.threads = 4;
  Pool pool(loop.get_executor(), limits);
  int sum = 0;
  auto done = [&sum](std::exception_ptr, int value) { sum += value; };
  for (int number = 0; number < 1000; ++number) {
    boost::asio::co_spawn(loop, add_on_pool(pool, number, 1), done);
  }
  loop.run();
  EXPECT_EQ(sum, 999 * 1000 / 2 + 1000);
  EXPECT_LE(pool.load().threads, 4U);
}

// A job that hangs until it is let go.
struct Hang {
  std::mutex mutex;
  std::condition_variable changed;
  bool released = false;
  void operator()() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return released; });
  }
  void release() {
    const std::lock_guard lock(mutex);
    released = true;
    changed.notify_all();
  }
};

boost::asio::awaitable<int> hang_on_pool(Pool& pool, std::shared_ptr<Hang> hang) {
  auto wait = [hang] { (*hang)(); };
  co_await pool.run(std::move(wait));
  co_return 0;
}

TEST(Pool, AllThreadsHung_OthersStillGetOne) {
  boost::asio::io_context loop;
  PoolLimits limits;
  limits.threads = 2;
  limits.most_threads = 3;
  limits.stuck_after = 50ms;
  Pool pool(loop.get_executor(), limits);
  const auto hang = std::make_shared<Hang>();
  auto ignore = [](std::exception_ptr, int) {};
  for (int number = 0; number < 2; ++number) {
    boost::asio::co_spawn(loop, hang_on_pool(pool, hang), ignore);
  }
  int value = 0;
  auto release = [&](std::exception_ptr, int result) {
    value = result;
    hang->release();
  };
  boost::asio::co_spawn(loop, add_on_pool(pool, 20, 22), release);
  loop.run();
  EXPECT_EQ(value, 42);
  EXPECT_EQ(pool.load().threads, 3U);
}

TEST(Pool, ClosedWithAHungJob_SaysSoAndIsSafeToLeave) {
  const auto hang = std::make_shared<Hang>();
  {
    boost::asio::io_context loop;
    Pool pool(loop.get_executor());
    auto ignore = [](std::exception_ptr, int) {};
    boost::asio::co_spawn(loop, hang_on_pool(pool, hang), ignore);
    loop.run_for(50ms);
    EXPECT_FALSE(pool.close(50ms));
    EXPECT_FALSE(pool.post_to_loop([] {}));
  }
  hang->release();
}

TEST(Pool, ClosedWithJobsThatWait_DropsThem) {
  boost::asio::io_context loop;
  PoolLimits limits;
  limits.threads = 1;
  Pool pool(loop.get_executor(), limits);
  const auto hang = std::make_shared<Hang>();
  auto ignore = [](std::exception_ptr, int) {};
  boost::asio::co_spawn(loop, hang_on_pool(pool, hang), ignore);
  boost::asio::co_spawn(loop, add_on_pool(pool, 1, 2), ignore);
  loop.run_for(50ms);
  EXPECT_EQ(pool.load().waiting, 1U);
  hang->release();
  EXPECT_TRUE(pool.close(5s));
  EXPECT_EQ(pool.load().waiting, 0U);
}

}  // namespace
}  // namespace sitewide
