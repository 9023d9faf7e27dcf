#include "orchestrator/journal/lease.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace sitewide {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kOwnerBytes = 4096;

// Open-file-description locks: as flock they belong to the open file and go with it, and unlike
// flock they can be asked about without being taken.
struct flock whole_file(short type) {
  struct flock range {};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  return range;
}

/// The holder needs a moment between taking the lock and writing its name.
std::optional<Owner> read_owner(const fs::path& path) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    const auto text = read_file(ErrorKind::journal, path, kOwnerBytes);
    if (!text || !*text) return std::nullopt;
    if (auto owner = parse_owner(**text)) return owner;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return std::nullopt;
}

// A file that was there keeps its time of last write: it tells when the last controller was seen
// (beat.h), and who takes the lease need not become one.
Result<> write_owner(const OpenFile& file, const fs::path& path, const Owner& owner) {
  const std::string text = encode_owner(owner);
  const int descriptor = file.descriptor();
  struct stat before {};
  const bool was_there = ::fstat(descriptor, &before) == 0 && before.st_size > 0;
  if (::fchmod(descriptor, 0600) == 0 && ::ftruncate(descriptor, 0) == 0 &&
      ::pwrite(descriptor, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size())) {
    const timespec times[2] = {before.st_atim, before.st_mtim};
    [[maybe_unused]] const int kept = was_there ? ::futimens(descriptor, times) : 0;
    return {};
  }
  return file_error(ErrorKind::journal, "write", path, errno);
}

}  // namespace

Result<bool> try_lock(const OpenFile& file, const fs::path& path) {
  struct flock range = whole_file(F_WRLCK);
  if (::fcntl(file.descriptor(), F_OFD_SETLK, &range) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  return file_error(ErrorKind::journal, "lock", path, errno);
}

Result<bool> is_locked(const fs::path& path) {
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file && errno == ENOENT) return false;
  if (!file) return file_error(ErrorKind::journal, "open", path, errno);
  struct flock range = whole_file(F_WRLCK);
  if (::fcntl(file.descriptor(), F_OFD_GETLK, &range) != 0) {
    return file_error(ErrorKind::journal, "look at the lock of", path, errno);
  }
  return range.l_type != F_UNLCK;
}

Result<Lease> Lease::acquire(const fs::path& path, std::string_view what, const Owner& owner) {
  auto file = open_file(ErrorKind::journal, path, O_RDWR | O_CREAT);
  if (!file) return file.error();
  const auto taken = try_lock(*file, path);
  if (!taken) return taken.error();
  if (!*taken) {
    const auto first = read_owner(path);
    return Error{ErrorKind::held, std::string(what) + " is held by " +
                                      (first ? describe(*first) : "another process")};
  }
  if (auto written = write_owner(*file, path, owner); !written) return written.error();
  return Lease(std::move(*file));
}

Result<std::optional<Owner>> Lease::holder(const fs::path& path) {
  const auto locked = is_locked(path);
  if (!locked) return locked.error();
  if (!*locked) return std::optional<Owner>();
  auto owner = read_owner(path);
  return owner ? owner : std::optional<Owner>(std::in_place);
}

}  // namespace sitewide
