#include "orchestrator/journal/sqlite_journal.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "tests/journal/scratch.h"

namespace sitewide {
namespace {

using Journals = Scratch;

TEST_F(Journals, AppendedRecords_AreReadBackInOrder) {
  auto journal = SqliteJournal::create(file("j"), some_header(), kSchedule);
  ASSERT_TRUE(journal) << journal.error().message;
  auto records = some_records(5);
  ASSERT_TRUE((*journal)->append(std::span(records).first(2), {}));
  ASSERT_TRUE((*journal)->append(std::span(records).last(3), {}));
  EXPECT_EQ(records.front().seq, 1);
  EXPECT_EQ(records.back().seq, 5);
  EXPECT_EQ((*journal)->head().seq, 5);
  EXPECT_EQ(read_all(file("j")), records);
}

TEST_F(Journals, HostileBytes_SurviveUnchanged) {
  auto journal = SqliteJournal::create(file("j"), some_header(), kSchedule);
  ASSERT_TRUE(journal);
  auto records = some_records(1);
  records[0].subject = std::string("client/\0x\xff'; DROP TABLE events; --", 33);
  ASSERT_TRUE((*journal)->append(records, {}));
  EXPECT_EQ(read_all(file("j")), records);
}

TEST_F(Journals, Header_IsKeptWithScheduleAndPlace) {
  make_journal(file("j"), 1);
  auto reader = JournalReader::open(file("j"));
  ASSERT_TRUE(reader);
  auto header = reader->header();
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->instance.size(), 32U);
  EXPECT_FALSE(header->host.empty());
  header->instance.clear();
  header->host.clear();
  EXPECT_EQ(*header, some_header());
  EXPECT_EQ(*reader->schedule(), kSchedule);
}

TEST_F(Journals, NoRecords_WritesNothing) {
  auto journal = SqliteJournal::create(file("j"), some_header(), kSchedule);
  ASSERT_TRUE(journal);
  EXPECT_TRUE((*journal)->append({}, {}));
  EXPECT_TRUE(read_all(file("j")).empty());
  EXPECT_EQ(*JournalReader::open(file("j"))->verify_chain(), (*journal)->head());
}

TEST_F(Journals, Output_IsKeptBesideItsEvent) {
  auto journal = SqliteJournal::create(file("j"), some_header(), kSchedule);
  ASSERT_TRUE(journal);
  auto records = some_records(3);
  const Output output{std::string("head\0\x1b", 6), "tail", 70'000};
  const OutputRecord record{1, output};
  ASSERT_TRUE((*journal)->append(records, std::span(&record, 1)));
  auto reader = JournalReader::open(file("j"));
  ASSERT_TRUE(reader);
  EXPECT_FALSE(*reader->output(1));
  const auto stored = reader->output(2);
  ASSERT_TRUE(stored && *stored);
  EXPECT_EQ((*stored)->head, output.head);
  EXPECT_EQ((*stored)->tail, output.tail);
  EXPECT_EQ((*stored)->total_bytes, output.total_bytes);
  EXPECT_EQ(*reader->verify_chain(), (*journal)->head());
}

TEST_F(Journals, LastKind_PassesOverWhatItIsToldTo) {
  constexpr std::array<std::string_view, 2> kPassedOver{"order_refused", "clock_jumped"};
  auto journal = SqliteJournal::create(file("j"), some_header(), kSchedule);
  ASSERT_TRUE(journal);
  auto reader = JournalReader::open(file("j"));
  ASSERT_TRUE(reader);
  EXPECT_EQ(*reader->last_kind(kPassedOver), "");
  auto records = some_records(4);
  records[1].kind = "rollout_ended";
  records[2].kind = "order_refused";
  records[3].kind = "clock_jumped";
  ASSERT_TRUE((*journal)->append(records, {}));
  EXPECT_EQ(*reader->last_kind(kPassedOver), "rollout_ended");
  EXPECT_EQ(*reader->last_kind({}), "clock_jumped");
}

TEST_F(Journals, OpenedAgain_GoesOnWhereItEnded) {
  make_journal(file("j"), 4);
  std::int64_t replayed = 0;
  auto journal = SqliteJournal::open(file("j"), [&](const Record& record) -> Result<> {
    replayed = record.seq;
    return {};
  });
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_EQ(replayed, 4);
  auto more = some_records(2, 5);
  ASSERT_TRUE((*journal)->append(more, {}));
  EXPECT_EQ(more.back().seq, 6);
  EXPECT_EQ(*JournalReader::open(file("j"))->verify_chain(), (*journal)->head());
}

TEST_F(Journals, VisitFails_OpeningHandsItOn) {
  make_journal(file("j"), 4);
  const auto journal = SqliteJournal::open(file("j"), [](const Record& record) -> Result<> {
    if (record.seq < 3) return {};
    return Error{ErrorKind::journal, "event 3 is odd"};
  });
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().message, "event 3 is odd");
}

TEST_F(Journals, ExistingFile_IsNeverCreatedOver) {
  spill(file("j"), "precious");
  const auto journal = SqliteJournal::create(file("j"), some_header(), kSchedule);
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().kind, ErrorKind::journal);
  EXPECT_EQ(slurp(file("j")), "precious");
}

