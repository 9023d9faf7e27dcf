// Walking below a directory descriptor without ever leaving it: case-blind names, no links, no
// magic. Threads: any; every call blocks. Errors are Files' (files.h).
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/descriptor.h"
#include "orchestrator/base/digest.h"
#include "orchestrator/base/result.h"

namespace sitewide {

/// The Error for `number` (errno) while doing `what`: unreachable when the disk or share behind it
/// does not answer.
Error file_error(int number, std::string_view what);

class FolderWalk {
 public:
  FolderWalk(const std::string& root, bool without_openat2)
      : root_(root), without_openat2_(without_openat2) {}

  /// The root; unreachable when it is not there.
  Result<Descriptor> open_root() const;
  /// The folder of `components`; nothing when one of them is missing, unless `create`.
  Result<std::optional<Descriptor>> open_folder(const std::vector<std::string>& components,
                                                bool create) const;
  /// How `name` is written in `folder`: itself, or the one name that differs in case alone; nothing
  /// when there is none. Two that differ in case from it and from each other: refused.
  Result<std::optional<std::string>> actual_name(int folder, const std::string& name) const;
  /// Opens a regular file for reading; nothing when it is gone. Anything but a regular file is
  /// refused.
  Result<std::optional<Descriptor>> open_file(int folder, const std::string& name) const;

 private:
  int open_beneath(int folder, const std::string& name, int flags) const;
  Result<std::optional<Descriptor>> open_subfolder(int folder, const std::string& name,
                                                   bool create) const;

  const std::string& root_;
  bool without_openat2_;
};

/// The names in a folder, `.` and `..` left out, in no order.
Result<std::vector<std::string>> names_in(int folder);

/// Reads `file` from its start in blocks of 1 MiB.
Result<Digest> digest_of(int file, std::uint64_t* size = nullptr);

}  // namespace sitewide
