// Sink: where a view's text goes. A sink never blocks; what it cannot take at once it refuses as a
// whole, and the view decides what to do about that.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "orchestrator/core/time.h"

namespace sitewide {

class Sink {
 public:
  virtual ~Sink() = default;
  /// Takes all of `text`, or nothing: false says that the reader is too slow just now. A reader
  /// that is gone takes everything.
  virtual bool write(std::string_view text) = 0;
  /// Why what was written is lost; empty while nothing is, and when the reader left of its own.
  virtual std::string lost() const { return {}; }
  /// Waits until everything taken is written, at most `patience`. Only for the end.
  virtual void drain(Duration patience) { (void)patience; }
};

/// Keeps everything: for tests and for output that is put together first.
class StringSink : public Sink {
 public:
  bool write(std::string_view text) override {
    text_ += text;
    return true;
  }
  const std::string& text() const { return text_; }
  std::string take() { return std::exchange(text_, {}); }

 private:
  std::string text_;
};

/// A sink for a file descriptor that stays the caller's. Writes to terminals, pipes and sockets
/// never block, whatever the mode of `fd`, which is left as it is; up to `pending_max` bytes are
/// kept for a slow reader. A closed reader is not an error and raises no signal.
std::unique_ptr<Sink> make_fd_sink(int fd, std::size_t pending_max = 1024 * 1024);

}  // namespace sitewide
