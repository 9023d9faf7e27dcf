// Pool: threads for work that blocks (mounted shares, hashing), so that the loop never does. A job
// that hangs holds its own thread and nothing else.
//
// Threads: run() is called on the loop's thread and resumes there; the job runs on a thread of the
// pool. Threads are made when needed, up to `threads`; when all of them have been stuck for
// `stuck_after`, up to `most_threads`. Ownership: a job owns what it uses, for it may outlive its
// caller. Destroy the pool before the io_context.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace sitewide {

struct PoolLimits {
  std::size_t threads = 64;
  std::size_t most_threads = 256;
  std::chrono::milliseconds stuck_after = std::chrono::seconds(30);
};

class Pool {
 public:
  explicit Pool(boost::asio::any_io_executor executor, PoolLimits limits = {});
  /// As close() with one second of patience, unless it was closed.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Runs `function()` on a thread of the pool and resumes with its value (or exception) on the
  /// loop. Name the function on the line before and move it in (coroutine rule); let it own its
  /// captures. It cannot be cancelled: a stopped caller is told after the job has ended.
  template <class Function>
  boost::asio::awaitable<std::invoke_result_t<Function&>> run(Function function) {
    using Value = std::invoke_result_t<Function&>;
    if constexpr (std::is_void_v<Value>) {
      std::function<void()> job = std::move(function);
      co_await run_job(std::move(job));
    } else {
      auto value = std::make_shared<std::optional<Value>>();
      std::function<void()> job = [value, work = std::move(function)]() mutable {
        value->emplace(work());
      };
      co_await run_job(std::move(job));
      co_return std::move(**value);
    }
  }

  /// Posts `function` to the loop from any thread; false, and `function` is dropped, once the pool
  /// is closed.
  bool post_to_loop(std::function<void()> function);

  /// Takes no further job, drops those that have not begun, and waits for the others. False when
  /// some are still stuck after `patience`: their threads are left behind, so the process must end
  /// by std::_Exit (or quick_exit), which runs no destructors of statics that such a thread might
  /// still use. Waiting callers are never resumed.
  bool close(std::chrono::milliseconds patience);

  struct Load {
    std::size_t threads = 0;  ///< made and not ended
    std::size_t running = 0;  ///< jobs that have begun
    std::size_t waiting = 0;  ///< jobs that have not
  };
  Load load() const;

 private:
  struct State;
  class Registered;
  boost::asio::awaitable<void> run_job(std::function<void()> job);

  std::shared_ptr<State> state_;
};

}  // namespace sitewide
