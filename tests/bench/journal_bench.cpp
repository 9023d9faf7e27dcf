// What the journal costs over bare SQLite, on one disk in one run: appends against a
// prepared-insert loop with the same rows, log and syncing; reading against a SELECT of the same
// columns. Not a test: prints ratios (goals: at least 0.5 at batches of 256; the reader's part of a
// replay at most 3 times a bare SELECT). Usage: journal_bench [FOLDER] [EVENTS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "orchestrator/base/check.h"
#include "orchestrator/journal/sqlite_journal.h"

namespace {

using namespace sitewide;
namespace fs = std::filesystem;

constexpr int kRounds = 5;

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "journal_bench: %s\n", result.error().message.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Events as a rollout of many clients writes them.
std::vector<Record> events(std::size_t count) {
  std::vector<Record> records(count);
  for (std::size_t i = 0; i < count; ++i) {
    Record& record = records[i];
    record.at = Timestamp{Duration{1'795'000'000'000 + static_cast<std::int64_t>(i)}};
    record.kind = i % 2 == 0 ? "step_started" : "step_ended";
    record.subject = "client/pc" + std::to_string(i / 8) + ".hq";
    record.step = i % 4 < 2 ? "inspect" : "converge";
    record.attempt = 1;
    if (i % 2 != 0) record.outcome = "ok";
    if (i % 8 == 7) record.detail = R"({"facts":{"copy_list_version":"12"}})";
  }
  return records;
}

void remove_journal(const fs::path& file) {
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(file.string() + suffix);
}

double append_journal(const fs::path& file, std::vector<Record>& records, std::size_t batch) {
  remove_journal(file);
  auto journal = must(SqliteJournal::create(file, {}, "{}"));
  return seconds_of([&] {
    for (std::size_t i = 0; i < records.size(); i += batch) {
      must(journal->append(std::span(records).subspan(i, std::min(batch, records.size() - i)), {}));
    }
  });
}

/// The same columns but for the chain, which a bare loop has no use for.
double append_bare(const fs::path& file, const std::vector<Record>& records, std::size_t batch) {
  remove_journal(file);
  std::fclose(std::fopen(file.c_str(), "w"));
  Database database = must(Database::open(file, Database::Access::read_write));
  must(database.use_write_ahead_log());
  must(
      database.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, at INTEGER, kind TEXT, "
                       "subject TEXT, step TEXT, attempt INTEGER, outcome TEXT, detail TEXT)"));
  Statement begin = must(database.prepare("BEGIN IMMEDIATE"));
  Statement commit = must(database.prepare("COMMIT"));
  Statement insert = must(database.prepare("INSERT INTO events VALUES (?,?,?,?,?,?,?,?)"));
  return seconds_of([&] {
    for (std::size_t i = 0; i < records.size();) {
      must(begin.run());
      for (const std::size_t end = std::min(i + batch, records.size()); i < end; ++i) {
        insert.bind(1, static_cast<std::int64_t>(i + 1));
        insert.bind(2, records[i].at.time_since_epoch().count());
        insert.bind_text(3, records[i].kind);
        insert.bind_text(4, records[i].subject);
        insert.bind_word(5, records[i].step);
        insert.bind(6, records[i].attempt);
        insert.bind_word(7, records[i].outcome);
        insert.bind_word(8, records[i].detail);
        must(insert.run());
      }
      must(commit.run());
    }
  });
}

/// Best of several rounds, the two sides in turn, so that a busy machine hits both.
void compare_appends(const fs::path& folder, std::vector<Record> records, std::size_t batch) {
  double journal = 1e9;
  double bare = 1e9;
  for (int round = 0; round < kRounds; ++round) {
    bare = std::min(bare, append_bare(folder / "bare.db", records, batch));
    journal = std::min(journal, append_journal(folder / "journal.db", records, batch));
  }
  const auto rate = [&](double seconds) { return static_cast<double>(records.size()) / seconds; };
  std::printf("append, batches of %3zu: %8.0f events/s, bare inserts %8.0f/s, ratio %.2f\n", batch,
              rate(journal), rate(bare), bare / journal);
}

double select_bare(const fs::path& file) {
  Database database = must(Database::open(file, Database::Access::read_only));
  Statement select = must(database.prepare(
      "SELECT seq, at, kind, subject, step, attempt, outcome, detail FROM events ORDER BY seq"));
  return seconds_of([&] {
    std::size_t bytes = 0;
    while (must(select.step())) {
      bytes += static_cast<std::size_t>(select.integer(0) + select.integer(1) + select.integer(5));
      for (const int column : {2, 3, 4, 6, 7}) bytes += select.text(column).size();
    }
    check(bytes > 0, "rows were read");
  });
}

void compare_reads(const fs::path& file) {
  double bare = 1e9;
  double reading = 1e9;
  std::int64_t count = 0;
  for (int round = 0; round < kRounds; ++round) {
    bare = std::min(bare, select_bare(file));
    auto reader = must(JournalReader::open(file));
    reading = std::min(reading, seconds_of([&] { count = must(reader.verify_chain()).seq; }));
  }
  const double events = static_cast<double>(count);
  std::printf(
      "read: chain checked, %.0f events/s, bare SELECT %.0f/s; times of the SELECT: %.2f; %.0f "
      "bytes an event\n",
      events / reading, events / bare, reading / bare,
      static_cast<double>(fs::file_size(file)) / events);
}

}  // namespace

int main(int count, char** words) {
  const fs::path folder =
      fs::path(count > 1 ? words[1] : ".") / ("journal_bench." + std::to_string(std::rand()));
  const auto many = static_cast<std::size_t>(count > 2 ? std::atoi(words[2]) : 200'000);
  fs::create_directories(folder);
  compare_appends(folder, events(std::min<std::size_t>(many, 2'000)), 1);
  compare_appends(folder, events(many), 256);
  compare_reads(folder / "journal.db");
  fs::remove_all(folder);
  return 0;
}
