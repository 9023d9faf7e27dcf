// FolderFiles: the Files of a local or mounted directory. Names are matched case-blind component by
// component below a directory descriptor, no link is followed, and nothing outside the root is ever
// opened.
//
// Threads: stateless but for the root's path, so any; every call blocks. Nothing is cached.
#pragma once

#include <string>

#include "adapters/files.h"

namespace sitewide {

struct FolderOptions {
  /// Uses openat() and O_NOFOLLOW even where openat2() is there: what old kernels get.
  bool without_openat2 = false;
  /// Half-written files lie in the root instead of beside their target: for a site server, whose
  /// Client.src is copied to the logon servers as it stands, and where a stray file would stay for
  /// ever. Beside after all where the target is on another device.
  bool temporaries_in_root = false;
};

class FolderFiles : public Files {
 public:
  explicit FolderFiles(std::string root, FolderOptions options = {});

  Result<std::optional<FileState>> state(std::string_view path) override;
  Result<std::optional<Timestamp>> modified(std::string_view path) override;
  Result<std::optional<std::string>> read(std::string_view path, std::size_t max_bytes) override;
  Result<std::optional<std::string>> tail(std::string_view path, std::size_t most) override;
  Result<> write(std::string_view path, const Expected& expected, std::string_view bytes,
                 std::optional<Timestamp> modified) override;
  Result<> remove(std::string_view path, const Digest& expected) override;
  Result<> rename(std::string_view path, std::string_view name, const Digest& expected) override;
  Result<> touch(std::string_view path, Timestamp modified) override;
  Result<std::vector<std::string>> list(std::string_view folder) override;
  Result<std::optional<Room>> room(std::string_view folder) override;

 private:
  std::string root_;
  FolderOptions options_;
};

}  // namespace sitewide
