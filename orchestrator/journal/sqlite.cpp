#include "orchestrator/journal/sqlite.h"

#include <sqlite3.h>

#include "orchestrator/journal/durable_file.h"

namespace sitewide {
namespace {

constexpr int kWaitMilliseconds = 10'000;

/// What a person needs to know about a result code; SQLite's own words where they say enough.
std::string words_of(int code, const char* own_words) {
  switch (code) {
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC:
      return "the disk did not confirm a write (fsync failed)";
    case SQLITE_IOERR_SHORT_READ:
      return "damaged: the file is cut short";
    case SQLITE_IOERR_SHMSIZE:  // SQLite does not say why; there is no other reason in practice
      return "there is no room for the file beside it (-shm): the disk is full";
    default:
      break;
  }
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return "the disk is full";
    case SQLITE_CORRUPT:
      return "damaged: " + std::string(own_words);
    case SQLITE_NOTADB:
      return "damaged, or not a journal at all: " + std::string(own_words);
    case SQLITE_READONLY:
      return "cannot be written: the file or its folder is read-only";
    case SQLITE_BUSY:
      return "another process keeps it busy";
    case SQLITE_CANTOPEN:
      return "cannot be opened; the files beside it (-wal, -shm) must be there, or the folder "
             "writable: copy the whole folder to a writable place to read it there";
    default:
      return own_words;
  }
}

Error error_of(const std::string& path, int code, sqlite3* connection) {
  const char* own = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  return journal_error(path, words_of(code, own));
}

}  // namespace

Error journal_error(std::string_view path, std::string_view words) {
  return {ErrorKind::journal, "journal " + std::string(path) + ": " + std::string(words)};
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::bind(int parameter, std::int64_t value) {
  const int code = sqlite3_bind_int64(statement_.get(), parameter, value);
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

void Statement::bind_text(int parameter, std::string_view text) {
  // A null pointer would bind NULL.
  const int code = sqlite3_bind_text64(statement_.get(), parameter, text.empty() ? "" : text.data(),
                                       text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

void Statement::bind_word(int parameter, std::string_view text) {
  if (!text.empty()) return bind_text(parameter, text);
  const int code = sqlite3_bind_null(statement_.get(), parameter);
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

void Statement::bind_blob(int parameter, std::string_view bytes) {
  const int code = sqlite3_bind_blob64(
      statement_.get(), parameter, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

Result<bool> Statement::step() {
  if (bind_code_ != SQLITE_OK) return error_of(*path_, bind_code_, nullptr);
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return error_of(*path_, code, sqlite3_db_handle(statement_.get()));
}

Result<> Statement::run() {
  const auto row = step();
  reset();
  if (!row) return row.error();
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  bind_code_ = SQLITE_OK;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view Statement::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close(connection); }

Result<Database> Database::open(const std::filesystem::path& file, Access access) {
  const bool writes = access == Access::read_write;
  Database database;
  database.path_ = std::make_unique<std::string>(file.string());
  std::error_code ignored;
  const auto status = std::filesystem::symlink_status(file, ignored);
  if (status.type() == std::filesystem::file_type::not_found) {
    return journal_error(file.string(), "there is no such file");
  }
  if (!std::filesystem::is_regular_file(status)) {
    return journal_error(file.string(), "cannot be opened, or is not a regular file");
  }

  sqlite3* connection = nullptr;
  const int flags = (writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_EXRESCODE;
  // An absolute path: a later change of the working directory must not move the -wal file.
  const std::string path = std::filesystem::absolute(file).string();
  const int code = sqlite3_open_v2(path.c_str(), &connection, flags, nullptr);
  database.connection_.reset(connection);
  if (code != SQLITE_OK) return error_of(*database.path_, code, connection);
  // SQLite opens what it may not write for reading only, and would complain at the first write.
  if (writes && sqlite3_db_readonly(connection, "main") != 0) {
    return error_of(*database.path_, SQLITE_READONLY, connection);
  }

  sqlite3_busy_timeout(connection, kWaitMilliseconds);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
  if (!writes) database.close_without_checkpoint();
  // The log and its index stay when the last connection goes: without them a reader in a folder
  // that it cannot write would have nothing to open.
  int keep_log = 1;
  if (writes) sqlite3_file_control(connection, "main", SQLITE_FCNTL_PERSIST_WAL, &keep_log);
  const auto configured = database.execute(
      writes ? "PRAGMA cell_size_check=ON; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
               "PRAGMA journal_size_limit=67108864;"
             : "PRAGMA cell_size_check=ON; PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0;");
  if (!configured) return configured.error();
  return database;
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return error_of(*path_, code, connection_.get());
  Statement statement;
  statement.statement_.reset(raw);
  statement.path_ = path_.get();
  return statement;
}

Result<> Database::execute(const char* sql) {
  const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(*path_, code, connection_.get());
  return {};
}

// To its end: what a statement changes is committed after its last row, and may fail there.
template <class Value, class Read>
Result<Value> Database::only(std::string_view sql, Read read) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  Value value{};
  for (bool first = true;; first = false) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return value;
    if (first) value = read(*statement);
  }
}

Result<std::int64_t> Database::number(std::string_view sql) {
  return only<std::int64_t>(sql, [](const Statement& row) { return row.integer(0); });
}

Result<std::string> Database::text(std::string_view sql) {
  return only<std::string>(sql, [](const Statement& row) { return std::string(row.text(0)); });
}

Result<> Database::use_write_ahead_log() {
  const auto mode = text("PRAGMA journal_mode=WAL");
  if (!mode) return mode.error();
  if (*mode != "wal") return journal_error(*path_, "this file system cannot hold a shared log");
  return {};
}

void Database::close_without_checkpoint() {
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

}  // namespace sitewide
