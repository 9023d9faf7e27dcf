// SocketWatchdog: breaks a connection off at a deadline, for libraries that wait for ever in the
// middle of a call. Threads: has one of its own, which ends with the object. Ownership: the socket
// stays its owner's and must outlive this.
#pragma once

#include <sys/socket.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace sitewide {

/// Shuts `socket` down at `deadline`, if it is still there then.
class SocketWatchdog {
 public:
  SocketWatchdog(int socket, std::chrono::steady_clock::time_point deadline)
      : thread_([this, socket, deadline](const std::stop_token& stop) {
          std::unique_lock lock(mutex_);
          if (!over_.wait_until(lock, stop, deadline, [] { return false; }) &&
              !stop.stop_requested())
            ::shutdown(socket, SHUT_RDWR);
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any over_;
  std::jthread thread_;
};

}  // namespace sitewide
