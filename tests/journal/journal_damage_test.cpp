// What is not an undamaged journal of this version is refused in clear words, and nothing is
// written to it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/journal/scratch.h"

namespace sitewide {
namespace {

using ::testing::HasSubstr;

class JournalDamage : public Scratch {
 protected:
  /// Opens for writing; the error's text, and its kind is checked.
  static std::string refusal(const std::filesystem::path& path) {
    const auto journal = SqliteJournal::open(path);
    if (journal) return "opened";
    EXPECT_EQ(journal.error().kind, ErrorKind::journal);
    return journal.error().message;
  }
  /// What reading the events after `from` ends with.
  static std::string reading(const std::filesystem::path& path, const ChainHead& from) {
    auto reader = JournalReader::open(path);
    const auto end = reader ? reader->verify_chain({}, from) : Result<ChainHead>(reader.error());
    return end ? "events to " + std::to_string(end->seq) : end.error().message;
  }
  static void run_sql(const std::filesystem::path& path, const char* sql) {
    auto database = Database::open(path, Database::Access::read_write);
    ASSERT_TRUE(database);
    const auto done = database->execute(sql);
    ASSERT_TRUE(done) << done.error().message;
  }
  /// A file system of `size` at a new folder, or nothing when we may not mount one.
  bool mount_small(const std::filesystem::path& at, const char* options) {
    std::filesystem::create_directory(at);
    if (::mount("tmpfs", at.c_str(), "tmpfs", 0, options) != 0) return false;
    mounted_ = at;
    return true;
  }
  void TearDown() override {
    if (!mounted_.empty()) ::umount2(mounted_.c_str(), MNT_DETACH);
    Scratch::TearDown();
  }

  std::filesystem::path mounted_;
};

TEST_F(JournalDamage, MissingFile_IsSaid) {
  EXPECT_THAT(refusal(file("j")), HasSubstr("there is no such file"));
}

TEST_F(JournalDamage, Folder_IsRefused) {
  EXPECT_THAT(refusal(folder_), HasSubstr("not a regular file"));
}

TEST_F(JournalDamage, SymbolicLink_IsRefused) {
  make_journal(file("j"), 1);
  std::filesystem::create_symlink(file("j"), file("link"));
  EXPECT_THAT(refusal(file("link")), HasSubstr("not a regular file"));
}

TEST_F(JournalDamage, EmptyFile_IsRefused) {
  spill(file("j"), "");
  EXPECT_THAT(refusal(file("j")), HasSubstr("cut short"));
}

TEST_F(JournalDamage, OtherFile_IsRefused) {
  spill(file("j"), std::string(9000, 'x'));
  EXPECT_THAT(refusal(file("j")), HasSubstr("not a journal at all"));
}

TEST_F(JournalDamage, OtherDatabase_IsRefused) {
  spill(file("j"), "");
  run_sql(file("j"), "PRAGMA user_version=7; CREATE TABLE t (a)");
  EXPECT_THAT(refusal(file("j")), HasSubstr("not a Sitewide journal"));
}

TEST_F(JournalDamage, NewerSchema_IsRefusedByWriterAndReader) {
  make_journal(file("j"), 1);
  run_sql(file("j"), "PRAGMA user_version=2");
  EXPECT_THAT(refusal(file("j")), HasSubstr("written by a newer Sitewide (journal schema 2"));
  const auto reader = JournalReader::open(file("j"));
  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().message, HasSubstr("newer Sitewide"));
}

TEST_F(JournalDamage, ForeignTrigger_IsRefused) {
  make_journal(file("j"), 1);
  run_sql(file("j"), "CREATE TRIGGER evil AFTER INSERT ON events BEGIN DELETE FROM events; END");
  EXPECT_THAT(refusal(file("j")), HasSubstr("its tables are not those"));
}

TEST_F(JournalDamage, TruncatedFile_IsRefusedAtEveryLength) {
  make_journal(file("j"), 400);
  const std::string whole = slurp(file("j"));
  ASSERT_GT(whole.size(), 20'000U);
  for (std::size_t size = 0; size < whole.size(); size += 4096) {
    for (const std::size_t off : {0, 100, 2048}) {
      if (size + off >= whole.size()) continue;
      spill(file("t"), std::string_view(whole).substr(0, size + off));
      EXPECT_NE(refusal(file("t")), "opened") << size + off;
    }
  }
}

TEST_F(JournalDamage, AnyFlippedBit_IsFoundOrHarmless) {
  make_journal(file("j"), 60);
  const auto original = read_all(file("j"));
  const std::string whole = slurp(file("j"));
  int found = 0;
  for (std::size_t at = 0; at < whole.size(); at += 37) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    spill(file("t"), damaged);
    auto reader = JournalReader::open(file("t"));
    const auto head = reader ? reader->verify_chain() : Result<ChainHead>(reader.error());
    if (!head) {
      ++found;
    } else {
      // Free space or a hint of SQLite's was hit: then nothing that counts has changed.
      EXPECT_EQ(read_all(file("t")), original) << at;
    }
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::filesystem::remove(file("t").string() + suffix);
    }
  }
  EXPECT_GT(found, 100);
}

