// Files: the files under one root, which is a client's drive C:, a site server's <SMS_root> or a
// logon server's SMS_SHR. Paths are relative with `/` (`\` is taken as `/`), matched case-blind,
// and never leave the root, not through `..`, not through a link. Calls block: use them on the pool
// only. An object may be used from several threads.
//
// Errors: ErrorKind::unreachable when the root itself cannot be reached (gone, not mounted, no
// answer); ErrorKind::denied when whoever has it does not let us in (password, key, host key);
// ErrorKind::refused when a path leaves the root or what stands there is not what was
// expected (changed by someone else); ErrorKind::io for the rest (disk full, permission …).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/digest.h"
#include "orchestrator/base/result.h"
#include "orchestrator/core/time.h"

namespace sitewide {

struct FileState {
  Digest digest;
  std::uint64_t size = 0;
  Timestamp modified{};
};

/// What must stand at a path before it is written or removed: these bytes, or (empty) no file.
using Expected = std::optional<Digest>;

class Files {
 public:
  virtual ~Files() = default;

  /// Nothing when there is no such file (or its folder is missing).
  virtual Result<std::optional<FileState>> state(std::string_view path) = 0;
  /// Whether there is such a file.
  virtual Result<bool> exists(std::string_view path) {
    const auto there = modified(path);
    if (!there) return there.error();
    return there->has_value();
  }
  /// Time of last write alone; cheaper than state(). Refused where times are not to be had.
  virtual Result<std::optional<Timestamp>> modified(std::string_view path) = 0;
  /// The whole content; a file over `max_bytes` is an error.
  virtual Result<std::optional<std::string>> read(std::string_view path, std::size_t max_bytes) = 0;
  /// The last `most` bytes of the file, or all of a shorter one: for logs, which may have any size.
  /// Where files can only be read whole, one over `kMostWhole` bytes is an error.
  virtual Result<std::optional<std::string>> tail(std::string_view path, std::size_t most) {
    constexpr std::size_t kMostWhole = std::size_t{16} << 20;
    auto whole = read(path, kMostWhole);
    if (whole && *whole && (*whole)->size() > most) (*whole)->erase(0, (*whole)->size() - most);
    return whole;
  }
  /// Replaces or creates the file: write a temporary file, fsync, rename over, fsync the folder;
  /// the old or the new file stands there at every instant. An existing file keeps its name's case
  /// and its mode. Missing folders are made, like the one they lie in.
  virtual Result<> write(std::string_view path, const Expected& expected, std::string_view bytes,
                         std::optional<Timestamp> modified) = 0;
  virtual Result<> remove(std::string_view path, const Digest& expected) = 0;
  /// Gives the file another name in its folder, under which nothing may stand yet. Refused where
  /// files cannot be renamed.
  virtual Result<> rename(std::string_view path, std::string_view name, const Digest& expected);
  /// Gives the file another time of last write and changes no byte of it.
  virtual Result<> touch(std::string_view path, Timestamp modified) = 0;
  /// Names in a folder, as they are written there, sorted; empty when there is no such folder.
  virtual Result<std::vector<std::string>> list(std::string_view folder) = 0;
};

inline Result<> Files::rename(std::string_view path, std::string_view, const Digest&) {
  return Error{ErrorKind::refused, std::string(path) + " cannot be renamed there"};
}

}  // namespace sitewide
