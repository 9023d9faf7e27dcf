// A rollout as its directory has it: schedule, journal header, and the state that a replay of its
// events gives.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "orchestrator/core/event.h"
#include "orchestrator/core/rollout.h"
#include "orchestrator/core/subject_index.h"
#include "orchestrator/journal/journal_reader.h"
#include "orchestrator/journal/lease.h"
#include "orchestrator/journal/rollout_directory.h"
#include "orchestrator/journal/sqlite_journal.h"
#include "orchestrator/views/notice.h"
#include "orchestrator/views/reporter.h"

namespace sitewide {

/// What is frozen about a rollout, and where it stands. Not movable: the parts refer to each other.
struct StoredRollout {
  StoredRollout(RolloutDirectory where, JournalHeader head, Schedule what)
      : directory(std::move(where)),
        header(std::move(head)),
        schedule(std::move(what)),
        subjects(schedule),
        rollout(schedule) {}
  StoredRollout(const StoredRollout&) = delete;
  StoredRollout& operator=(const StoredRollout&) = delete;

  RolloutDirectory directory;
  JournalHeader header;
  Schedule schedule;
  SubjectIndex subjects;
  Rollout rollout;
  /// The last event that was read for looking; see read_rollout and read_on.
  ChainHead seen;
  /// Of what a reopened journal holds; empty where the plan tells nobody.
  NoticeFold notices;
  std::vector<Notice> past_notices;
};

/// Ids come round again, in another state directory or after a prune; the journal's own instance
/// does not: `q237690-3.0a1b2c3d4e5f`.
std::string world_wide_name(const StoredRollout& stored);

/// Called for each event before it is applied.
using BeforeApply = std::function<Result<>(const StoredRollout&, const Event&, const Record&)>;

/// The state directory that the command line and the environment name, for readers.
Result<StateDirectory> state_directory(const std::string& option);

/// Its schedule alone, before its first event, and not proven by the chain.
Result<std::unique_ptr<StoredRollout>> read_schedule(const RolloutDirectory& directory);

/// Replays for looking; the journal may be live. The chain is checked on the way: an event that was
/// altered, or whose place it is not, is an error before it is applied.
Result<std::unique_ptr<StoredRollout>> read_rollout(const RolloutDirectory& directory,
                                                    const BeforeApply& before = {});

/// The same with what its journal has beyond what was read. Not to be called again after an error.
Result<> read_on(StoredRollout& stored, JournalReader& reader, const BeforeApply& before = {});

/// Whether the rollout has ended, read from the end of its journal: no replay. False when the
/// journal cannot be read.
bool has_ended(const RolloutDirectory& directory);

/// Replays for going on: chain and pages are checked, and the journal is open for writing. The
/// caller holds the lease.
struct WritableRollout {
  std::unique_ptr<StoredRollout> stored;
  std::unique_ptr<SqliteJournal> journal;
};
Result<WritableRollout> reopen_rollout(const RolloutDirectory& directory);

/// The directory of the rollout that `word` means; the newest for an empty word.
Result<RolloutDirectory> find_rollout(const std::string& state_option, const std::string& word);

}  // namespace sitewide
