#include "adapters/folder_files.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "adapters/client_path.h"
#include "adapters/folder_walk.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

// Files that a killed run left half-written begin so; nobody else's do.
constexpr std::string_view kTemporary = ".sitewide-";

// A file's folder, open, and its name as it is written there (or as it was asked for, when it is
// not there).
struct Place {
  Descriptor folder;
  std::string name;
  std::string path;  ///< below the root, in lower case: the same for every spelling
  bool exists = false;
};

Error refused(const std::string& name, std::string_view why) {
  return Error{ErrorKind::refused, escaped(name) + " " + std::string(why)};
}

// Nothing when the file's folder is missing.
Result<std::optional<Place>> locate(const FolderWalk& walk, std::string_view path, bool create) {
  auto components = split_client_path(path);
  if (!components) return components.error();
  if (components->empty()) return refused(std::string(path), "names no file");
  Place place;
  place.path = to_lower(join(*components, "/"));
  place.name = std::move(components->back());
  components->pop_back();
  auto folder = walk.open_folder(*components, create);
  if (!folder) return folder.error();
  if (!*folder) return std::optional<Place>();
  place.folder = std::move(**folder);
  auto actual = walk.actual_name(place.folder.get(), place.name);
  if (!actual) return actual.error();
  place.exists = actual->has_value();
  if (place.exists) place.name = std::move(**actual);
  return std::optional(std::move(place));
}

// The file to read; nothing when it, or its folder, is missing.
Result<std::optional<Descriptor>> open_at(const FolderWalk& walk, std::string_view path) {
  auto place = locate(walk, path, false);
  if (!place) return place.error();
  if (!*place || !(*place)->exists) return std::optional<Descriptor>();
  return walk.open_file((*place)->folder.get(), (*place)->name);
}

Timestamp modified_of(const struct stat& status) {
  using namespace std::chrono;
  const auto fraction = duration_cast<Duration>(nanoseconds(status.st_mtim.tv_nsec));
  return Timestamp(Duration(seconds(status.st_mtim.tv_sec)) + fraction);
}

timespec to_timespec(Timestamp at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch());
  const auto rest = std::chrono::nanoseconds(at.time_since_epoch() - whole);
  return timespec{.tv_sec = whole.count(), .tv_nsec = rest.count()};
}

int set_modified(int file, Timestamp at) {
  const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, to_timespec(at)};
  return ::futimens(file, times);
}

// What stands at a place that is about to be changed, if it is what was expected there.
struct Standing {
  Descriptor file;
  struct stat status {};
};

Result<std::optional<Standing>> check_standing(const FolderWalk& walk, const Place& place,
                                               const Expected& expected) {
  auto file = walk.open_file(place.folder.get(), place.name);
  if (!file) return file.error();
  if (!*file) {
    if (expected) return refused(place.name, "is gone: removed by someone else");
    return std::optional<Standing>();
  }
  Standing standing;
  standing.file = std::move(**file);
  if (::fstat(standing.file.get(), &standing.status) != 0) return file_error(errno, place.name);
  if (standing.status.st_nlink > 1) return refused(place.name, "has a second name (hard link)");
  if (!expected) return refused(place.name, "is there already: made by someone else");
  const auto digest = digest_of(standing.file.get());
  if (!digest) return digest.error();
  if (*digest != *expected) return refused(place.name, "was changed by someone else");
  return std::optional(std::move(standing));
}

// Hidden and the like, as Samba and Wine keep them; Sms.ini is hidden (S3D48). Where there are
// none, or none can be set, the mode is all there is.
void keep_dos_attributes(int from, int to) {
  constexpr const char* kName = "user.DOSATTRIB";
  char value[256];
  const ssize_t size = ::fgetxattr(from, kName, value, sizeof value);
  if (size <= 0) return;
  [[maybe_unused]] const int kept =
      ::fsetxattr(to, kName, value, static_cast<std::size_t>(size), 0);
}

