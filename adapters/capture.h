// Capture: the read end of one pipe that a program prints into, and what came out of it.
// Threads: the loop's. Private to process.cpp; here to keep both files short.
#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <utility>

#include "adapters/descriptor.h"
#include "adapters/output_buffer.h"

namespace sitewide {

class Capture {
 public:
  Capture(const boost::asio::any_io_executor& executor, OutputBuffer buffer)
      : stream_(executor), buffer_(std::move(buffer)) {}

  /// What a write to the pipe comes to when we are gone.
  enum class WhenGone {
    fails,   ///< SIGPIPE
    is_kept  ///< goes on as far as the pipe has room, then waits
  };
  /// Opens the pipe; the caller closes the write end after the spawn. Returns 0 or errno.
  int open(Descriptor& write_end, WhenGone when_gone);
  /// Registers with the reactor; false when that fails for want of memory or watches, and may be
  /// tried again.
  bool attach();
  /// Calls `handler(error)` when there is something to read, or the end.
  template <class Handler>
  void wait(Handler handler) {
    stream_.async_wait(boost::asio::posix::descriptor_base::wait_read, std::move(handler));
  }
  /// Reads what is there, but not for ever, and closes at the end of file.
  void drain();
  void close();

  bool is_open() const { return stream_.is_open(); }
  /// The pipe's inode, by which its other holders are found; 0 when closed.
  ino_t pipe();
  Output take() { return buffer_.take(); }

 private:
  boost::asio::posix::stream_descriptor stream_;
  Descriptor read_end_;  // until it is attached
  OutputBuffer buffer_;
};

}  // namespace sitewide
