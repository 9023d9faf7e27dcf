#include "orchestrator/journal/admission.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

#include "orchestrator/base/digest.h"
#include "orchestrator/journal/lease.h"

namespace sitewide {
namespace fs = std::filesystem;
namespace {

using Hashes = std::vector<std::uint64_t>;

constexpr auto kWait = std::chrono::seconds(30);
constexpr auto kPause = std::chrono::milliseconds(20);

/// The door: newcomers compare and publish one at a time.
Result<OpenFile> lock_door(const fs::path& path) {
  auto file = open_file(ErrorKind::journal, path, O_RDWR | O_CREAT);
  if (!file) return file;
  const auto until = std::chrono::steady_clock::now() + kWait;
  for (;;) {
    const auto taken = try_lock(*file, path);
    if (!taken) return taken.error();
    if (*taken) return file;
    if (std::chrono::steady_clock::now() >= until) {
      return Error{ErrorKind::held, "another rollout has been starting for " +
                                        std::to_string(kWait.count()) + " s: " + path.string()};
    }
    std::this_thread::sleep_for(kPause);
  }
}

// The file is read on the machine that wrote it, so the numbers lie as the machine has them.
Result<Hashes> read_hashes(const fs::path& path) {
  const auto bytes = read_file(ErrorKind::journal, path);
  if (!bytes) return bytes.error();
  Hashes hashes;
  if (!*bytes) return hashes;
  hashes.resize((*bytes)->size() / sizeof(std::uint64_t));
  if (!hashes.empty())
    std::memcpy(hashes.data(), (*bytes)->data(), hashes.size() * sizeof hashes[0]);
  return hashes;
}

/// Writes the hashes to a new file, locks it and puts it in place: locked already when others can
/// see it.
Result<OpenFile> publish(const Hashes& hashes, const fs::path& path) {
  const fs::path temporary = path.parent_path() / temporary_name();
  auto file = open_file(ErrorKind::journal, temporary, O_RDWR | O_CREAT | O_EXCL);
  if (!file) return file;
  const auto fail = [&](std::string_view what) -> Result<OpenFile> {
    const int number = errno;
    ::unlink(temporary.c_str());
    return file_error(ErrorKind::journal, what, path, number);
  };
  if (::fchmod(file->descriptor(), 0600) != 0) return fail("protect");
  std::string_view bytes(reinterpret_cast<const char*>(hashes.data()),
                         hashes.size() * sizeof(std::uint64_t));
  while (!bytes.empty()) {
    const ssize_t written = ::write(file->descriptor(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  const auto taken = try_lock(*file, temporary);
  if (!taken || !*taken) return fail("lock");
  if (::rename(temporary.c_str(), path.c_str()) != 0) return fail("create");
  return file;
}

/// The place in `mine` of a hash that `theirs` has too. Both are sorted.
std::optional<std::size_t> first_shared(const Hashes& mine, const Hashes& theirs) {
  for (std::size_t i = 0, j = 0; i < mine.size() && j < theirs.size();) {
    if (mine[i] == theirs[j]) return i;
    if (mine[i] < theirs[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  return std::nullopt;
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

Result<Admission> Admission::admit(const StateDirectory& state, const RolloutDirectory& rollout,
                                   Claims claims, const Describe& describe_claim) {
  std::sort(claims.claims_.begin(), claims.claims_.end());
  Hashes mine;
  mine.reserve(claims.size());
  for (const auto& claim : claims.claims_) mine.push_back(claim.first);

  const auto door = lock_door(state.locks() / "admission");
  if (!door) return door.error();
  const auto others = state.rollouts();
  if (!others) return others.error();
  for (const RolloutDirectory& other : *others) {
    if (other.id() == rollout.id()) continue;
    const auto live = is_locked(other.claims());
    if (!live) return live.error();
    if (!*live) continue;
    const auto theirs = read_hashes(other.claims());
    if (!theirs) return theirs.error();
    const auto shared = first_shared(mine, *theirs);
    if (!shared) continue;
    const auto owner = Lease::holder(other.lock());
    std::string message =
        describe_claim(claims.claims_[*shared].second) + " is held by rollout " + other.id();
    if (owner && *owner) message += " (" + describe(**owner) + ")";
    return Error{ErrorKind::held, message};
  }
  auto file = publish(mine, rollout.claims());
  if (!file) return file.error();
  return Admission(std::move(*file));
}

}  // namespace sitewide