// A file with the new bytes, which becomes the one to be replaced by a rename or else vanishes.
class Temporary {
 public:
  /// It lies in `folder`, which outlives it.
  Temporary(const Place& place, const Descriptor& folder)
      : place_(place), folder_(folder.get()), prefix_(prefix_of(place)) {}
  ~Temporary() {
    if (file_.is_open()) ::unlinkat(folder_, name_.c_str(), 0);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  // Removes what a killed run left for this very file.
  static void clean(const Place& place, const Descriptor& folder) {
    const auto names = names_in(folder.get());
    if (!names) return;
    const std::string prefix = prefix_of(place);
    for (const std::string& name : *names) {
      if (name.starts_with(prefix)) ::unlinkat(folder.get(), name.c_str(), 0);
    }
  }

  // Each returns 0 or errno.
  int create(const std::optional<Standing>& standing);
  int fill(std::string_view bytes, std::optional<Timestamp> modified);
  int replace(bool must_be_new);

 private:
  static std::string prefix_of(const Place& place) {
    return std::string(kTemporary) + sha256(place.path).brief() + "-";
  }

  const Place& place_;
  int folder_;
  std::string prefix_;
  std::string name_;
  Descriptor file_;
};

int Temporary::create(const std::optional<Standing>& standing) {
  unsigned int number = 0;
  if (::getrandom(&number, sizeof number, 0) != static_cast<ssize_t>(sizeof number)) return errno;
  name_ = prefix_ + std::to_string(number);
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  file_ = Descriptor(::openat(folder_, name_.c_str(), flags, 0600));
  if (!file_.is_open()) return errno;
  // Mode and owner stay those of the file that is replaced, never its set-user bits. A share that
  // knows neither says no.
  const mode_t mode = standing ? standing->status.st_mode & 0777U : 0644U;
  if (standing) {
    [[maybe_unused]] const int kept =
        ::fchown(file_.get(), standing->status.st_uid, standing->status.st_gid);
  }
  if (standing) keep_dos_attributes(standing->file.get(), file_.get());
  const bool set = ::fchmod(file_.get(), mode) == 0;
  return set || errno == EPERM || errno == ENOTSUP ? 0 : errno;
}

int Temporary::fill(std::string_view bytes, std::optional<Timestamp> modified) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  if (modified && set_modified(file_.get(), *modified) != 0) return errno;
  return ::fsync(file_.get()) == 0 ? 0 : errno;
}

int Temporary::replace(bool must_be_new) {
  const int folder = place_.folder.get();
  const char* target = place_.name.c_str();
  int failed = -1;
  if (must_be_new) {
    failed = ::renameat2(folder_, name_.c_str(), folder, target, RENAME_NOREPLACE);
  }
  // Some shares do not know the flag; there, the look just before has to do.
  const bool plain = !must_be_new || (failed != 0 && (errno == EINVAL || errno == ENOSYS));
  if (plain) failed = ::renameat(folder_, name_.c_str(), folder, target);
  if (failed != 0) return errno;
  file_.close();
  ::fsync(folder);
  if (folder_ != folder) ::fsync(folder_);
  return 0;
}

Error write_error(int number, const Place& place) {
  if (number == EEXIST) return refused(place.name, "is there already: made by someone else");
  return file_error(number, "cannot write " + escaped(place.name));
}

bool same_device(const Descriptor& one, const Descriptor& other) {
  struct stat first {};
  struct stat second {};
  return ::fstat(one.get(), &first) == 0 && ::fstat(other.get(), &second) == 0 &&
         first.st_dev == second.st_dev;
}

// What is to be written, and over what.
struct Content {
  const Expected& expected;
  std::string_view bytes;
  std::optional<Timestamp> modified;
};

