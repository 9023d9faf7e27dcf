// MemoryFile: a file without a name, which a program of the same user reaches by a path under
// /proc for as long as this object lives. What lies in it is gone with the process, however that
// ends: nothing to clean up, and nothing on a disk. Blocks for no longer than memory takes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/descriptor.h"
#include "orchestrator/base/result.h"

namespace sitewide {

class MemoryFile {
 public:
  /// Holding `bytes`. Readable by this user alone.
  static Result<MemoryFile> with(std::string_view bytes);

  /// What another program opens.
  std::string path() const;
  int descriptor() const { return file_.get(); }
  std::uint64_t size() const;
  /// Makes it `size` bytes long, holes for what was not written.
  Result<> resize(std::uint64_t size);
  /// What stands from `offset` to the end.
  Result<std::string> read_from(std::uint64_t offset) const;

 private:
  explicit MemoryFile(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace sitewide
