// AsioLoop: the real clock and event loop. Runs the adapters' coroutines while the engine waits,
// and turns signals into calls. Threads: wait() runs handlers on the caller's thread; post() may be
// called from any thread.
#pragma once

#include <functional>
#include <memory>

#include "orchestrator/engine/clock.h"

namespace boost::asio {
class io_context;
}

namespace sitewide {

class AsioLoop : public Clock {
 public:
  AsioLoop();
  ~AsioLoop() override;

  boost::asio::io_context& context();
  /// Calls `handler` with the signal's number for each SIGINT and SIGTERM; SIGHUP is ignored and
  /// SIGPIPE too.
  void on_signal(std::function<void(int)> handler);

  /// Wall time that goes on evenly: it is read once and moved on by the monotonic clock.
  Timestamp now() override;
  void wait(Timestamp until) override;
  /// The wall clock against ours; more than two seconds apart is a jump, and ours follows it.
  Duration jump() override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sitewide
