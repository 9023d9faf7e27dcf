// Journal: the durable list of events that a rollout is. The engine writes through this interface;
// readers use sqlite_journal.h. Threads: used by the engine's thread alone.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "orchestrator/base/result.h"
#include "orchestrator/core/outcome.h"
#include "orchestrator/core/record.h"

namespace sitewide {

/// A program's captured output, stored beside the event that ended its attempt.
struct OutputRecord {
  std::size_t record = 0;  ///< index into the records of the same append
  Output output;
};

class Journal {
 public:
  virtual ~Journal() = default;

  /// Appends all records in one transaction and numbers them (seq). Durable when it returns without
  /// an error. After an error nothing is known about the records: the controller must stop, and a
  /// fresh replay tells.
  virtual Result<> append(std::span<Record> records, std::span<const OutputRecord> outputs) = 0;
};

}  // namespace sitewide
