// Stores: where a simulated rollout's journal lies. In memory, for speed; or the real SqliteJournal
// in a file, written by each controller and checked and read by the next. One thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "orchestrator/core/schedule.h"
#include "orchestrator/journal/journal.h"
#include "tests/simulation/violation.h"

namespace sitewide::simulation {

class Store {
 public:
  virtual ~Store() = default;
  /// For one controller: hands it every event in order, then takes its own.
  virtual std::unique_ptr<Journal> open(const std::function<void(const Record&)>& visit) = 0;
  /// Nobody has it open: whether it holds these events and no others, unaltered.
  virtual void inspect(const std::vector<Record>&, Violations&) {}
};

std::unique_ptr<Store> memory_store();
/// In a folder of its own under /dev/shm (else the temporary folder), removed at the end.
std::unique_ptr<Store> sqlite_store(const Schedule& schedule, Timestamp created);

}  // namespace sitewide::simulation
