#include "orchestrator/journal/backup_store.h"

#include "orchestrator/base/text.h"
#include "orchestrator/journal/durable_file.h"

namespace sitewide {
namespace fs = std::filesystem;
namespace {

constexpr auto kIo = ErrorKind::io;

/// The first line of a manifest: a digest over its name and text.
std::string seal_of(std::string_view name, std::string_view text) {
  std::string bytes(name);
  bytes += '\0';
  bytes += text;
  return sha256(bytes).hex();
}

// A path is never built from a name: names come from plans and inventories.
fs::path manifest_path(const fs::path& folder, std::string_view name) {
  const std::string hash = sha256(name).hex();
  return folder / "manifests" / hash.substr(0, 2) / hash;
}

}  // namespace

fs::path BackupStore::path_of(const Digest& digest) const {
  const std::string hex = digest.hex();
  return folder_ / hex.substr(0, 2) / hex;
}

bool BackupStore::contains(const Digest& digest) const {
  std::error_code ignored;
  return fs::is_regular_file(fs::symlink_status(path_of(digest), ignored));
}

Result<> BackupStore::make_folder_of(const fs::path& path) {
  const fs::path folder = path.parent_path();
  if (folder == folder_) return {};
  {
    const std::lock_guard lock(mutex_);
    if (made_.contains(folder)) return {};
  }
  if (auto made = make_folder_of(folder); !made) return made;
  const auto made = make_folder(kIo, folder);
  if (!made) return made.error();
  // Somebody else may have made it and not have come to syncing it yet.
  if (auto synced = sync_folder(kIo, folder.parent_path()); !synced) return synced;
  const std::lock_guard lock(mutex_);
  made_.insert(folder);
  return {};
}

Result<Digest> BackupStore::put(std::string_view bytes) {
  const Digest digest = sha256(bytes);
  {
    const std::lock_guard lock(mutex_);
    if (known_.contains(digest)) return digest;
  }
  const fs::path path = path_of(digest);
  if (auto made = make_folder_of(path); !made) return made.error();
  // Bytes that lie there already are trusted only after a look; damaged ones are replaced by the
  // good ones at hand.
  const auto there = read_file(kIo, path, bytes.size());
  if (there && *there && **there == bytes) {
    if (auto synced = sync_folder(kIo, path.parent_path()); !synced) return synced.error();
  } else {
    const auto written =
        write_file(kIo, path, folder_ / temporary_name(), bytes, Existing::replace);
    if (!written) return written.error();
  }
  const std::lock_guard lock(mutex_);
  known_.insert(digest);
  return digest;
}

Result<Digest> BackupStore::put_file(const fs::path& file, std::size_t limit) {
  const auto bytes = read_file(kIo, file, limit);
  if (!bytes) return bytes.error();
  if (!*bytes) return Error{kIo, "cannot read " + file.string() + ": there is no such file"};
  return put(**bytes);
}

Result<std::string> BackupStore::get(const Digest& digest) const {
  auto bytes = read_file(kIo, path_of(digest));
  if (!bytes) return bytes.error();
  if (!*bytes) return Error{kIo, "backup " + digest.brief() + " is not in " + folder_.string()};
  if (sha256(**bytes) != digest) {
    return Error{kIo, "backup " + path_of(digest).string() + " is damaged: its bytes changed"};
  }
  return std::move(**bytes);
}

Result<std::string> BackupStore::put_manifest(std::string_view name, std::string_view text) {
  const fs::path path = manifest_path(folder_, name);
  if (auto made = make_folder_of(path); !made) return made.error();
  const std::string sealed = seal_of(name, text) + "\n" + std::string(text);
  const auto written = write_file(kIo, path, folder_ / temporary_name(), sealed, Existing::keep);
  if (!written) return written.error();
  if (*written) return std::string(text);
  auto first = manifest(name);
  if (!first) return first.error();
  if (!*first) return Error{kIo, "manifest of " + escaped(name, 200) + " vanished"};
  return std::move(**first);
}

Result<std::optional<std::string>> BackupStore::manifest(std::string_view name) const {
  const fs::path path = manifest_path(folder_, name);
  auto sealed = read_file(kIo, path);
  if (!sealed) return sealed.error();
  if (!*sealed) return std::optional<std::string>();
  const std::size_t line = (*sealed)->find('\n');
  const std::string_view whole = **sealed;
  if (line == std::string::npos || whole.substr(0, line) != seal_of(name, whole.substr(line + 1))) {
    return Error{kIo, "manifest of " + escaped(name, 200) + " is damaged: " + path.string()};
  }
  return std::optional<std::string>((*sealed)->substr(line + 1));
}

}  // namespace sitewide
