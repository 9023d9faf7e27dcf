// TemporaryFile: new bytes beside a file, which take its place by a rename or else vanish. Blocks;
// one thread at a time.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>

#include "adapters/descriptor.h"
#include "orchestrator/core/time.h"

namespace sitewide {

/// Files that a killed run left half-written have names that begin so; nobody else's do.
inline constexpr std::string_view kTemporary = ".sitewide-";

/// A file's folder, open, and its name as it is written there (or as it was asked for, when it is
/// not there).
struct FilePlace {
  Descriptor folder;
  std::string name;
  std::string path;  ///< below the root, in lower case: the same for every spelling
  bool exists = false;
};

/// What stands at a place that is about to be changed, if it is what was expected there.
struct StandingFile {
  Descriptor file;
  struct stat status {};
};

class TemporaryFile {
 public:
  /// It lies in `folder`; place and folder outlive it.
  TemporaryFile(const FilePlace& place, const Descriptor& folder);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  /// Removes what a killed run left for this very file.
  static void clean(const FilePlace& place, const Descriptor& folder);

  /// Each returns 0 or errno. create takes mode, owner and DOS attributes over from what stands
  /// there; replace renames, over nothing when `must_be_new`, and makes names durable.
  int create(const std::optional<StandingFile>& standing);
  int fill(std::string_view bytes, std::optional<Timestamp> modified);
  int replace(bool must_be_new);

 private:
  const FilePlace& place_;
  int folder_;
  std::string prefix_;
  std::string name_;
  Descriptor file_;
};

/// Gives an open file its time. 0, or -1 and errno.
int set_modified(int file, Timestamp at);

}  // namespace sitewide
