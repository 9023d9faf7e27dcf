// SqliteJournal: the journal that a controller writes: one SQLite file with a write-ahead log,
// every turn of the loop one synced transaction, every event chained to the one before. Whoever
// opens it holds the rollout's Lease: it must be the one connection in the world that writes or
// checkpoints (SQLite 3.40.1 can corrupt a log that two reset). Used by the engine's thread alone;
// append blocks until the disk has confirmed.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "orchestrator/journal/journal.h"
#include "orchestrator/journal/journal_reader.h"
#include "orchestrator/journal/sqlite.h"

namespace sitewide {

/// A random name for a journal that no other has.
std::string new_instance();

class SqliteJournal : public Journal {
 public:
  /// Makes a new journal; the file must not exist. header.host is filled in, and header.instance
  /// where it is empty. Errors are of kind journal.
  static Result<std::unique_ptr<SqliteJournal>> create(const std::filesystem::path& file,
                                                       JournalHeader header,
                                                       std::string_view schedule);

  /// Opens a journal to go on with it. Its tables, its pages and its whole hash chain are checked
  /// first, and `visit` is given every event on the way: that is the replay. One trailing turn that
  /// the dead controller never saw confirmed may be there: it counts.
  static Result<std::unique_ptr<SqliteJournal>> open(const std::filesystem::path& file,
                                                     const JournalReader::Visit& visit = {});

  /// See Journal::append. After an error the journal is unusable: every later call returns that
  /// same error.
  Result<> append(std::span<Record> records, std::span<const OutputRecord> outputs) override;

  /// Where the journal ends: the last event that append has confirmed.
  ChainHead head() const { return {seq_, chain_.head()}; }
  ~SqliteJournal() override;

 private:
  SqliteJournal(Database database, ChainHead head);
  Result<> prepare();
  Result<> write(std::span<Record> records, std::span<const OutputRecord> outputs);
  Result<> insert(const Record& record, const Output* output);

  Database database_;
  Statement begin_, commit_, insert_event_, insert_output_;
  Chain chain_;
  std::int64_t seq_ = 0;
  std::optional<Error> failed_;
};

}  // namespace sitewide
