// BackupStore: bytes kept under their SHA-256, and manifests that say what stood where before. What
// was put is durable when the call returns; equal bytes take space once; nothing is ever
// overwritten by other bytes. Calls block; from any thread. Errors are of kind io.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "orchestrator/base/digest.h"
#include "orchestrator/base/result.h"

namespace sitewide {

class BackupStore {
 public:
  /// `folder` must exist.
  explicit BackupStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Result<Digest> put(std::string_view bytes);
  /// Keeps the bytes of a regular file of at most `limit` bytes.
  Result<Digest> put_file(const std::filesystem::path& file, std::size_t limit = SIZE_MAX);
  /// The bytes of a digest that was put, verified against it. Not there or damaged: an error.
  Result<std::string> get(const Digest& digest) const;
  bool contains(const Digest& digest) const;
  /// Where the bytes of a digest lie, for programs that want a file; verify before use.
  std::filesystem::path path_of(const Digest& digest) const;

  /// Keeps `text` under `name` unless that name is taken, and returns what stands there afterwards:
  /// the first one put wins, so that a second attempt never replaces the true originals by what the
  /// first one wrote.
  Result<std::string> put_manifest(std::string_view name, std::string_view text);
  /// Nothing when no such manifest was put; damaged: an error.
  Result<std::optional<std::string>> manifest(std::string_view name) const;

 private:
  Result<> make_folder_of(const std::filesystem::path& path);

  std::filesystem::path folder_;
  std::mutex mutex_;
  std::set<Digest> known_;                // put or verified by this object, durable
  std::set<std::filesystem::path> made_;  // folders that are there and durable
};

}  // namespace sitewide
