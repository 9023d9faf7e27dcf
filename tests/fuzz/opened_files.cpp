#include "tests/fuzz/opened_files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <utility>

namespace sitewide::fuzz {
namespace {

OpenedFiles* watching = nullptr;

}  // namespace

OpenedFiles::OpenedFiles() { watching = this; }
OpenedFiles::~OpenedFiles() { watching = nullptr; }

void OpenedFiles::add(const std::string& path, std::string_view bytes) {
  files_.insert_or_assign(path, std::string(bytes));
}

std::vector<std::string> OpenedFiles::take() { return std::exchange(opened_, {}); }

int OpenedFiles::open(const char* path) {
  opened_.emplace_back(path);
  const auto found = files_.find(path);
  if (found == files_.end()) {
    errno = ENOENT;
    return -1;
  }
  const int file = ::memfd_create("input", MFD_CLOEXEC);
  if (file < 0) return -1;
  const std::string& bytes = found->second;
  const bool written =
      ::pwrite(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
  if (written) return file;
  ::close(file);
  errno = EIO;
  return -1;
}

}  // namespace sitewide::fuzz

// The linker sends open() here (--wrap); __real_open is the one of the C library.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier)
int __real_open(const char* path, int flags, ...);
int __wrap_open(const char* path, int flags, ...);

int __wrap_open(const char* path, int flags, ...) {
  if (sitewide::fuzz::watching != nullptr) return sitewide::fuzz::watching->open(path);
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return __real_open(path, flags, mode);
}
// NOLINTEND(bugprone-reserved-identifier)
}
