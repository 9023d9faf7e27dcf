// Small files that must survive a power cut: written beside, synced, then put in place by one
// rename, and their folder synced too. Calls block. Every descriptor is close-on-exec; files are
// 0600 and folders 0700 whatever the umask.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "orchestrator/base/result.h"

namespace sitewide {

/// Owns one descriptor; closed when it goes.
class OpenFile {
 public:
  OpenFile() = default;
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~OpenFile();

  int descriptor() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// "cannot WHAT PATH: the words of errno". Full disks and read-only mounts are named as such.
Error file_error(ErrorKind kind, std::string_view what, const std::filesystem::path& path,
                 int number);

/// Opens a regular file without following a link at its end. `flags` as for open(2).
Result<OpenFile> open_file(ErrorKind kind, const std::filesystem::path& path, int flags);

/// All bytes of a regular file; nothing when there is none. More than `limit` bytes is an error.
Result<std::optional<std::string>> read_file(ErrorKind kind, const std::filesystem::path& path,
                                             std::size_t limit = SIZE_MAX);

/// What write_file does about a file that is there already.
enum class Existing { replace, keep };

/// Puts `bytes` at `path` in one step; durable when it returns. `temporary` lies on the same file
/// system and is gone afterwards. False: something was there and Existing::keep left it alone.
Result<bool> write_file(ErrorKind kind, const std::filesystem::path& path,
                        const std::filesystem::path& temporary, std::string_view bytes,
                        Existing existing);

/// Makes the entries of `folder` durable.
Result<> sync_folder(ErrorKind kind, const std::filesystem::path& folder);

/// Makes `folder` with mode 0700; false when it was there already. Its parent must exist and is
/// synced.
Result<bool> make_folder(ErrorKind kind, const std::filesystem::path& folder);

/// A name for a temporary file that no other thread or process uses.
std::string temporary_name();

}  // namespace sitewide
