#include "adapters/smb/memory_file.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "adapters/folder_walk.h"

namespace sitewide {

Result<MemoryFile> MemoryFile::with(std::string_view bytes) {
  MemoryFile made(Descriptor(::memfd_create("smb", MFD_CLOEXEC)));
  if (!made.file_.is_open()) return file_error(errno, "no file in memory");
  // Everybody may open it as it is made, if only he found the way through /proc.
  if (::fchmod(made.file_.get(), 0600) != 0) return file_error(errno, "no file in memory");
  while (!bytes.empty()) {
    const ssize_t count = ::write(made.file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(errno, "no file in memory");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return made;
}

std::string MemoryFile::path() const {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(file_.get());
}

std::uint64_t MemoryFile::size() const {
  struct stat status {};
  return ::fstat(file_.get(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

Result<> MemoryFile::resize(std::uint64_t size) {
  if (::ftruncate(file_.get(), static_cast<off_t>(size)) != 0)
    return file_error(errno, "no file in memory");
  return {};
}

Result<std::string> MemoryFile::read_from(std::uint64_t offset) const {
  const std::uint64_t end = size();
  std::string bytes(end > offset ? end - offset : 0, '\0');
  std::size_t had = 0;
  while (had < bytes.size()) {
    const ssize_t count = ::pread(file_.get(), bytes.data() + had, bytes.size() - had,
                                  static_cast<off_t>(offset + had));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(errno, "cannot read a file in memory");
    if (count == 0) break;
    had += static_cast<std::size_t>(count);
  }
  bytes.resize(had);
  return bytes;
}

}  // namespace sitewide
