#include "adapters/temporary_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "adapters/folder_walk.h"
#include "orchestrator/base/digest.h"

namespace sitewide {
namespace {

std::string prefix_of(const FilePlace& place) {
  return std::string(kTemporary) + sha256(place.path).brief() + "-";
}

timespec to_timespec(Timestamp at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch());
  const auto rest = std::chrono::nanoseconds(at.time_since_epoch() - whole);
  return timespec{.tv_sec = whole.count(), .tv_nsec = rest.count()};
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

}  // namespace

int set_modified(int file, Timestamp at) {
  const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, to_timespec(at)};
  return ::futimens(file, times);
}

TemporaryFile::TemporaryFile(const FilePlace& place, const Descriptor& folder)
    : place_(place), folder_(folder.get()), prefix_(prefix_of(place)) {}

TemporaryFile::~TemporaryFile() {
  if (file_.is_open()) ::unlinkat(folder_, name_.c_str(), 0);
}

void TemporaryFile::clean(const FilePlace& place, const Descriptor& folder) {
  const auto names = names_in(folder.get());
  if (!names) return;
  const std::string prefix = prefix_of(place);
  for (const std::string& name : *names) {
    if (name.starts_with(prefix)) ::unlinkat(folder.get(), name.c_str(), 0);
  }
}

int TemporaryFile::create(const std::optional<StandingFile>& standing) {
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

int TemporaryFile::fill(std::string_view bytes, std::optional<Timestamp> modified) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  if (modified && set_modified(file_.get(), *modified) != 0) return errno;
  return ::fsync(file_.get()) == 0 ? 0 : errno;
}

int TemporaryFile::replace(bool must_be_new) {
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

}  // namespace sitewide
