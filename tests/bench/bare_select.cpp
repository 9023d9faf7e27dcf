// What it takes at least to read every row of a journal: one SELECT of the columns that a replay
// reads, on one cold connection. Prints seconds and rows. Usage: bare_select JOURNAL
#include <sqlite3.h>

#include <chrono>
#include <cstdio>

int main(int count, char** words) {
  if (count != 2) return 2;
  const auto begin = std::chrono::steady_clock::now();
  sqlite3* database = nullptr;
  sqlite3_stmt* select = nullptr;
  const char* const sql =
      "SELECT seq, at, kind, subject, step, attempt, outcome, detail FROM events ORDER BY seq";
  if (sqlite3_open_v2(words[1], &database, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK ||
      sqlite3_prepare_v2(database, sql, -1, &select, nullptr) != SQLITE_OK) {
    std::fprintf(stderr, "bare_select: %s\n", sqlite3_errmsg(database));
    return 1;
  }
  long long rows = 0;
  long long bytes = 0;
  while (sqlite3_step(select) == SQLITE_ROW) {
    ++rows;
    for (const int column : {0, 1, 5}) bytes += sqlite3_column_int64(select, column);
    for (const int column : {2, 3, 4, 6, 7}) {
      const unsigned char* const text = sqlite3_column_text(select, column);
      if (text != nullptr) bytes += text[0] + sqlite3_column_bytes(select, column);
    }
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  std::printf("%.3f %lld\n", taken.count(), rows);
  sqlite3_finalize(select);
  sqlite3_close(database);
  return bytes == 0 ? 1 : 0;
}
