// Stopper: ends the waiting of a thread of the pool that is at work on a connection. The loop's
// thread stops; the pool's thread looks, or is woken.
//
// Threads: any. Ownership: shared by both sides.
#pragma once

#include <mutex>
#include <stop_token>

#include "adapters/descriptor.h"

namespace sitewide::ssh {

class Stopper {
 public:
  Stopper();

  /// Wakes whoever polls wake(), and breaks off the connection that is guarded. May be called
  /// twice.
  void stop();
  bool stopped() const { return source_.stop_requested(); }
  std::stop_token token() const { return source_.get_token(); }
  /// Readable once it was stopped; -1 when the system had no descriptor to give.
  int wake() const { return wake_.get(); }

  /// While it lives, stop() breaks `socket` off: for calls that wait inside a library.
  class Guard {
   public:
    Guard(Stopper* stopper, int socket);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    Stopper* stopper_;
  };

 private:
  std::stop_source source_;
  Descriptor wake_;
  std::mutex mutex_;
  int socket_ = -1;  // only while it is guarded, so it is open
};

}  // namespace sitewide::ssh