TEST_F(JournalDamage, AlteredRow_IsNamed) {
  make_journal(file("j"), 9);
  run_sql(file("j"), "UPDATE events SET outcome='ok' WHERE seq=4");
  EXPECT_THAT(refusal(file("j")), HasSubstr("event 4 does not fit the hash chain"));
}

TEST_F(JournalDamage, RemovedRow_IsNamed) {
  make_journal(file("j"), 9);
  run_sql(file("j"), "DELETE FROM events WHERE seq=5");
  EXPECT_THAT(refusal(file("j")), HasSubstr("event 5 is missing"));
  EXPECT_THAT(reading(file("j"), {}), HasSubstr("event 5 is missing"));
}

TEST_F(JournalDamage, AlteredRow_IsNotVisited) {
  make_journal(file("j"), 9);
  run_sql(file("j"), "UPDATE events SET detail='{}' WHERE seq=4");
  auto reader = JournalReader::open(file("j"));
  ASSERT_TRUE(reader);
  std::int64_t visited = 0;
  const auto head = reader->verify_chain([&](const Record& record) -> Result<> {
    visited = record.seq;
    return {};
  });
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().kind, ErrorKind::journal);
  EXPECT_THAT(head.error().message, HasSubstr("put the rollout's folder back from a copy"));
  EXPECT_EQ(visited, 3);
}

TEST_F(JournalDamage, ReaderThatGoesOn_ProvesWhatFollowsAndReadsNothingAgain) {
  auto journal = SqliteJournal::create(file("j"), some_header(), kSchedule);
  ASSERT_TRUE(journal);
  auto records = some_records(5);
  ASSERT_TRUE((*journal)->append(records, {}));
  const ChainHead seen = (*journal)->head();
  auto more = some_records(4, 6);
  const OutputRecord output{1, Output{"said so", "", 7}};
  ASSERT_TRUE((*journal)->append(more, std::span(&output, 1)));
  const ChainHead end = (*journal)->head();
  journal->reset();
  EXPECT_EQ(reading(file("j"), seen), "events to 9");
  EXPECT_EQ(reading(file("j"), end), "events to 9") << "nothing is new";

  const std::string whole = slurp(file("j"));
  struct {
    const char* sql;
    const char* words;
  } const cases[] = {
      {"UPDATE events SET outcome='ok' WHERE seq=4", "events to 9"},  // it was seen as it was
      {"UPDATE events SET outcome='ok' WHERE seq=6", "event 6 does not fit the hash chain"},
      {"DELETE FROM events WHERE seq=6", "event 6 is missing"},
      {"UPDATE outputs SET total=8", "event 7 does not fit the hash chain"},
      {"INSERT INTO outputs VALUES (99, 1, x'41', x'')", "output that belongs to no event"},
  };
  for (const auto& [sql, words] : cases) {
    spill(file("t"), whole);
    run_sql(file("t"), sql);
    EXPECT_THAT(reading(file("t"), seen), HasSubstr(words)) << sql;
    for (const char* suffix : {"-wal", "-shm"}) {
      std::filesystem::remove(file("t").string() + suffix);
    }
  }
}

TEST_F(JournalDamage, AlteredSchedule_IsFound) {
  make_journal(file("j"), 2);
  run_sql(file("j"), "UPDATE rollout SET schedule='{}'");
  EXPECT_THAT(refusal(file("j")), HasSubstr("event 1 does not fit"));
}

TEST_F(JournalDamage, AlteredOrAddedOutput_IsFound) {
  {
    auto journal = SqliteJournal::create(file("j"), some_header(), kSchedule);
    ASSERT_TRUE(journal);
    auto records = some_records(3);
    const OutputRecord output{1, Output{"said so", "", 7}};
    ASSERT_TRUE((*journal)->append(records, std::span(&output, 1)));
  }
  const std::string whole = slurp(file("j"));
  for (const char* sql : {"UPDATE outputs SET total=8", "DELETE FROM outputs",
                          "INSERT INTO outputs VALUES (3, 1, x'41', x'')",
                          "INSERT INTO outputs VALUES (99, 1, x'41', x'')",
                          "INSERT INTO outputs VALUES (-1, 1, x'41', x'')"}) {
    spill(file("t"), whole);
    run_sql(file("t"), sql);
    EXPECT_THAT(refusal(file("t")), HasSubstr("altered")) << sql;
    for (const char* suffix : {"-wal", "-shm"}) {
      std::filesystem::remove(file("t").string() + suffix);
    }
  }
}