TEST_F(Journals, AnyUmask_FilesAreTheOwnersAlone) {
  for (const mode_t mask : {0000, 0777}) {
    const mode_t before = ::umask(mask);
    const auto path = file("j" + std::to_string(mask));
    auto journal = SqliteJournal::create(path, some_header(), kSchedule);
    ::umask(before);
    ASSERT_TRUE(journal) << journal.error().message;
    for (const char* suffix : {"", "-wal", "-shm"}) {
      struct stat status {};
      ASSERT_EQ(::stat((path.string() + suffix).c_str(), &status), 0) << suffix;
      EXPECT_EQ(status.st_mode & 07777, 0600U) << suffix;
    }
  }
}

TEST_F(Journals, LiveWriter_IsFollowedWithoutGettingInItsWay) {
  auto journal = SqliteJournal::create(file("j"), some_header(), kSchedule);
  ASSERT_TRUE(journal);
  auto reader = JournalReader::open(file("j"));
  ASSERT_TRUE(reader) << reader.error().message;
  ChainHead seen;
  int visits = 0;
  for (int turn = 0; turn < 20; ++turn) {
    auto records = some_records(100, turn * 100 + 1);
    ASSERT_TRUE((*journal)->append(records, {}));
    const auto last = reader->verify_chain(
        [&](const Record&) -> Result<> {
          ++visits;
          return {};
        },
        seen);
    ASSERT_TRUE(last) << last.error().message;
    seen = *last;
    EXPECT_EQ(seen, (*journal)->head());
  }
  EXPECT_EQ(visits, 2000);
}

TEST_F(Journals, WriterAppendsDuringVisit_ReaderSeesOneInstant) {
  auto journal = SqliteJournal::create(file("j"), some_header(), kSchedule);
  ASSERT_TRUE(journal);
  auto records = some_records(10);
  ASSERT_TRUE((*journal)->append(records, {}));
  auto reader = JournalReader::open(file("j"));
  ASSERT_TRUE(reader);
  const auto append_one = [&](const Record&) -> Result<> {
    auto one = some_records(1);
    return (*journal)->append(one, {});
  };
  EXPECT_EQ(reader->verify_chain(append_one)->seq, 10);
  EXPECT_EQ(reader->verify_chain()->seq, 20);
}

TEST_F(Journals, ReaderComesAndGoes_FilesStayAsTheyWere) {
  auto journal = SqliteJournal::create(file("j"), some_header(), kSchedule);
  ASSERT_TRUE(journal);
  auto records = some_records(50);
  ASSERT_TRUE((*journal)->append(records, {}));
  const std::string database = slurp(file("j"));
  const std::string log = slurp(file("j-wal"));
  ASSERT_FALSE(log.empty());
  EXPECT_EQ(read_all(file("j")), records);
  EXPECT_EQ(slurp(file("j")), database);
  EXPECT_EQ(slurp(file("j-wal")), log);
}

TEST_F(Journals, LastReaderAfterDeadWriter_DoesNotCheckpoint) {
  {
    auto journal = SqliteJournal::create(file("j"), some_header(), kSchedule);
    ASSERT_TRUE(journal);
    auto records = some_records(50);
    ASSERT_TRUE((*journal)->append(records, {}));
    std::filesystem::create_directory(file("copy"));
    for (const char* name : {"j", "j-wal"}) {
      std::filesystem::copy_file(file(name), file("copy") / name);
    }
  }
  const auto copy = file("copy") / "j";
  const std::string database = slurp(copy);
  const std::string log = slurp(copy.string() + "-wal");
  EXPECT_EQ(read_all(copy).size(), 50U);
  EXPECT_EQ(slurp(copy), database);
  EXPECT_EQ(slurp(copy.string() + "-wal"), log);
}

TEST_F(Journals, UsableBySqlite_NamesStayReadable) {
  make_journal(file("j"), 2);
  auto database = Database::open(file("j"), Database::Access::read_only);
  ASSERT_TRUE(database);
  EXPECT_EQ(*database->text("SELECT kind || ' ' || subject || ' ' || step FROM events"),
            "step_started client/pc0 converge");
  EXPECT_EQ(*database->text("SELECT outcome FROM events WHERE seq = 2"), "failed");
}

}  // namespace
}  // namespace sitewide
