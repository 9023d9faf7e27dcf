#include "orchestrator/journal/journal_reader.h"

#include <algorithm>
#include <limits>

#include "orchestrator/journal/journal_schema.h"

namespace sitewide {
namespace {

// The columns that fill() reads come first, in this order.
constexpr const char* kSelect =
    "SELECT e.seq, e.at, e.kind, e.subject, e.step, e.attempt, e.outcome, e.detail, e.chain, "
    "o.total, o.head, o.tail FROM events e LEFT JOIN outputs o ON o.seq = e.seq WHERE e.seq > ? "
    "ORDER BY e.seq";

void fill(Record& record, const Statement& row) {
  record.seq = row.integer(0);
  record.at = Timestamp{Duration{row.integer(1)}};
  record.kind.assign(row.text(2));
  record.subject.assign(row.text(3));
  record.step.assign(row.text(4));
  record.attempt = static_cast<std::uint32_t>(row.integer(5));
  record.outcome.assign(row.text(6));
  record.detail.assign(row.text(7));
}

void fill(Output& output, const Statement& row, int column) {
  output.total_bytes = static_cast<std::uint64_t>(row.integer(column));
  output.head.assign(row.blob(column + 1));
  output.tail.assign(row.blob(column + 2));
}

bool equal(const Digest& digest, std::string_view bytes) {
  return std::equal(digest.bytes.begin(), digest.bytes.end(), bytes.begin(), bytes.end(),
                    [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); });
}

/// Nothing can be put right from here: what a row said before is nowhere else.
Error altered(const Database& database, const std::string& words) {
  return journal_error(database.path(),
                       words +
                           "; put the rollout's folder back from a copy; until then `sitewide log` "
                           "shows what comes before");
}

Result<Digest> chain_root(Database& database) {
  const auto header = read_header(database);
  if (!header) return header.error();
  const auto schedule = read_schedule(database);
  if (!schedule) return schedule.error();
  return Chain::root(*header, *schedule);
}

}  // namespace

Result<ChainHead> verify_chain(Database& database, const JournalReader::Visit& visit,
                               const ChainHead& from) {
  // One read transaction, so that a live writer's next turn does not come in between.
  if (auto begun = database.execute("BEGIN"); !begun) return begun.error();
  struct End {
    Database& database;
    ~End() { static_cast<void>(database.execute("COMMIT")); }
  } const end{database};

  const bool whole = from.seq == 0;
  const auto begin = whole ? chain_root(database) : Result<Digest>(from.chain);
  if (!begin) return begin.error();
  // Also what lies before the first event, where nothing belongs.
  const std::int64_t after = whole ? std::numeric_limits<std::int64_t>::min() : from.seq;
  auto select = database.prepare(kSelect);
  if (!select) return select.error();
  select->bind(1, after);
  Chain chain(*begin);
  Record record;
  Output output;
  std::int64_t seq = from.seq;
  std::int64_t outputs = 0;
  for (;;) {
    const auto row = select->step();
    if (!row) return row.error();
    if (!*row) break;
    fill(record, *select);
    if (record.seq != ++seq)
      return altered(database, "damaged: event " + std::to_string(seq) + " is missing");
    const bool has_output = !select->is_null(9);
    if (has_output) fill(output, *select, 9);
    if (has_output) ++outputs;
    if (!equal(chain.extend(record, has_output ? &output : nullptr), select->blob(8))) {
      return altered(database, "altered: event " + std::to_string(seq) +
                                   " does not fit the hash chain: it, its output or the rollout's "
                                   "own row was changed after it was written");
    }
    if (!visit) continue;
    if (auto visited = visit(record); !visited) return visited.error();
  }
  auto count = database.prepare("SELECT count(*) FROM outputs WHERE seq > ?");
  if (!count) return count.error();
  count->bind(1, after);
  const auto counted = count->step();
  if (!counted) return counted.error();
  if (count->integer(0) != outputs)
    return altered(database, "altered: it holds output that belongs to no event");
  return ChainHead{seq, chain.head()};
}

JournalReader::JournalReader(std::unique_ptr<Database> database) : database_(std::move(database)) {}
JournalReader::JournalReader(JournalReader&&) noexcept = default;
JournalReader& JournalReader::operator=(JournalReader&&) noexcept = default;
JournalReader::~JournalReader() = default;

Result<JournalReader> JournalReader::open(const std::filesystem::path& file) {
  auto database = Database::open(file, Database::Access::read_only);
  if (!database) return database.error();
  if (auto checked = check_tables(*database); !checked) return checked.error();
  return JournalReader(std::make_unique<Database>(std::move(*database)));
}

Result<JournalHeader> JournalReader::header() { return read_header(*database_); }
Result<std::string> JournalReader::schedule() { return read_schedule(*database_); }

Result<ChainHead> JournalReader::verify_chain(const Visit& visit, const ChainHead& from) {
  return sitewide::verify_chain(*database_, visit, from);
}

Result<std::string> JournalReader::last_kind(std::span<const std::string_view> passed_over) {
  auto select = database_->prepare("SELECT kind FROM events ORDER BY seq DESC");
  if (!select) return select.error();
  for (;;) {
    const auto row = select->step();
    if (!row) return row.error();
    if (!*row) return std::string();
    const std::string_view kind = select->text(0);
    if (std::find(passed_over.begin(), passed_over.end(), kind) == passed_over.end())
      return std::string(kind);
  }
}

Result<std::optional<Output>> JournalReader::output(std::int64_t seq) {
  auto select = database_->prepare("SELECT total, head, tail FROM outputs WHERE seq = ?");
  if (!select) return select.error();
  select->bind(1, seq);
  const auto row = select->step();
  if (!row) return row.error();
  std::optional<Output> output;
  if (*row) fill(output.emplace(), *select, 0);
  return output;
}

}  // namespace sitewide
