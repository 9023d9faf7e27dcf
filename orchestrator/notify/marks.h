// Marks: for each receiver the number of the last event that it was told of, in a small file beside
// the journal, so that the next controller knows what is still to be told. A mark is written after
// the delivery: a crash in between makes one notification arrive twice, never none.
//
// Calls block for two syncs. Threads: one at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "orchestrator/base/result.h"

namespace sitewide {

class Marks {
 public:
  /// Reads the file; a missing or damaged one says that nobody was told of anything.
  Marks(std::filesystem::path file, std::size_t targets);

  std::int64_t of(std::size_t target) const { return told_[target]; }
  /// Durable when it returns. An error leaves the file as it was; what is asked here goes on.
  Result<> set(std::size_t target, std::int64_t seq);

 private:
  std::filesystem::path file_;
  std::vector<std::int64_t> told_;
};

}  // namespace sitewide
