#include "adapters/folder_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "adapters/client_path.h"
#include "adapters/folder_walk.h"
#include "adapters/temporary_file.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

Error refused(const std::string& name, std::string_view why) {
  return Error{ErrorKind::refused, escaped(name) + " " + std::string(why)};
}

// Nothing when the file's folder is missing.
Result<std::optional<FilePlace>> locate(const FolderWalk& walk, std::string_view path,
                                        bool create) {
  auto components = split_client_path(path);
  if (!components) return components.error();
  if (components->empty()) return refused(std::string(path), "names no file");
  FilePlace place;
  place.path = to_lower(join(*components, "/"));
  place.name = std::move(components->back());
  components->pop_back();
  auto folder = walk.open_folder(*components, create);
  if (!folder) return folder.error();
  if (!*folder) return std::optional<FilePlace>();
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

Result<std::optional<StandingFile>> check_standing(const FolderWalk& walk, const FilePlace& place,
                                                   const Expected& expected) {
  auto file = walk.open_file(place.folder.get(), place.name);
  if (!file) return file.error();
  if (!*file) {
    if (expected) return refused(place.name, "is gone: removed by someone else");
    return std::optional<StandingFile>();
  }
  StandingFile standing;
  standing.file = std::move(**file);
  if (::fstat(standing.file.get(), &standing.status) != 0) return file_error(errno, place.name);
  if (standing.status.st_nlink > 1) return refused(place.name, "has a second name (hard link)");
  if (!expected) return refused(place.name, "is there already: made by someone else");
  const auto digest = digest_of(standing.file.get());
  if (!digest) return digest.error();
  if (*digest != *expected) return refused(place.name, "was changed by someone else");
  return std::optional(std::move(standing));
}

Error write_error(int number, const FilePlace& place) {
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
Result<int> replace_through(const FolderWalk& walk, const FilePlace& place,
                            const Descriptor& folder, const Content& content) {
  // The first look keeps a file that is not ours from costing a write; the second, just before the
  // rename, decides.
  auto standing = check_standing(walk, place, content.expected);
  if (!standing) return standing.error();
  TemporaryFile::clean(place, folder);
  TemporaryFile temporary(place, folder);
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

Result<std::optional<Room>> FolderFiles::room(std::string_view folder) {
  const FolderWalk walk(root_, options_.without_openat2);
  const auto components = split_client_path(folder);
  if (!components) return components.error();
  const auto opened = walk.open_folder(*components, false);
  if (!opened) return opened.error();
  if (!*opened) return std::optional<Room>();
  struct statvfs disk {};
  if (::fstatvfs((*opened)->get(), &disk) != 0) return file_error(errno, escaped(folder));
  Room room;
  room.free_bytes = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  room.writable = ::faccessat((*opened)->get(), ".", W_OK, AT_EACCESS) == 0;
  return std::optional(room);
}

}  // namespace sitewide
