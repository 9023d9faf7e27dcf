#include "orchestrator/journal/journal_reader.h"

#include <algorithm>

#include "orchestrator/journal/journal_schema.h"

namespace sitewide {
namespace {

// The columns that fill() reads come first, in this order.
constexpr const char* kSelect =
    "SELECT seq, at, kind, subject, step, attempt, outcome, detail FROM events WHERE seq >= ? "
    "ORDER BY seq";
constexpr const char* kSelectAll =
    "SELECT e.seq, e.at, e.kind, e.subject, e.step, e.attempt, e.outcome, e.detail, e.chain, "
    "o.total, o.head, o.tail FROM events e LEFT JOIN outputs o ON o.seq = e.seq ORDER BY e.seq";

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

Error missing_event(const Database& database, std::int64_t seq) {
  return journal_error(database.path(), "damaged: event " + std::to_string(seq) + " is missing");
}

Result<Digest> chain_root(Database& database) {
  const auto header = read_header(database);
  if (!header) return header.error();
  const auto schedule = read_schedule(database);
  if (!schedule) return schedule.error();
  return Chain::root(*header, *schedule);
}

}  // namespace

Result<ChainHead> chain_head(Database& database) {
  auto select = database.prepare("SELECT seq, chain FROM events ORDER BY seq DESC LIMIT 1");
  if (!select) return select.error();
  const auto row = select->step();
  if (!row) return row.error();
  ChainHead head;
  if (!*row) {
    const auto root = chain_root(database);
    if (!root) return root.error();
    head.chain = *root;
    return head;
  }
  head.seq = select->integer(0);
  const std::string_view chain = select->blob(1);
  if (chain.size() != head.chain.bytes.size()) {
    return journal_error(database.path(), "damaged: the last event has no chain value");
  }
  std::transform(chain.begin(), chain.end(), head.chain.bytes.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  return head;
}

Result<ChainHead> verify_chain(Database& database, const JournalReader::Visit& visit) {
  // One read transaction, so that a live writer's next turn does not come in between.
  if (auto begun = database.execute("BEGIN"); !begun) return begun.error();
  struct End {
    Database& database;
    ~End() { static_cast<void>(database.execute("COMMIT")); }
  } const end{database};

  const auto root = chain_root(database);
  if (!root) return root.error();
  auto select = database.prepare(kSelectAll);
  if (!select) return select.error();
  Chain chain(*root);
  Record record;
  Output output;
  std::int64_t seq = 0;
  std::int64_t outputs = 0;
  for (;;) {
    const auto row = select->step();
    if (!row) return row.error();
    if (!*row) break;
    fill(record, *select);
    if (record.seq != ++seq) return missing_event(database, seq);
    const bool has_output = !select->is_null(9);
    if (has_output) fill(output, *select, 9);
    if (has_output) ++outputs;
    if (!equal(chain.extend(record, has_output ? &output : nullptr), select->blob(8))) {
      return journal_error(database.path(),
                           "altered: event " + std::to_string(seq) +
                               " does not fit the hash chain; it, its output or the rollout's own "
                               "row was changed after it was written");
    }
    if (!visit) continue;
    if (auto visited = visit(record); !visited) return visited.error();
  }
  const auto stored = database.number("SELECT count(*) FROM outputs");
  if (!stored) return stored.error();
  if (*stored != outputs) {
    return journal_error(database.path(), "altered: it holds output that belongs to no event");
  }
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
Result<ChainHead> JournalReader::head() { return chain_head(*database_); }

Result<ChainHead> JournalReader::verify_chain(const Visit& visit) {
  return sitewide::verify_chain(*database_, visit);
}

Result<std::int64_t> JournalReader::for_each(const Visit& visit, std::int64_t from_seq) {
  auto select = database_->prepare(kSelect);
  if (!select) return select.error();
  select->bind(1, from_seq);
  Record record;
  for (std::int64_t expected = from_seq;; ++expected) {
    const auto row = select->step();
    if (!row) return row.error();
    if (!*row) return expected - 1;
    fill(record, *select);
    if (record.seq != expected) return missing_event(*database_, expected);
    if (auto visited = visit(record); !visited) return visited.error();
  }
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
