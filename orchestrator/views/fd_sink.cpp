// The sink of a file descriptor. A terminal or pipe is opened anew so that non-blocking mode is
// ours alone: the mode of `fd` itself is shared with the shell and with other programs.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>

#include "orchestrator/views/sink.h"

namespace sitewide {
namespace {

// Keeps a write to a closed pipe from ending the program: the signal is held back in this thread
// and taken away.
class WithoutBrokenPipeSignal {
 public:
  WithoutBrokenPipeSignal() {
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before_);
  }
  ~WithoutBrokenPipeSignal() {
    if (!was_pending_) {
      sigset_t pipe;
      sigemptyset(&pipe);
      sigaddset(&pipe, SIGPIPE);
      const timespec none{};
      while (sigtimedwait(&pipe, nullptr, &none) == -1 && errno == EINTR) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutBrokenPipeSignal(const WithoutBrokenPipeSignal&) = delete;
  WithoutBrokenPipeSignal& operator=(const WithoutBrokenPipeSignal&) = delete;

 private:
  sigset_t before_{};
  bool was_pending_ = false;
};

class FdSink : public Sink {
 public:
  FdSink(int fd, std::size_t pending_max) : fd_(fd), pending_max_(pending_max) {
    struct stat status {};
    if (fstat(fd, &status) != 0) {
      gone_ = true;
      return;
    }
    socket_ = S_ISSOCK(status.st_mode);
    waits_ = S_ISFIFO(status.st_mode) || (S_ISCHR(status.st_mode) && isatty(fd) == 1);
    if (!waits_) return;
    const std::string path = "/proc/self/fd/" + std::to_string(fd);
    own_ = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  }
  ~FdSink() override {
    if (own_ >= 0) close(own_);
  }
  FdSink(const FdSink&) = delete;
  FdSink& operator=(const FdSink&) = delete;

  bool write(std::string_view text) override {
    flush();
    if (gone_) return true;
    if (!pending_.empty() && pending_.size() + text.size() > pending_max_) return false;
    pending_ += text;
    flush();
    return true;
  }

  void drain(Duration patience) override {
    const auto until = std::chrono::steady_clock::now() + patience;
    for (flush(); !pending_.empty(); flush()) {
      const auto left =
          std::chrono::duration_cast<Duration>(until - std::chrono::steady_clock::now());
      if (left.count() <= 0) return;
      pollfd wait{target(), POLLOUT, 0};
      poll(&wait, 1, static_cast<int>(std::min<Duration::rep>(left.count(), 100)));
    }
  }

  std::string lost() const override { return lost_; }

 private:
  int target() const { return own_ >= 0 ? own_ : fd_; }

  // One write that does not wait. Where the descriptor could not be opened anew, only what a pipe
  // takes whole.
  ssize_t attempt(std::string_view text) const {
    if (socket_) return send(fd_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (waits_ && own_ < 0) {
      pollfd ready{fd_, POLLOUT, 0};
      if (poll(&ready, 1, 0) != 1) {
        errno = EAGAIN;
        return -1;
      }
      text = text.substr(0, 512);
    }
    return ::write(target(), text.data(), text.size());
  }

  void flush() {
    if (pending_.empty() || gone_) return;
    const WithoutBrokenPipeSignal guard;
    std::size_t written = 0;
    while (written < pending_.size()) {
      const ssize_t count = attempt(std::string_view(pending_).substr(written));
      if (count > 0) {
        written += static_cast<std::size_t>(count);
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        break;
      } else if (errno != EINTR) {
        gone_ = true;  // closed, or a full disk: the journal has everything
        if (errno != EPIPE) lost_ = std::generic_category().message(errno);
        break;
      }
    }
    pending_.erase(0, gone_ ? pending_.size() : written);
  }

  int fd_;
  int own_ = -1;
  std::size_t pending_max_;
  bool socket_ = false, waits_ = false, gone_ = false;
  std::string pending_;
  std::string lost_;
};

}  // namespace

std::unique_ptr<Sink> make_fd_sink(int fd, std::size_t pending_max) {
  return std::make_unique<FdSink>(fd, pending_max);
}

}  // namespace sitewide
