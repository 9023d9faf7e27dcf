#include "plans/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace sitewide {
namespace {

Error invalid(std::string message) { return {ErrorKind::invalid, std::move(message)}; }

Error last_error() {
  if (errno == ENOENT || errno == ENOTDIR) return invalid("there is no such file");
  if (errno == EACCES) return invalid("it may not be read");
  return invalid(std::string("it cannot be read: ") + std::strerror(errno));
}

/// Closes on every path out.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

}  // namespace

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
  if (path.find('\0') != std::string::npos) return invalid("its name holds a NUL");
  // O_NONBLOCK: opening a pipe without a writer must not wait.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0) return last_error();
  if (S_ISDIR(status.st_mode)) return invalid("it is a folder");
  if (!S_ISREG(status.st_mode)) return invalid("it is not a regular file");
  const auto too_large = invalid("it is larger than " + std::to_string(limit) + " bytes");
  if (static_cast<std::uint64_t>(status.st_size) > limit) return too_large;
  std::string bytes;
  // One byte more than expected, so that the read that finds the end needs no second buffer.
  bytes.resize(static_cast<std::size_t>(status.st_size) + 1);
  std::size_t used = 0;
  for (;;) {
    if (used == bytes.size()) bytes.resize(2 * bytes.size());
    const ssize_t count = ::read(file.number(), bytes.data() + used, bytes.size() - used);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return last_error();
    if (count == 0) break;
    used += static_cast<std::size_t>(count);
    if (used > limit) return too_large;
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace sitewide
