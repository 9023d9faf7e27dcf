// HeldBrokenPipe: a write to a connection that is gone fails, and does not end the program, while
// this object is there. For libraries that write without MSG_NOSIGNAL. Holds for its own thread.
#pragma once

#include <pthread.h>
#include <signal.h>

#include <ctime>

namespace sitewide {

class HeldBrokenPipe {
 public:
  HeldBrokenPipe() {
    ::sigemptyset(&signal_);
    ::sigaddset(&signal_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  ~HeldBrokenPipe() {
    const timespec at_once{};
    if (::sigismember(&before_, SIGPIPE) == 1) return;
    while (::sigtimedwait(&signal_, nullptr, &at_once) == SIGPIPE) continue;
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  HeldBrokenPipe(const HeldBrokenPipe&) = delete;
  HeldBrokenPipe& operator=(const HeldBrokenPipe&) = delete;

 private:
  sigset_t signal_{};
  sigset_t before_{};
};

}  // namespace sitewide
