// A thin wrapper of SQLite; sqlite.cpp is the only file that includes sqlite3.h. It opens databases
// the way the journal needs them (stack: WAL, synchronous=FULL, one connection that writes) and
// turns result codes into words. Used by one thread at a time. Nothing here throws.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "orchestrator/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sitewide {

/// A prepared statement. Bound texts must live until the statement was run. Must not outlive its
/// Database.
class Statement {
 public:
  /// Parameters are counted from 1. A parameter that does not fit shows as an error of the next
  /// step().
  void bind(int parameter, std::int64_t value);
  void bind_text(int parameter, std::string_view text);
  /// As bind_text, but an empty text is stored as NULL.
  void bind_word(int parameter, std::string_view text);
  void bind_blob(int parameter, std::string_view bytes);

  /// True: there is a row to read. False: the statement has ended.
  Result<bool> step();
  /// Runs a statement that returns no rows and makes it ready to be run again.
  Result<> run();
  /// Makes the statement ready to be run again; ends its read transaction.
  void reset();

  /// Columns are counted from 0; NULL reads as 0 or empty. Views hold until the next step() or
  /// reset().
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  std::string_view blob(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  const std::string* path_ = nullptr;
  int bind_code_ = 0;  // of the first bind that failed
};

/// One connection.
class Database {
 public:
  enum class Access {
    read_only,   ///< never writes the file, never checkpoints; works beside the one that writes
    read_write,  ///< WAL, every commit synced; the one connection that checkpoints
  };
  /// The file must exist and be a regular file; it may be empty. Errors are of kind journal.
  static Result<Database> open(const std::filesystem::path& file, Access access);

  Result<Statement> prepare(std::string_view sql);
  Result<> execute(const char* sql);
  /// The one integer that `sql` gives.
  Result<std::int64_t> number(std::string_view sql);
  /// The one text that `sql` gives; empty when it gives none.
  Result<std::string> text(std::string_view sql);
  /// Turns the database into one with a write-ahead log. Once, on an empty one.
  Result<> use_write_ahead_log();
  /// From now on closing writes nothing: after a failed write the file is left as it is.
  void close_without_checkpoint();
  const std::string& path() const { return *path_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  template <class Value, class Read>
  Result<Value> only(std::string_view sql, Read read);

  std::unique_ptr<std::string> path_;  // statements point to it
  std::unique_ptr<sqlite3, Close> connection_;
};

/// An Error of kind journal: "journal PATH: WORDS".
Error journal_error(std::string_view path, std::string_view words);

}  // namespace sitewide