TEST_F(JournalDamage, ReadOnlyMount_IsReadButNotWritten) {
  const auto at = file("mount");
  if (!mount_small(at, "size=4m")) GTEST_SKIP() << "mounting a tmpfs is not permitted here";
  make_journal(at / "j", 20);
  ASSERT_EQ(::mount("tmpfs", at.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr), 0);
  EXPECT_EQ(read_all(at / "j").size(), 20U);
  EXPECT_THAT(refusal(at / "j"), HasSubstr("read-only"));
  const auto fresh = SqliteJournal::create(at / "new", some_header(), kSchedule);
  ASSERT_FALSE(fresh);
  EXPECT_EQ(fresh.error().kind, ErrorKind::journal);
  EXPECT_THAT(fresh.error().message, HasSubstr("the file system is read-only"));
}

TEST_F(JournalDamage, DatabaseAloneOnReadOnlyMount_SaysWhatToDo) {
  const auto at = file("mount");
  if (!mount_small(at, "size=4m")) GTEST_SKIP() << "mounting a tmpfs is not permitted here";
  make_journal(at / "j", 20);
  std::filesystem::remove(at / "j-wal");
  std::filesystem::remove(at / "j-shm");
  ASSERT_EQ(::mount("tmpfs", at.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr), 0);
  const auto reader = JournalReader::open(at / "j");
  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().message, HasSubstr("copy the whole folder"));
}

TEST_F(JournalDamage, FullDisk_StopsForGoodAndKeepsWhatWasConfirmed) {
  const auto at = file("mount");
  if (!mount_small(at, "size=300k")) GTEST_SKIP() << "mounting a tmpfs is not permitted here";
  std::int64_t confirmed = 0;
  {
    auto journal = SqliteJournal::create(at / "j", some_header(), kSchedule);
    ASSERT_TRUE(journal) << journal.error().message;
    for (;;) {
      auto records = some_records(50, static_cast<int>(confirmed) + 1);
      const auto appended = (*journal)->append(records, {});
      if (!appended) {
        EXPECT_EQ(appended.error().kind, ErrorKind::journal);
        EXPECT_THAT(appended.error().message, HasSubstr("the disk is full"));
        break;
      }
      confirmed = records.back().seq;
      ASSERT_LT(confirmed, 100'000);
    }
    auto again = some_records(1);
    const auto appended = (*journal)->append(again, {});
    ASSERT_FALSE(appended) << "a journal that failed once must stay unusable";
    EXPECT_THAT(appended.error().message, HasSubstr("the disk is full"));
  }
  EXPECT_GT(confirmed, 0);
  ASSERT_EQ(::mount("tmpfs", at.c_str(), "tmpfs", MS_REMOUNT, "size=4m"), 0);
  auto journal = SqliteJournal::open(at / "j");
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_GE((*journal)->head().seq, confirmed);
  EXPECT_EQ((*journal)->head().seq % 50, 0) << "a turn is there as a whole or not at all";
  auto more = some_records(1);
  EXPECT_TRUE((*journal)->append(more, {}));
}

/// Appends for ever and says each confirmed number through the pipe.
[[noreturn]] void append_for_ever(const std::filesystem::path& path, int pipe) {
  auto journal = SqliteJournal::create(path, some_header(), kSchedule);
  if (!journal) ::_exit(1);
  for (std::int64_t seq = 0;;) {
    auto records = some_records(7, static_cast<int>(seq) + 1);
    if (!(*journal)->append(records, {})) ::_exit(1);
    seq = records.back().seq;
    if (::write(pipe, &seq, sizeof seq) != sizeof seq) ::_exit(1);
  }
}

TEST_F(JournalDamage, ControllerKilled_EveryConfirmedEventIsThere) {
  for (int round = 0; round < 8; ++round) {
    const auto path = file("j" + std::to_string(round));
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) append_for_ever(path, ends[1]);
    ::close(ends[1]);
    std::int64_t confirmed = 0;
    for (int turn = 0; turn < 5 + 97 * round; ++turn) {
      ASSERT_EQ(::read(ends[0], &confirmed, sizeof confirmed),
                static_cast<ssize_t>(sizeof confirmed));
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    std::int64_t late = 0;
    while (::read(ends[0], &late, sizeof late) == static_cast<ssize_t>(sizeof late))
      confirmed = late;
    ::close(ends[0]);

    auto journal = SqliteJournal::open(path);
    ASSERT_TRUE(journal) << journal.error().message;
    const std::int64_t there = (*journal)->head().seq;
    EXPECT_GE(there, confirmed);
    EXPECT_LE(there, confirmed + 7) << "at most one turn that nobody saw confirmed";
    EXPECT_EQ(there % 7, 0);
  }
}

}  // namespace
}  // namespace sitewide
