#include "orchestrator/journal/beat.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

namespace sitewide {

using std::chrono::floor;
using std::chrono::nanoseconds;
using std::chrono::seconds;

void beat(const std::filesystem::path& lock, Timestamp now) {
  const auto whole = floor<seconds>(now.time_since_epoch());
  const nanoseconds rest = now.time_since_epoch() - whole;
  const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                             {.tv_sec = whole.count(), .tv_nsec = rest.count()}};
  [[maybe_unused]] const int written =
      ::utimensat(AT_FDCWD, lock.c_str(), times, AT_SYMLINK_NOFOLLOW);
}

std::optional<Timestamp> last_beat(const std::filesystem::path& lock) {
  struct stat status {};
  if (::lstat(lock.c_str(), &status) != 0) return std::nullopt;
  return Timestamp(
      floor<Duration>(seconds(status.st_mtim.tv_sec) + nanoseconds(status.st_mtim.tv_nsec)));
}

Duration downtime(Timestamp last_event, std::optional<Timestamp> beat, Timestamp now) {
  if (now < last_event) return now - last_event;
  const Timestamp seen = beat ? std::max(last_event, *beat) : last_event;
  return std::max(Duration{}, now - seen);
}

}  // namespace sitewide
