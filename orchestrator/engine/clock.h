// Clock: time and waiting, for the engine. The real one (asio_loop.h) runs the event loop
// meanwhile; the virtual one of preview/ jumps to the next thing that happens. Threads: the
// engine's.
#pragma once

#include "orchestrator/core/time.h"

namespace sitewide {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() = 0;
  /// Returns when something was delivered or posted, or at `until`, whichever is first.
  virtual void wait(Timestamp until) = 0;
  /// How far the wall clock was moved since the last call; zero most of the time.
  virtual Duration jump() { return {}; }
};

}  // namespace sitewide
