// A journal's own bytes, damaged or made by somebody: it is opened for looking and for going on, as
// `status`, `audit` and `resume` do, and what passes for unaltered is what was written. Input: a
// byte that says which journal and what of it; then edits of four bytes, or a whole file.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "orchestrator/core/event_codec.h"
#include "orchestrator/core/rollout.h"
#include "orchestrator/core/schedule_codec.h"
#include "orchestrator/journal/sqlite_journal.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/sample.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEdits = 64;
constexpr int kEvents = 40;

/// The bytes of a journal's two files.
struct Files {
  std::string database, log;
};

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void put(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::vector<Record> sample_records() {
  const Schedule& schedule = sample_schedule();
  std::vector<Record> records;
  for (const Event& event : sample_story(kEvents))
    records.push_back(encode(schedule, event, Timestamp(Duration(1'795'000'000'000))));
  for (std::size_t i = 0; i < records.size(); ++i) records[i].seq = static_cast<int>(i) + 1;
  return records;
}

/// The journal that all inputs damage, while its controller writes and after it, and a folder in
/// memory, where there is one, to put it. Made once.
class Place {
 public:
  Place() : records_(sample_records()) {
    std::string name = fs::is_directory("/dev/shm") ? "/dev/shm/sitewide-fuzz.XXXXXX"
                                                    : "/tmp/sitewide-fuzz.XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    folder_ = name;
    write_journal();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  const std::vector<Record>& records() const { return records_; }
  const Files& files(bool live) const { return live ? live_ : closed_; }
  fs::path journal() const { return folder_ / "journal.db"; }
  void lay_out(const Files& files) const {
    clear();
    put(journal(), files.database);
    put(log(), files.log);
  }

 private:
  fs::path log() const { return journal().string() + "-wal"; }
  void clear() const {
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(journal().string() + suffix);
  }
  void write_journal() {
    JournalHeader header;
    header.rollout = "sample-1";
    header.instance = std::string(32, '0');
    header.event_format = kEventFormat;
    header.schedule_digest = sample_schedule().digest;
    {
      auto journal =
          SqliteJournal::create(this->journal(), header, encode_schedule(sample_schedule()));
      holds(journal.has_value(), "a journal can be made");
      for (std::size_t i = 0; i < records_.size(); ++i) {
        std::vector<Record> one{records_[i]};
        const OutputRecord said{0, Output{"said so", "", 7}};
        const auto outputs = i % 8 == 0 ? std::span(&said, 1) : std::span<const OutputRecord>();
        holds((*journal)->append(one, outputs).has_value(), "and written");
      }
      live_ = {bytes_of(this->journal()), bytes_of(log())};
    }
    closed_ = {bytes_of(this->journal()), bytes_of(log())};
  }

  fs::path folder_;
  std::vector<Record> records_;
  Files live_, closed_;
};

void edit(std::string& bytes, std::string_view edits) {
  for (std::size_t i = 0; edits.size() >= 4 && i < kMostEdits && !bytes.empty(); ++i) {
    Input one(edits);
    const std::size_t low = one.byte(), high = one.byte();
    char& byte = bytes[(high * 256 + low) % bytes.size()];
    const std::uint8_t how = one.byte(), what = one.byte();
    byte = static_cast<char>(how % 2 != 0 ? byte ^ what : what);
    edits.remove_prefix(4);
  }
}

/// Bits of `how`: a live journal; its log rather than the database; cut short; its log replaced.
Files damaged(const Files& whole, std::uint8_t how, std::string_view rest) {
  Files files = whole;
  std::string& bytes = (how & 2U) != 0 ? files.log : files.database;
  if ((how & 8U) != 0) {
    files.log = rest;
    return files;
  }
  if ((how & 4U) != 0) {
    Input size(rest.substr(0, 2));
    const std::size_t low = size.byte(), high = size.byte();
    bytes.resize(std::min(bytes.size(), high * 256 + low));
    rest.remove_prefix(std::min<std::size_t>(2, rest.size()));
  }
  edit(bytes, rest);
  return files;
}

void holds_refusal(const Error& error) {
  holds(error.kind == ErrorKind::journal, "a damaged journal is the journal's error",
        error.message);
  holds(!error.message.empty(), "and says why");
}

void check_unaltered(const std::vector<Record>& read, const std::vector<Record>& written) {
  holds(read.size() <= written.size(), "no event is made up");
  holds(std::equal(read.begin(), read.end(), written.begin()), "what passes is what was written");
}

/// As `status` and `log` read: what passes the chain is decoded.
void look(const fs::path& path) {
  auto reader = JournalReader::open(path);
  if (!reader) return holds_refusal(reader.error());
  if (const auto header = reader->header(); !header) holds_refusal(header.error());
  const auto text = reader->schedule();
  const auto schedule = text ? decode_schedule(*text) : Result<Schedule>(text.error());
  if (!schedule) return holds_refusal(schedule.error());
  const SubjectIndex subjects(*schedule);
  Rollout rollout(*schedule);
  const auto last = reader->verify_chain([&](const Record& record) -> Result<> {
    const auto event = decode(subjects, record);
    if (!event) return event.error();
    rollout.apply(*event, record.at);
    const auto output = reader->output(record.seq);
    if (!output) return output.error();
    return {};
  });
  if (!last) holds_refusal(last.error());
}

/// As `audit` proves.
void audit(const fs::path& path, const std::vector<Record>& written) {
  auto reader = JournalReader::open(path);
  if (!reader) return holds_refusal(reader.error());
  std::vector<Record> read;
  const auto head = reader->verify_chain([&](const Record& record) -> Result<> {
    read.push_back(record);
    return {};
  });
  if (!head) return holds_refusal(head.error());
  check_unaltered(read, written);
}

/// As `resume` opens it to go on: one more event is written, and all of it can be proven.
void go_on(const fs::path& path, const std::vector<Record>& written) {
  std::vector<Record> read;
  auto journal = SqliteJournal::open(path, [&](const Record& record) -> Result<> {
    read.push_back(record);
    return {};
  });
  if (!journal) return holds_refusal(journal.error());
  check_unaltered(read, written);
  read.push_back(written.back());
  std::vector<Record> one{read.back()};
  if (const auto appended = (*journal)->append(one, {}); !appended)
    return holds_refusal(appended.error());
  read.back().seq = static_cast<std::int64_t>(read.size());
  journal->reset();
  audit(path, read);
}

}  // namespace

void journal(std::string_view input) {
  static const Place place;
  Input parts(input);
  const std::uint8_t how = parts.byte();
  place.lay_out(damaged(place.files((how & 1U) != 0), how, parts.rest()));
  look(place.journal());
  audit(place.journal(), place.records());
  go_on(place.journal(), place.records());
}

}  // namespace sitewide::fuzz