// Writes a temporary in `folder` and renames it over the place. 0, or errno when that failed.
Result<int> replace_through(const FolderWalk& walk, const Place& place, const Descriptor& folder,
                            const Content& content) {
  // The first look keeps a file that is not ours from costing a write; the second, just before the
  // rename, decides.
  auto standing = check_standing(walk, place, content.expected);
  if (!standing) return standing.error();
  Temporary::clean(place, folder);
  Temporary temporary(place, folder);
  int failed = temporary.create(*standing);
  if (failed == 0) failed = temporary.fill(content.bytes, content.modified);
  if (failed != 0) return failed;
  const auto now_there = walk.actual_name(place.folder.get(), place.name);
  if (!now_there) return now_there.error();
  if (now_there->has_value() != place.exists) {
    return refused(place.name, "was changed by someone else");
  }
  const auto again = check_standing(walk, place, content.expected);
  if (!again) return again.error();
  return temporary.replace(!content.expected.has_value());
}

}  // namespace

FolderFiles::FolderFiles(std::string root, FolderOptions options)
    : root_(std::move(root)), options_(options) {}

Result<std::optional<FileState>> FolderFiles::state(std::string_view path) {
  auto file = open_at(FolderWalk(root_, options_.without_openat2), path);
  if (!file) return file.error();
  if (!*file) return std::optional<FileState>();
  FileState state;
  const auto digest = digest_of((*file)->get(), &state.size);
  if (!digest) return digest.error();
  state.digest = *digest;
  struct stat status {};
  if (::fstat((*file)->get(), &status) != 0) return file_error(errno, escaped(path));
  state.modified = modified_of(status);
  return std::optional(state);
}

Result<std::optional<Timestamp>> FolderFiles::modified(std::string_view path) {
  auto file = open_at(FolderWalk(root_, options_.without_openat2), path);
  if (!file) return file.error();
  if (!*file) return std::optional<Timestamp>();
  struct stat status {};
  if (::fstat((*file)->get(), &status) != 0) return file_error(errno, escaped(path));
  return std::optional(modified_of(status));
}

Result<std::optional<std::string>> FolderFiles::read(std::string_view path, std::size_t max_bytes) {
  auto file = open_at(FolderWalk(root_, options_.without_openat2), path);
  if (!file) return file.error();
  if (!*file) return std::optional<std::string>();
  std::string bytes;
  for (;;) {
    const std::size_t had = bytes.size();
    // One byte over the limit tells that there is more; the file's own size is not believed, it may
    // grow.
    const std::size_t room = std::min(max_bytes - had + 1, std::size_t{1} << 20);
    bytes.resize(had + room);
    const ssize_t count = ::read((*file)->get(), bytes.data() + had, room);
    const int number = errno;
    bytes.resize(had + (count > 0 ? static_cast<std::size_t>(count) : 0));
    if (count < 0 && number == EINTR) continue;
    if (count < 0) return file_error(number, "cannot read " + escaped(path));
    if (bytes.size() > max_bytes) {
      return Error{ErrorKind::io,
                   escaped(path) + " is larger than " + with_separators(max_bytes) + " bytes"};
    }
    if (count == 0) return std::optional(std::move(bytes));
  }
}

Result<std::optional<std::string>> FolderFiles::tail(std::string_view path, std::size_t most) {
  auto file = open_at(FolderWalk(root_, options_.without_openat2), path);
  if (!file) return file.error();
  if (!*file) return std::optional<std::string>();
  const int number = (*file)->get();
  const off_t end = ::lseek(number, 0, SEEK_END);
  if (end < 0) return file_error(errno, "cannot read " + escaped(path));
  const off_t start = std::max<off_t>(0, end - static_cast<off_t>(most));
  std::string bytes(static_cast<std::size_t>(end - start), '\0');
  std::size_t had = 0;
  while (had < bytes.size()) {  // a file that shrinks meanwhile ends early
    const ssize_t count =
        ::pread(number, bytes.data() + had, bytes.size() - had, start + static_cast<off_t>(had));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_error(errno, "cannot read " + escaped(path));
    if (count == 0) break;
    had += static_cast<std::size_t>(count);
  }
  bytes.resize(had);
  return std::optional(std::move(bytes));
}

