#include "adapters/capture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace sitewide {

int Capture::open(Descriptor& write_end) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return errno;
  read_end_ = Descriptor(ends[0]);
  write_end = Descriptor(ends[1]);
  return 0;
}

bool Capture::attach() {
  if (stream_.is_open()) return true;
  boost::system::error_code error;
  stream_.assign(read_end_.get(), error);
  if (error) return false;
  read_end_.release();
  stream_.non_blocking(true, error);
  return true;
}

void Capture::drain() {
  static thread_local std::array<char, 65536> block;
  // Bounded, for a program that never stops printing must not hold the loop.
  for (int turn = 0; turn < 16 && stream_.is_open(); ++turn) {
    const ssize_t count = ::read(stream_.native_handle(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return close();
    buffer_.append({block.data(), static_cast<std::size_t>(count)});
  }
}

void Capture::close() {
  boost::system::error_code ignored;
  stream_.close(ignored);
  read_end_.close();
}

ino_t Capture::pipe() {
  struct stat status {};
  if (!stream_.is_open() || ::fstat(stream_.native_handle(), &status) != 0) return 0;
  return status.st_ino;
}

}  // namespace sitewide
