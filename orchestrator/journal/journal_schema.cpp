#include "orchestrator/journal/journal_schema.h"

#include <array>

namespace sitewide {
namespace {

// "Site" in ASCII: what `file` and we recognise a journal by.
constexpr std::int64_t kApplicationId = 0x53697465;

struct Table {
  std::string_view name;
  const char* sql;
};
// Sorted by name. A file's own text is compared with these, so that nothing is ever run from a
// file. The schedule comes last: what is before it is read without touching it.
constexpr std::array<Table, 3> kTables{{
    {"events",
     "CREATE TABLE events (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, "
     "subject TEXT NOT NULL, step TEXT, attempt INTEGER NOT NULL, outcome TEXT, detail TEXT, "
     "chain BLOB NOT NULL) STRICT"},
    {"outputs",
     "CREATE TABLE outputs (seq INTEGER PRIMARY KEY, total INTEGER NOT NULL, head BLOB NOT NULL, "
     "tail BLOB NOT NULL) STRICT"},
    {"rollout",
     "CREATE TABLE rollout (id TEXT NOT NULL, instance TEXT NOT NULL, host TEXT NOT NULL, "
     "created INTEGER NOT NULL, engine_version TEXT NOT NULL, event_format INTEGER NOT NULL, "
     "plan_path TEXT NOT NULL, plan_digest TEXT NOT NULL, schedule_digest TEXT NOT NULL, "
     "schedule TEXT NOT NULL) STRICT"},
}};

Result<> insert_header(Database& database, const JournalHeader& header, std::string_view schedule) {
  auto insert = database.prepare("INSERT INTO rollout VALUES (?,?,?,?,?,?,?,?,?,?)");
  if (!insert) return insert.error();
  const std::string plan_digest = header.plan_digest.hex();
  const std::string schedule_digest = header.schedule_digest.hex();
  insert->bind_text(1, header.rollout);
  insert->bind_text(2, header.instance);
  insert->bind_text(3, header.host);
  insert->bind(4, header.created.time_since_epoch().count());
  insert->bind_text(5, header.engine_version);
  insert->bind(6, header.event_format);
  insert->bind_text(7, header.plan_path);
  insert->bind_text(8, plan_digest);
  insert->bind_text(9, schedule_digest);
  insert->bind_text(10, schedule);
  return insert->run();
}

}  // namespace

Result<> create_tables(Database& database, const JournalHeader& header, std::string_view schedule) {
  if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return begun;
  for (const Table& table : kTables) {
    if (auto created = database.execute(table.sql); !created) return created;
  }
  const std::string marks = "PRAGMA application_id=" + std::to_string(kApplicationId) +
                            "; PRAGMA user_version=" + std::to_string(kJournalSchema);
  if (auto marked = database.execute(marks.c_str()); !marked) return marked;
  if (auto inserted = insert_header(database, header, schedule); !inserted) return inserted;
  return database.execute("COMMIT");
}

Result<> check_tables(Database& database) {
  const auto mark = database.number("PRAGMA application_id");
  if (!mark) return mark.error();
  const auto version = database.number("PRAGMA user_version");
  if (!version) return version.error();
  if (*mark == 0 && *version == 0) {
    return journal_error(database.path(), "empty: its creation was cut short, or it was truncated");
  }
  if (*mark != kApplicationId) return journal_error(database.path(), "not a Sitewide journal");
  if (*version > kJournalSchema) {
    return journal_error(database.path(), "written by a newer Sitewide (journal schema " +
                                              std::to_string(*version) + ", this one knows " +
                                              std::to_string(kJournalSchema) + ")");
  }
  auto tables = database.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name");
  if (!tables) return tables.error();
  std::size_t count = 0;
  for (;; ++count) {
    const auto row = tables->step();
    if (!row) return row.error();
    if (!*row) break;
    if (count >= kTables.size() || tables->text(0) != kTables[count].name ||
        tables->text(1) != kTables[count].sql) {
      return journal_error(database.path(), "its tables are not those of a Sitewide journal");
    }
  }
  if (count == kTables.size()) return {};
  return journal_error(database.path(), "damaged: a table is missing");
}

Result<JournalHeader> read_header(Database& database) {
  auto select = database.prepare(
      "SELECT id, instance, host, created, engine_version, event_format, plan_path, plan_digest, "
      "schedule_digest FROM rollout");
  if (!select) return select.error();
  const auto row = select->step();
  if (!row) return row.error();
  const auto plan = *row ? Digest::parse(select->text(7)) : std::nullopt;
  const auto schedule = *row ? Digest::parse(select->text(8)) : std::nullopt;
  if (!plan || !schedule) return journal_error(database.path(), "damaged: the rollout's row");
  JournalHeader header;
  header.rollout = select->text(0);
  header.instance = select->text(1);
  header.host = select->text(2);
  header.created = Timestamp{Duration{select->integer(3)}};
  header.engine_version = select->text(4);
  header.event_format = static_cast<int>(select->integer(5));
  header.plan_path = select->text(6);
  header.plan_digest = *plan;
  header.schedule_digest = *schedule;
  return header;
}

Result<std::string> read_schedule(Database& database) {
  return database.text("SELECT schedule FROM rollout");
}

}  // namespace sitewide
