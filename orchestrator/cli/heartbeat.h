// Heartbeat: while it lives, and the loop runs, the rollout's lock file is touched again and again
// (journal/beat.h), so that a resume knows when this controller was last alive. Threads: the
// loop's. Ownership: borrows the loop, and goes after its last wait().
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <filesystem>

#include "orchestrator/engine/asio_loop.h"

namespace sitewide {

class Heartbeat {
 public:
  Heartbeat(AsioLoop& loop, std::filesystem::path lock, Duration every = std::chrono::seconds(10));

 private:
  void wait();

  AsioLoop& loop_;
  std::filesystem::path lock_;
  Duration every_;
  boost::asio::steady_timer timer_;
};

}  // namespace sitewide
