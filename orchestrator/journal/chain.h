// The hash chain over a journal: each event's value is SHA-256 of the value before it and of
// everything that the event says, its captured output included. The first is chained to the
// rollout's own row. Altering, removing, inserting or moving anything but the end breaks it. Pure;
// one thread an object.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "orchestrator/base/digest.h"
#include "orchestrator/core/outcome.h"
#include "orchestrator/core/record.h"

namespace sitewide {

/// What a journal says about its rollout, apart from the schedule itself.
struct JournalHeader {
  std::string rollout;   ///< its id, `q237690-3`
  std::string instance;  ///< a random number of this journal; filled in by SqliteJournal::create
  std::string host;      ///< where it was created; filled in by SqliteJournal::create
  Timestamp created{};
  std::string engine_version;  ///< of the program that created it
  int event_format = 0;  ///< core/event_codec.h; the reader of events compares it with its own
  std::string plan_path;
  Digest plan_digest;      ///< of the plan's bytes
  Digest schedule_digest;  ///< as schedule_codec gives it

  friend bool operator==(const JournalHeader&, const JournalHeader&) = default;
};

class Chain {
 public:
  /// The value that the first event is chained to.
  static Digest root(const JournalHeader& header, std::string_view schedule);

  Chain() = default;
  explicit Chain(const Digest& head) : head_(head) {}

  const Digest& head() const { return head_; }
  /// Chains one event, with its output if it has one, and returns the new head. record.seq is part
  /// of it.
  const Digest& extend(const Record& record, const Output* output);

 private:
  Digest head_;
  std::string bytes_;  // reused from event to event
};

}  // namespace sitewide
