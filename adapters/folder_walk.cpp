#include "adapters/folder_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include "adapters/client_path.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

Error refused(const std::string& name, std::string_view why) {
  return Error{ErrorKind::refused, escaped(name) + " " + std::string(why)};
}

// Makes a folder with its parent's mode and owner, for whoever uses the parent is to use it too:
// our umask is not theirs. Returns 0 or errno; a share that knows neither says no, and that is all
// right.
int make_like_parent(int parent, const std::string& name) {
  struct stat status {};
  if (::fstat(parent, &status) != 0) return errno;
  const mode_t mode = status.st_mode & 07777U;
  if (::mkdirat(parent, name.c_str(), mode) != 0) return errno == EEXIST ? 0 : errno;
  const Descriptor made(
      ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!made.is_open()) return 0;  // whoever opens it next says why
  [[maybe_unused]] const int owned = ::fchown(made.get(), status.st_uid, status.st_gid);
  [[maybe_unused]] const int set = ::fchmod(made.get(), mode);
  ::fsync(parent);
  return 0;
}

bool is_link(int folder, const std::string& name) {
  struct stat status {};
  return ::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISLNK(status.st_mode);
}

}  // namespace

Error file_error(int number, std::string_view what) {
  const std::string message = std::string(what) + ": " + std::generic_category().message(number);
  switch (number) {
    case ENOTCONN:
    case ESTALE:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETDOWN:
    case ENETUNREACH:
    case ECONNABORTED:
    case ECONNREFUSED:
    case ECONNRESET:
    case ETIMEDOUT:
    case ENODEV:
    case ENXIO:
    case ESHUTDOWN:
      return Error{ErrorKind::unreachable, message};
    default:
      return Error{ErrorKind::io, message};
  }
}

Result<Descriptor> FolderWalk::open_root() const {
  Descriptor root(::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root.is_open()) return root;
  const int number = errno;
  Error error = file_error(number, "folder " + escaped(root_));
  if (number == ENOENT || number == ENOTDIR || number == EIO) error.kind = ErrorKind::unreachable;
  return error;
}

int FolderWalk::open_beneath(int folder, const std::string& name, int flags) const {
  if (!without_openat2_) {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const long opened = ::syscall(SYS_openat2, folder, name.c_str(), &how, sizeof how);
    // EPERM is what containers answer that do not know the call.
    if (opened >= 0 || (errno != ENOSYS && errno != EPERM)) return static_cast<int>(opened);
  }
  // `name` is one component and neither `..` nor a path, so not following it is enough.
  return ::openat(folder, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC);
}

Result<std::optional<std::string>> FolderWalk::actual_name(int folder,
                                                           const std::string& name) const {
  struct stat status {};
  if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return name;
  if (errno != ENOENT) return file_error(errno, escaped(name));
  auto names = names_in(folder);
  if (!names) return names.error();
  return only_spelling(std::move(*names), name);
}

Result<std::optional<Descriptor>> FolderWalk::open_subfolder(int folder, const std::string& name,
                                                             bool create) const {
  auto actual = actual_name(folder, name);
  if (!actual) return actual.error();
  if (!*actual) {
    if (!create) return std::optional<Descriptor>();
    if (const int number = make_like_parent(folder, name); number != 0) {
      return file_error(number, "cannot make folder " + escaped(name));
    }
    *actual = name;
  }
  Descriptor opened(open_beneath(folder, **actual, O_RDONLY | O_DIRECTORY));
  if (opened.is_open()) return std::optional(std::move(opened));
  const int number = errno;
  if (number == ENOENT) return std::optional<Descriptor>();
  if (is_link(folder, **actual)) return refused(**actual, "is a link, which is not followed");
  if (number == ENOTDIR) return refused(**actual, "is not a folder");
  return file_error(number, "folder " + escaped(name));
}

Result<std::optional<Descriptor>> FolderWalk::open_folder(
    const std::vector<std::string>& components, bool create) const {
  auto root = open_root();
  if (!root) return root.error();
  Descriptor folder = std::move(*root);
  for (const std::string& component : components) {
    auto next = open_subfolder(folder.get(), component, create);
    if (!next || !*next) return next;
    folder = std::move(**next);
  }
  return std::optional(std::move(folder));
}

Result<std::optional<Descriptor>> FolderWalk::open_file(int folder, const std::string& name) const {
  // O_NONBLOCK: a FIFO that someone put there must not hang us before it can be refused.
  Descriptor file(open_beneath(folder, name, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) {
    const int number = errno;
    if (number == ENOENT) return std::optional<Descriptor>();
    if (is_link(folder, name)) return refused(name, "is a link, which is not followed");
    if (number == ENXIO) return refused(name, "is not a regular file");
    return file_error(number, "cannot read " + escaped(name));
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return file_error(errno, "cannot read " + escaped(name));
  if (!S_ISREG(status.st_mode)) return refused(name, "is not a regular file");
  return std::optional(std::move(file));
}

Result<std::vector<std::string>> names_in(int folder) {
  // A description of its own: the position in the folder must not be shared.
  const int number = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* stream = number < 0 ? nullptr : ::fdopendir(number);
  if (stream == nullptr) {
    const Error error = file_error(errno, "cannot list a folder");
    if (number >= 0) ::close(number);
    return error;
  }
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  const int failed = errno;
  ::closedir(stream);
  if (failed != 0) return file_error(failed, "cannot list a folder");
  return names;
}

Result<Digest> digest_of(int file, std::uint64_t* size) {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  const auto block = std::make_unique<char[]>(kBlock);
  Sha256 hash;
  std::uint64_t offset = 0;
  for (;;) {
    const ssize_t count = ::pread(file, block.get(), kBlock, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(errno, "cannot read");
    if (count == 0) break;
    hash.update({block.get(), static_cast<std::size_t>(count)});
    offset += static_cast<std::uint64_t>(count);
  }
  if (size != nullptr) *size = offset;
  return hash.finish();
}

}  // namespace sitewide
