#include "orchestrator/journal/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <system_error>

namespace sitewide {
namespace fs = std::filesystem;
namespace {

std::string words_of(int number) {
  if (number == ENOSPC || number == EDQUOT) return "the disk is full";
  if (number == EROFS) return "the file system is read-only";
  return std::generic_category().message(number);
}

Result<> write_all(ErrorKind kind, const fs::path& path, int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return file_error(kind, "write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) return file_error(kind, "sync", path, errno);
  return {};
}

Result<> write_temporary(ErrorKind kind, const fs::path& path, std::string_view bytes) {
  auto file = open_file(kind, path, O_WRONLY | O_CREAT | O_EXCL);
  if (!file) return file.error();
  if (::fchmod(file->descriptor(), 0600) != 0) return file_error(kind, "protect", path, errno);
  return write_all(kind, path, file->descriptor(), bytes);
}

}  // namespace

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Error file_error(ErrorKind kind, std::string_view what, const fs::path& path, int number) {
  return {kind, "cannot " + std::string(what) + " " + path.string() + ": " + words_of(number)};
}

Result<OpenFile> open_file(ErrorKind kind, const fs::path& path, int flags) {
  // Non-blocking, so that a FIFO somebody put there cannot hold us up.
  OpenFile file(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600));
  if (!file) return file_error(kind, (flags & O_CREAT) != 0 ? "create" : "open", path, errno);
  struct stat status {};
  if (::fstat(file.descriptor(), &status) != 0) return file_error(kind, "look at", path, errno);
  if (!S_ISREG(status.st_mode)) {
    return Error{kind, "cannot open " + path.string() + ": not a regular file"};
  }
  return file;
}

Result<std::optional<std::string>> read_file(ErrorKind kind, const fs::path& path,
                                             std::size_t limit) {
  auto file = open_file(kind, path, O_RDONLY);
  if (!file) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 && errno == ENOENT) return std::optional<std::string>();
    return file.error();
  }
  std::string bytes;
  struct stat status {};
  if (::fstat(file->descriptor(), &status) == 0) {
    bytes.reserve(std::min(limit, static_cast<std::size_t>(status.st_size)) + 1);
  }
  char piece[16384];
  for (;;) {
    const ssize_t count = ::read(file->descriptor(), piece, sizeof piece);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(kind, "read", path, errno);
    if (count == 0) return std::optional<std::string>(std::move(bytes));
    bytes.append(piece, static_cast<std::size_t>(count));
    if (bytes.size() > limit) {
      return Error{kind, path.string() + " is larger than " + std::to_string(limit) + " bytes"};
    }
  }
}

Result<bool> write_file(ErrorKind kind, const fs::path& path, const fs::path& temporary,
                        std::string_view bytes, Existing existing) {
  if (auto written = write_temporary(kind, temporary, bytes); !written) {
    ::unlink(temporary.c_str());
    return written.error();
  }
  bool placed = true;
  if (existing == Existing::replace) {
    placed = ::rename(temporary.c_str(), path.c_str()) == 0;
  } else {
    // A link fails where a rename would replace.
    placed = ::link(temporary.c_str(), path.c_str()) == 0;
  }
  const int number = errno;
  if (existing == Existing::keep || !placed) ::unlink(temporary.c_str());
  const bool kept = !placed && existing == Existing::keep && number == EEXIST;
  if (!placed && !kept) return file_error(kind, "create", path, number);
  // Also for a file that was kept: whoever wrote it may not have come to this yet.
  if (auto synced = sync_folder(kind, path.parent_path()); !synced) return synced.error();
  return placed;
}

Result<> sync_folder(ErrorKind kind, const fs::path& folder) {
  const OpenFile file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file) return file_error(kind, "open", folder, errno);
  if (::fsync(file.descriptor()) != 0) return file_error(kind, "sync", folder, errno);
  return {};
}

Result<bool> make_folder(ErrorKind kind, const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0) {
    if (errno != EEXIST) return file_error(kind, "create", folder, errno);
    return false;
  }
  if (::chmod(folder.c_str(), 0700) != 0) return file_error(kind, "protect", folder, errno);
  if (auto synced = sync_folder(kind, folder.parent_path()); !synced) return synced.error();
  return true;
}

std::string temporary_name() {
  static std::atomic<std::uint64_t> counter{0};
  return ".new-" + std::to_string(::getpid()) + "-" + std::to_string(++counter);
}

}  // namespace sitewide
