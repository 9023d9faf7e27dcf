#include "orchestrator/journal/sqlite_journal.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "orchestrator/base/check.h"
#include "orchestrator/journal/durable_file.h"
#include "orchestrator/journal/journal_schema.h"
#include "orchestrator/journal/machine.h"

namespace sitewide {
namespace fs = std::filesystem;
namespace {

/// An empty file with the mode that SQLite will also give to the log and its index.
Result<> create_file(const fs::path& file) {
  auto created = open_file(ErrorKind::journal, file, O_RDWR | O_CREAT | O_EXCL);
  if (!created) return created.error();
  if (::fchmod(created->descriptor(), 0600) != 0) {
    return file_error(ErrorKind::journal, "protect", file, errno);
  }
  return {};
}

Result<> check_pages(Database& database) {
  const auto found = database.text("PRAGMA quick_check(1)");
  if (!found) return found.error();
  if (*found != "ok") return journal_error(database.path(), "damaged: " + *found);
  return {};
}

}  // namespace

std::string new_instance() {
  Digest random;
  check(::getrandom(random.bytes.data(), random.bytes.size(), 0) ==
            static_cast<ssize_t>(random.bytes.size()),
        "the kernel gives random numbers");
  return random.brief(32);
}

SqliteJournal::SqliteJournal(Database database, ChainHead head)
    : database_(std::move(database)), chain_(head.chain), seq_(head.seq) {}

SqliteJournal::~SqliteJournal() = default;

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::create(const fs::path& file,
                                                             JournalHeader header,
                                                             std::string_view schedule) {
  if (header.instance.empty()) header.instance = new_instance();
  header.host = host_name();
  if (auto created = create_file(file); !created) return created.error();
  auto database = Database::open(file, Database::Access::read_write);
  if (!database) return database.error();
  if (auto set = database->use_write_ahead_log(); !set) return set.error();
  if (auto created = create_tables(*database, header, schedule); !created) return created.error();
  // The schedule may be large: it moves out of the log at once, and the log starts small.
  if (auto moved = database->number("PRAGMA wal_checkpoint(TRUNCATE)"); !moved)
    return moved.error();
  const auto synced = sync_folder(ErrorKind::journal, fs::absolute(file).parent_path());
  if (!synced) return synced.error();

  const ChainHead head{0, Chain::root(header, schedule)};
  std::unique_ptr<SqliteJournal> journal(new SqliteJournal(std::move(*database), head));
  if (auto prepared = journal->prepare(); !prepared) return prepared.error();
  return journal;
}

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(const fs::path& file,
                                                           const JournalReader::Visit& visit) {
  auto database = Database::open(file, Database::Access::read_write);
  if (!database) return database.error();
  // Nothing about a file that is not trusted yet is written, not even a checkpoint.
  if (auto checked = check_tables(*database); !checked) {
    database->close_without_checkpoint();
    return checked.error();
  }
  auto pages = check_pages(*database);
  auto head = pages ? verify_chain(*database, visit) : Result<ChainHead>(pages.error());
  if (!head) {
    database->close_without_checkpoint();
    return head.error();
  }
  std::unique_ptr<SqliteJournal> journal(new SqliteJournal(std::move(*database), *head));
  if (auto prepared = journal->prepare(); !prepared) return prepared.error();
  return journal;
}

Result<> SqliteJournal::prepare() {
  struct Planned {
    Statement& statement;
    const char* sql;
  };
  const std::array<Planned, 4> planned{{
      {begin_, "BEGIN IMMEDIATE"},
      {commit_, "COMMIT"},
      {insert_event_, "INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?)"},
      {insert_output_, "INSERT INTO outputs VALUES (?,?,?,?)"},
  }};
  for (const Planned& next : planned) {
    auto statement = database_.prepare(next.sql);
    if (!statement) return statement.error();
    next.statement = std::move(*statement);
  }
  return {};
}

Result<> SqliteJournal::append(std::span<Record> records, std::span<const OutputRecord> outputs) {
  if (failed_) return *failed_;
  if (records.empty()) return {};
  auto written = write(records, outputs);
  if (!written) {
    // Whether the transaction is on the disk is unknown now; nothing more is written that could
    // change it.
    failed_ = written.error();
    database_.close_without_checkpoint();
  }
  return written;
}

Result<> SqliteJournal::write(std::span<Record> records, std::span<const OutputRecord> outputs) {
  std::vector<const Output*> output_of(outputs.empty() ? 0 : records.size());
  for (const OutputRecord& each : outputs) {
    check(each.record < records.size() && output_of[each.record] == nullptr,
          "an output belongs to one record of its append");
    output_of[each.record] = &each.output;
  }
  if (auto begun = begin_.run(); !begun) return begun;
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].seq = ++seq_;
    if (auto inserted = insert(records[i], outputs.empty() ? nullptr : output_of[i]); !inserted) {
      return inserted;
    }
  }
  return commit_.run();
}

Result<> SqliteJournal::insert(const Record& record, const Output* output) {
  const Digest& chain = chain_.extend(record, output);
  insert_event_.bind(1, record.seq);
  insert_event_.bind(2, record.at.time_since_epoch().count());
  insert_event_.bind_text(3, record.kind);
  insert_event_.bind_text(4, record.subject);
  insert_event_.bind_word(5, record.step);
  insert_event_.bind(6, record.attempt);
  insert_event_.bind_word(7, record.outcome);
  insert_event_.bind_word(8, record.detail);
  insert_event_.bind_blob(9,
                          {reinterpret_cast<const char*>(chain.bytes.data()), chain.bytes.size()});
  if (auto inserted = insert_event_.run(); !inserted || output == nullptr) return inserted;
  insert_output_.bind(1, record.seq);
  insert_output_.bind(2, static_cast<std::int64_t>(output->total_bytes));
  insert_output_.bind_blob(3, output->head);
  insert_output_.bind_blob(4, output->tail);
  return insert_output_.run();
}

}  // namespace sitewide
