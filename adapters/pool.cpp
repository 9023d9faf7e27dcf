#include "adapters/pool.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>

#include "orchestrator/base/check.h"

namespace sitewide {
namespace {

namespace asio = boost::asio;
// A caller that waits. It lives in the caller's coroutine and on the loop's thread alone: a hung
// job outlives the loop, so a job knows its caller by number.
struct Waiter {
  explicit Waiter(const asio::any_io_executor& executor) : event(executor) {}
  asio::steady_timer event;
  bool done = false;
};

}  // namespace

// Shared with every thread, so that one which is left behind still has something to return to.
// `closed` guards the executor: once it is set, nothing is posted there any more.
struct Pool::State {
  State(asio::any_io_executor loop, PoolLimits bounds)
      : executor(std::move(loop)), limits(bounds) {}

  // Makes a thread if the limits allow one more; with the lock held.
  static void add_thread(const std::shared_ptr<State>& state, std::size_t bound);
  // Queues `job`, after which the caller of that number is woken.
  static void submit(const std::shared_ptr<State>& state, std::uint64_t caller,
                     std::function<void()> job);
  void work();
  bool post(std::function<void()> function);

  const asio::any_io_executor executor;
  const PoolLimits limits;
  mutable std::mutex mutex;
  std::condition_variable has_work;
  std::condition_variable thread_ended;
  std::deque<std::function<void()>> jobs;
  std::size_t threads = 0;
  std::size_t idle = 0;
  bool closed = false;

  // The loop's thread only.
  std::map<std::uint64_t, Waiter*> waiters;
  std::uint64_t next_waiter = 0;
};

void Pool::State::add_thread(const std::shared_ptr<State>& state, std::size_t bound) {
  if (state->threads >= bound) return;
  try {
    std::thread([state] { state->work(); }).detach();
    ++state->threads;
  } catch (const std::system_error&) {
    // No thread to be had now: the job waits for one of those that there are.
    check(state->threads > 0, "the system gives the pool not a single thread");
  }
}

void Pool::State::work() {
  std::unique_lock lock(mutex);
  for (;;) {
    ++idle;
    has_work.wait(lock, [this] { return closed || !jobs.empty(); });
    --idle;
    if (closed) break;
    std::function<void()> job = std::move(jobs.front());
    jobs.pop_front();
    lock.unlock();
    job();
    job = nullptr;  // what it owns goes before the lock is taken
    lock.lock();
  }
  --threads;
  thread_ended.notify_all();
}

bool Pool::State::post(std::function<void()> function) {
  const std::lock_guard lock(mutex);
  if (closed) return false;
  asio::post(executor, std::move(function));
  return true;
}

// Keeps a caller known for as long as its coroutine lives.
class Pool::Registered {
 public:
  Registered(State& state, Waiter& waiter) : state_(state), number_(state.next_waiter++) {
    state_.waiters.emplace(number_, &waiter);
  }
  ~Registered() { state_.waiters.erase(number_); }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;
  std::uint64_t number() const { return number_; }

 private:
  State& state_;
  std::uint64_t number_;
};

Pool::Pool(asio::any_io_executor executor, PoolLimits limits)
    : state_(std::make_shared<State>(std::move(executor), limits)) {}

Pool::~Pool() {
  if (!state_->closed) close(std::chrono::seconds(1));
}

bool Pool::post_to_loop(std::function<void()> function) {
  return state_->post(std::move(function));
}

void Pool::State::submit(const std::shared_ptr<State>& state, std::uint64_t caller,
                         std::function<void()> job) {
  const std::lock_guard lock(state->mutex);
  state->jobs.emplace_back([state, caller, work = std::move(job)]() mutable {
    work();
    work = nullptr;
    // The last thing a job does, and only while the loop is still there.
    state->post([state, caller] {
      const auto found = state->waiters.find(caller);
      if (found == state->waiters.end()) return;
      found->second->done = true;
      found->second->event.cancel();
    });
  });
  if (state->jobs.size() > state->idle) add_thread(state, state->limits.threads);
  state->has_work.notify_one();
}

asio::awaitable<void> Pool::run_job(std::function<void()> job) {
  const std::shared_ptr<State> state = state_;
  Waiter waiter(state->executor);
  const Registered caller(*state, waiter);
  const auto thrown = std::make_shared<std::exception_ptr>();
  std::function<void()> guarded = [thrown, work = std::move(job)] {
    try {
      work();
    } catch (...) {
      *thrown = std::current_exception();  // handed on to the caller
    }
  };
  State::submit(state, caller.number(), std::move(guarded));
  while (!waiter.done) {
    // Whoever waits long sees to it that jobs behind a row of hung ones get a thread.
    waiter.event.expires_after(state->limits.stuck_after);
    boost::system::error_code ignored;
    auto waiting = asio::redirect_error(asio::use_awaitable, ignored);
    auto token = asio::bind_cancellation_slot(asio::cancellation_slot(), waiting);
    co_await waiter.event.async_wait(token);
    if (waiter.done) break;
    const std::lock_guard lock(state->mutex);
    if (state->jobs.size() > state->idle) State::add_thread(state, state->limits.most_threads);
  }
  if (*thrown) std::rethrow_exception(*thrown);
}

bool Pool::close(std::chrono::milliseconds patience) {
  std::deque<std::function<void()>> dropped;
  std::unique_lock lock(state_->mutex);
  state_->closed = true;
  dropped.swap(state_->jobs);
  state_->has_work.notify_all();
  return state_->thread_ended.wait_for(lock, patience, [this] { return state_->threads == 0; });
}

Pool::Load Pool::load() const {
  const std::lock_guard lock(state_->mutex);
  return Load{state_->threads, state_->threads - state_->idle, state_->jobs.size()};
}

}  // namespace sitewide
