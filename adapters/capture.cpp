#include "adapters/capture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

namespace sitewide {
namespace {

// What a program may still print when nobody reads any more, before it has to wait. A user's
// programs may have 64 MiB of such room together; beyond that the kernel gives less.
constexpr int kRoom = 256 << 10;

// The write end of a pipe, opened anew for both directions: who can write is a reader too, so that
// a program which outlives us is not killed by its next word. The end of file does not change: it
// comes with the last writer. Nor does what a program can hold on to: it is the same descriptor.
// -1, and errno, when that cannot be had.
int open_both_ways(int write_end) {
  const std::string path = "/proc/self/fd/" + std::to_string(write_end);
  return ::open(path.c_str(), O_RDWR | O_CLOEXEC);
}

}  // namespace

int Capture::open(Descriptor& write_end, WhenGone when_gone) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return errno;
  read_end_ = Descriptor(ends[0]);
  write_end = Descriptor(ends[1]);
  if (when_gone == WhenGone::fails) return 0;
  const int both_ways = open_both_ways(ends[1]);
  if (both_ways < 0 && (errno == EMFILE || errno == ENFILE)) return errno;
  if (both_ways >= 0) write_end = Descriptor(both_ways);
  ::fcntl(ends[0], F_SETPIPE_SZ, kRoom);
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
