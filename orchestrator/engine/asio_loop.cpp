#include "orchestrator/engine/asio_loop.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

namespace sitewide {
namespace {

using Steady = std::chrono::steady_clock;
constexpr Duration kJump = std::chrono::seconds(2);

Timestamp wall_now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

}  // namespace

struct AsioLoop::State {
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      context.get_executor()};
  boost::asio::signal_set signals{context};
  std::function<void(int)> handler;
  Timestamp wall = wall_now();
  Steady::time_point steady = Steady::now();

  void await_signal() {
    signals.async_wait([this](const boost::system::error_code& error, int number) {
      if (error) return;
      if (handler) handler(number);
      await_signal();
    });
  }
};

AsioLoop::AsioLoop() : state_(std::make_unique<State>()) { std::signal(SIGPIPE, SIG_IGN); }

AsioLoop::~AsioLoop() = default;

boost::asio::io_context& AsioLoop::context() { return state_->context; }

void AsioLoop::on_signal(std::function<void(int)> handler) {
  std::signal(SIGHUP, SIG_IGN);
  state_->handler = std::move(handler);
  state_->signals.add(SIGINT);
  state_->signals.add(SIGTERM);
  state_->await_signal();
}

Timestamp AsioLoop::now() {
  return state_->wall + std::chrono::duration_cast<Duration>(Steady::now() - state_->steady);
}

Duration AsioLoop::jump() {
  const Duration drift = wall_now() - now();
  if (drift < kJump && drift > -kJump) return {};
  state_->wall += drift;
  return drift;
}

// One handler, then whatever else is ready: answers that came together are taken in one turn.
void AsioLoop::wait(Timestamp until) {
  const Duration left = until - now();
  if (left.count() <= 0) {
    state_->context.poll();
    return;
  }
  // Never longer than a second, so that a moved clock is noticed.
  const Duration most = std::min<Duration>(left, std::chrono::seconds(1));
  if (state_->context.run_one_for(most) > 0) state_->context.poll();
}

}  // namespace sitewide
