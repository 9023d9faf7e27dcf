#include "orchestrator/journal/admission.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

#include "orchestrator/base/digest.h"
#include "orchestrator/base/text.h"
#include "orchestrator/journal/claims_file.h"

namespace sitewide {
namespace fs = std::filesystem;
namespace {

constexpr auto kWait = std::chrono::seconds(30);
constexpr auto kPause = std::chrono::milliseconds(20);
constexpr std::string_view kName = "claims-";
constexpr std::size_t kMostBytes = std::size_t{1} << 30;

/// The door: newcomers compare and publish one at a time. It is the folder itself, for no file in
/// it can be opened for writing by all who come.
Result<OpenFile> lock_door(const fs::path& folder) {
  OpenFile door(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!door) return file_error(ErrorKind::journal, "open", folder, errno);
  const auto until = std::chrono::steady_clock::now() + kWait;
  while (::flock(door.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return file_error(ErrorKind::journal, "lock", folder, errno);
    if (std::chrono::steady_clock::now() >= until) {
      return Error{ErrorKind::held, "another rollout has been starting for " +
                                        std::to_string(kWait.count()) + " s: " + folder.string()};
    }
    std::this_thread::sleep_for(kPause);
  }
  return door;
}

/// What `path` publishes; nothing when its controller is gone. Anybody may have put it there.
Result<std::optional<PublishedClaims>> read_live(const fs::path& path) {
  const auto live = is_locked(path);
  if (!live) return live.error();
  if (!*live) {
    ::unlink(path.c_str());  // left by a controller that was killed; only its owner can
    return std::optional<PublishedClaims>();
  }
  const auto bytes = read_file(ErrorKind::journal, path, kMostBytes);
  if (!bytes) return bytes.error();
  if (!*bytes) return std::optional<PublishedClaims>();
  auto listed = parse_claims(**bytes);
  if (!listed) {
    return Error{ErrorKind::held,
                 "nobody knows which sites and clients " + path.string() +
                     " holds, for this version cannot read it; it counts while it is locked"};
  }
  return listed;
}

/// `q237690-3 (pid 4711 of alice on hq1, since …, in /var/lib/sitewide)`.
std::string claimant_in_words(const Claimant& claimant) {
  return escaped(claimant.rollout, 200) + " (" + describe(claimant.owner) + ", in " +
         escaped(claimant.state.string(), 400) + ")";
}

/// The files of claims there; whatever else lies there is none of our business.
Result<std::vector<fs::path>> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator entries(folder, failed);
       !failed && entries != fs::directory_iterator(); entries.increment(failed)) {
    if (entries->path().filename().string().starts_with(kName)) files.push_back(entries->path());
  }
  if (failed) return file_error(ErrorKind::journal, "list", folder, failed.value());
  std::sort(files.begin(), files.end());
  return files;
}

/// Folders of locks are small: Debian gives all of /run/lock 5 MiB.
Error no_room(const fs::path& path, std::size_t bytes) {
  const std::string folder = path.parent_path().string();
  return {ErrorKind::refused,
          "cannot publish which sites and clients are used, for there is no room for " +
              with_separators(bytes / 1024 + 1) + " KiB in " + escaped(folder) +
              ": nothing was done. Make room (as root: mount -o remount,size=64M on its file "
              "system), or have SITEWIDE_CLAIMS_DIR name another folder for all rollouts of this "
              "machine"};
}

Result<> write_all(const OpenFile& file, const fs::path& path, std::string_view bytes) {
  const std::size_t all = bytes.size();
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.descriptor(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && (errno == ENOSPC || errno == EDQUOT)) return no_room(path, all);
    if (written < 0) return file_error(ErrorKind::journal, "write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// A name that nobody has thought of before us.
std::string new_name() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != static_cast<ssize_t>(sizeof number)) number = 0;
  return std::string(kName) + std::to_string(::getpid()) + "-" + std::to_string(number);
}

/// The first claim, in the order of adding, that `theirs` has too. Both are sorted by hash.
std::optional<std::uint32_t> first_shared(
    const std::vector<std::pair<std::uint64_t, std::uint32_t>>& mine, const ClaimHashes& theirs) {
  std::optional<std::uint32_t> first;
  for (std::size_t i = 0, j = 0; i < mine.size() && j < theirs.size();) {
    if (mine[i].first < theirs[j]) {
      ++i;
    } else if (theirs[j] < mine[i].first) {
      ++j;
    } else {
      first = std::min(first.value_or(mine[i].second), mine[i].second);
      ++i;
    }
  }
  return first;
}

}  // namespace

void Claims::add(char kind, std::string_view key) {
  bytes_.assign(1, kind);
  bytes_ += key;
  const Digest digest = sha256(bytes_);
  std::uint64_t hash = 0;
  std::memcpy(&hash, digest.bytes.data(), sizeof hash);
  claims_.emplace_back(hash, static_cast<std::uint32_t>(claims_.size()));
}

Admission::Published::~Published() {
  if (file) ::unlink(path.c_str());
}

Result<Admission> Admission::admit(const ClaimsFolder& folder, const Claimant& claimant,
                                   Claims claims, const Describe& describe_claim) {
  std::sort(claims.claims_.begin(), claims.claims_.end());
  ClaimHashes mine;
  mine.reserve(claims.size());
  for (const auto& claim : claims.claims_) mine.push_back(claim.first);

  const auto door = lock_door(folder.path());
  if (!door) return door.error();
  const auto others = files_in(folder.path());
  if (!others) return others.error();
  for (const fs::path& other : *others) {
    const auto theirs = read_live(other);
    if (!theirs) return theirs.error();
    const auto shared = *theirs ? first_shared(claims.claims_, (*theirs)->hashes) : std::nullopt;
    if (!shared) continue;
    return Error{ErrorKind::held,
                 describe_claim(*shared) + " is held by rollout " + (*theirs)->claimant};
  }
  // Nobody else looks while the door is ours, so the file may fill and be locked in place.
  auto published = std::make_unique<Published>();
  published->path = folder.path() / new_name();
  auto file = open_file(ErrorKind::journal, published->path, O_RDWR | O_CREAT | O_EXCL);
  if (!file) return file.error();
  published->file = std::move(*file);
  const auto taken = try_lock(published->file, published->path);
  if (!taken) return taken.error();
  if (::fchmod(published->file.descriptor(), 0644) != 0)
    return file_error(ErrorKind::journal, "share", published->path, errno);
  const auto written =
      write_all(published->file, published->path, encode_claims(claimant_in_words(claimant), mine));
  if (!written) return written.error();
  return Admission(std::move(published));
}

}  // namespace sitewide