Result<> FolderFiles::write(std::string_view path, const Expected& expected, std::string_view bytes,
                            std::optional<Timestamp> modified) {
  const FolderWalk walk(root_, options_.without_openat2);
  auto place = locate(walk, path, !expected.has_value());
  if (!place) return place.error();
  if (!*place) return refused(std::string(path), "is gone: removed by someone else");
  const Content content{expected, bytes, modified};
  int failed = EXDEV;
  if (options_.temporaries_in_root) {
    const auto root = walk.open_root();
    if (!root) return root.error();
    if (same_device(*root, (*place)->folder)) {
      const auto done = replace_through(walk, **place, *root, content);
      if (!done) return done.error();
      failed = *done;
    }
  }
  if (failed == EXDEV) {  // something is mounted below the root
    const auto done = replace_through(walk, **place, (*place)->folder, content);
    if (!done) return done.error();
    failed = *done;
  }
  if (failed != 0) return write_error(failed, **place);
  return {};
}

Result<> FolderFiles::remove(std::string_view path, const Digest& expected) {
  const FolderWalk walk(root_, options_.without_openat2);
  auto place = locate(walk, path, false);
  if (!place) return place.error();
  if (!*place) return refused(std::string(path), "is gone: removed by someone else");
  const auto standing = check_standing(walk, **place, expected);
  if (!standing) return standing.error();
  if (::unlinkat((*place)->folder.get(), (*place)->name.c_str(), 0) != 0) {
    return file_error(errno, "cannot remove " + escaped(path));
  }
  ::fsync((*place)->folder.get());
  return {};
}

Result<> FolderFiles::rename(std::string_view path, std::string_view name, const Digest& expected) {
  const FolderWalk walk(root_, options_.without_openat2);
  const std::string folder(path.substr(0, path.find_last_of("/\\") + 1));
  auto place = locate(walk, path, false);
  if (!place) return place.error();
  if (!*place) return refused(std::string(path), "is gone: removed by someone else");
  const auto standing = check_standing(walk, **place, expected);
  if (!standing) return standing.error();
  auto target = locate(walk, folder + std::string(name), false);
  if (!target) return target.error();
  if (!*target || (*target)->exists) return refused(std::string(name), "is there already");
  const int from = (*place)->folder.get();
  int failed =
      ::renameat2(from, (*place)->name.c_str(), from, (*target)->name.c_str(), RENAME_NOREPLACE);
  if (failed != 0 && errno == EINVAL) {  // a share that cannot promise that
    failed = ::renameat(from, (*place)->name.c_str(), from, (*target)->name.c_str());
  }
  if (failed != 0) return file_error(errno, "cannot rename " + escaped(path));
  ::fsync(from);
  return {};
}

Result<> FolderFiles::touch(std::string_view path, Timestamp modified) {
  const FolderWalk walk(root_, options_.without_openat2);
  auto file = open_at(walk, path);
  if (!file) return file.error();
  if (!*file) return Error{ErrorKind::io, escaped(path) + ": no such file"};
  struct stat status {};
  if (::fstat((*file)->get(), &status) != 0) return file_error(errno, escaped(path));
  if (status.st_nlink > 1) return refused(std::string(path), "has a second name (hard link)");
  if (set_modified((*file)->get(), modified) != 0 || ::fsync((*file)->get()) != 0) {
    return file_error(errno, "cannot set the time of " + escaped(path));
  }
  return {};
}

Result<std::vector<std::string>> FolderFiles::list(std::string_view folder) {
  const FolderWalk walk(root_, options_.without_openat2);
  auto components = split_client_path(folder);
  if (!components) return components.error();
  auto opened = walk.open_folder(*components, false);
  if (!opened) return opened.error();
  if (!*opened) return std::vector<std::string>();
  auto names = names_in((*opened)->get());
  if (!names) return names.error();
  std::erase_if(*names, [](const std::string& name) { return name.starts_with(kTemporary); });
  std::ranges::sort(*names);
  return names;
}

}  // namespace sitewide
