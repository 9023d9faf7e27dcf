// What the journal's tests share: a folder that goes with the test, records, and damage.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "orchestrator/journal/sqlite_journal.h"

namespace sitewide {

/// A fresh folder a test, removed afterwards.
class Scratch : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "sitewide-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path file(std::string_view name) const { return folder_ / name; }

  std::filesystem::path folder_;
};

inline JournalHeader some_header() {
  JournalHeader header;
  header.rollout = "q237690-3";
  header.created = Timestamp{Duration{1'795'000'000'123}};
  header.engine_version = "0.1.0";
  header.event_format = 1;
  header.plan_path = "/plans/q237690.yaml";
  header.plan_digest = sha256("plan");
  header.schedule_digest = sha256("schedule");
  return header;
}

inline constexpr std::string_view kSchedule = "{\"name\":\"q237690\"}";

/// `count` records as a rollout writes them; the first of all is number `first`.
inline std::vector<Record> some_records(int count, int first = 1) {
  std::vector<Record> records;
  for (int i = first; i < first + count; ++i) {
    Record record;
    record.at = Timestamp{Duration{1'795'000'000'000 + i}};
    record.kind = i % 2 != 0 ? "step_started" : "step_ended";
    record.subject = "client/pc" + std::to_string(i / 2);
    record.step = "converge";
    record.attempt = 1;
    if (i % 2 == 0) record.outcome = "failed";
    if (i % 2 == 0) record.detail = R"({"reason":"Pcmwin32.exe is not there yet"})";
    records.push_back(std::move(record));
  }
  return records;
}

inline std::vector<Record> read_all(const std::filesystem::path& file) {
  std::vector<Record> records;
  auto reader = JournalReader::open(file);
  EXPECT_TRUE(reader) << reader.error().message;
  if (!reader) return records;
  const auto last = reader->verify_chain([&](const Record& record) -> Result<> {
    records.push_back(record);
    return {};
  });
  EXPECT_TRUE(last) << last.error().message;
  return records;
}

/// A closed journal of `count` events.
inline void make_journal(const std::filesystem::path& file, int count) {
  auto journal = SqliteJournal::create(file, some_header(), kSchedule);
  ASSERT_TRUE(journal) << journal.error().message;
  auto records = some_records(count);
  ASSERT_TRUE((*journal)->append(records, {}));
}

inline std::string slurp(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void spill(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace sitewide
