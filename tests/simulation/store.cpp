#include "tests/simulation/store.h"

#include <unistd.h>

#include <atomic>

#include "orchestrator/core/event_codec.h"
#include "orchestrator/core/schedule_codec.h"
#include "orchestrator/journal/sqlite_journal.h"

namespace sitewide::simulation {
namespace fs = std::filesystem;
namespace {

class MemoryStore : public Store {
 public:
  std::unique_ptr<Journal> open(const std::function<void(const Record&)>& visit) override {
    for (const Record& record : records_) visit(record);
    return std::make_unique<Writer>(records_);
  }

 private:
  class Writer : public Journal {
   public:
    explicit Writer(std::vector<Record>& records) : records_(records) {}
    Result<> append(std::span<Record> added, std::span<const OutputRecord>) override {
      for (Record& record : added) {
        record.seq = static_cast<std::int64_t>(records_.size()) + 1;
        records_.push_back(record);
      }
      return {};
    }

   private:
    std::vector<Record>& records_;
  };

  std::vector<Record> records_;
};

fs::path own_folder() {
  static std::atomic<std::uint32_t> count = 0;
  const fs::path root = fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
  const std::string name =
      "sitewide-simulation-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
  fs::create_directories(root / name);
  return root / name;
}

class SqliteStore : public Store {
 public:
  SqliteStore(const Schedule& schedule, Timestamp created)
      : schedule_(encode_schedule(schedule)), created_(created), folder_(own_folder()) {}
  ~SqliteStore() override {
    std::error_code error;
    fs::remove_all(folder_, error);
  }

  std::unique_ptr<Journal> open(const std::function<void(const Record&)>& visit) override {
    if (!fs::exists(file())) {
      JournalHeader header;
      header.rollout = "random-1";
      header.created = created_;
      header.event_format = kEventFormat;
      auto made = SqliteJournal::create(file(), header, schedule_);
      return made ? std::move(*made) : nullptr;
    }
    auto opened = SqliteJournal::open(file(), [&](const Record& record) -> Result<> {
      visit(record);
      return {};
    });
    return opened ? std::move(*opened) : nullptr;
  }

  void inspect(const std::vector<Record>& expected, Violations& violations) override {
    auto reader = JournalReader::open(file());
    if (!reader)
      return violations.add(1, "the journal cannot be opened: " + reader.error().message);
    std::size_t at = 0;
    const auto head = reader->verify_chain([&](const Record& record) -> Result<> {
      if (at >= expected.size() || expected[at] != record)
        violations.add(1, "event " + std::to_string(record.seq) + " was read otherwise");
      ++at;
      return {};
    });
    if (!head) violations.add(1, "the journal is damaged: " + head.error().message);
    if (at != expected.size()) violations.add(1, "the journal lost events");
  }

 private:
  fs::path file() const { return folder_ / "journal.db"; }

  std::string schedule_;
  Timestamp created_;
  fs::path folder_;
};

}  // namespace

std::unique_ptr<Store> memory_store() { return std::make_unique<MemoryStore>(); }

std::unique_ptr<Store> sqlite_store(const Schedule& schedule, Timestamp created) {
  return std::make_unique<SqliteStore>(schedule, created);
}

}  // namespace sitewide::simulation
