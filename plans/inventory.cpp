#include "plans/inventory.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "orchestrator/base/text.h"
#include "plans/csv.h"
#include "plans/grammar.h"
#include "plans/nodeset.h"
#include "plans/read_file.h"
#include "plans/taken_names.h"

namespace sitewide {
namespace {

constexpr std::uint64_t kInventoryBytes = 4ULL << 30;
constexpr std::size_t kProblemsOfOneSource = 200;
constexpr std::size_t kProblemsOfAllSources = 2000;
constexpr std::size_t kMostColumns = 200;
constexpr const char* kColumns =
    "the first row names the columns: name, address, site, platform, os, …";

/// What reading shares between sources.
struct Intake {
  ClientTable clients;
  TakenNames names{clients};
  Problems& problems;
  std::uint64_t hosts_left = kNodesetNames;  // names that the plan itself may still list

  explicit Intake(Problems& found) : problems(found) {}
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  void error(const Place& place, std::string message, std::string help = {}) {
    problems.push_back(
        {Problem::Severity::error, place, std::move(message), std::move(help), {}, {}});
  }

  /// Adds a client, or reports why it cannot be one.
  std::optional<std::uint32_t> add(std::string_view name, std::string_view address,
                                   const Place& place) {
    if (!is_client_name(name)) {
      error(place,
            name.empty() ? "a client without a name"
                         : "`" + escaped(name, 80) + "` is not a client's name",
            "letters, digits, `.`, `_` and `-`; the first one a letter, a digit or `_`");
      return std::nullopt;
    }
    if (!address.empty() && !is_client_address(address)) {
      error(place, "`" + escaped(address, 80) + "` is not an address",
            "a host name or an IP address");
      return std::nullopt;
    }
    const std::uint32_t client = clients.add(name, address, place);
    names.note(client);
    if (names.has_twins()) report_twins(false);
    return client;
  }

  void report_twins(bool all) {
    for (const auto& [first, second] : names.twins(all)) {
      problems.push_back({Problem::Severity::error, clients.place(second),
                          "client `" + std::string(clients.name(second)) + "` is listed twice",
                          "each client stands in one place of the inventory", clients.place(first),
                          "first listed here"});
    }
  }
};

/// Labels that a source gives to clients that have none of their own.
using Fallbacks = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // column, value

Fallbacks fallbacks_of(const InventorySource& source, ClientTable& clients) {
  Fallbacks fallbacks;
  for (const auto& [label, value] : source.labels) {
    fallbacks.emplace_back(clients.column(label), clients.intern(value));
  }
  return fallbacks;
}

/// One CSV file.
class Rows {
 public:
  Rows(Intake& intake, const InventorySource& source)
      : intake_(intake), source_(source), reported_before_(intake.problems.size()) {}

  void read(std::string_view bytes) {
    CsvReader reader(bytes);
    std::vector<std::string_view> cells;
    if (!reader.next(cells)) {
      if (reader.error().empty())
        return intake_.error(source_.place, "the file is empty", kColumns);
      return intake_.error(row_place(reader, 1), std::string(reader.error()));
    }
    if (!header(reader, cells)) return;
    reserve(bytes);
    fallbacks_ = fallbacks_of(source_, intake_.clients);
    while (reader.next(cells)) {
      row(reader, cells);
      if (intake_.problems.size() - reported_before_ >= kProblemsOfOneSource) return;
    }
    if (!reader.error().empty()) {
      intake_.error(row_place(reader, 1), std::string(reader.error()),
                    "a cell in quotes begins and ends with `\"`; inside, write `\"\"`");
    }
  }

 private:
  static constexpr std::uint32_t kName = UINT32_MAX;
  static constexpr std::uint32_t kAddress = UINT32_MAX - 1;

  /// Short values that a column had lately, by their bytes: rows repeat them, and this is cheaper
  /// than looking them up.
  struct Column {
    struct Recent {
      std::uint64_t bytes = 0;
      std::uint32_t id = 0;
      std::uint32_t length = 0;
    };
    std::uint32_t target = 0;  // the table's column, kName or kAddress
    std::array<Recent, 64> recent{};
  };

  Place row_place(const CsvReader& reader, std::size_t length) const {
    return {reader.line(), 1, static_cast<std::uint32_t>(std::max<std::size_t>(length, 1)),
            source_.number};
  }

  bool header(const CsvReader& reader, const std::vector<std::string_view>& cells) {
    bool has_name = false;
    const Place place = row_place(reader, cells.front().size());
    if (cells.size() == 1 && cells[0].find(';') != std::string_view::npos) {
      intake_.error(place, "the columns are separated by `;`", "save the file with commas");
      return false;
    }
    std::vector<std::string_view> seen;
    bool good = true;
    for (const std::string_view cell : cells) {
      if (!is_label_key(cell) || cells.size() > kMostColumns) {
        intake_.error(place, "`" + escaped(cell, 80) + "` is not a column's name", kColumns);
        return false;
      }
      if (std::find(seen.begin(), seen.end(), cell) != seen.end()) {
        intake_.error(place, "two columns are called `" + std::string(cell) + "`");
        good = false;
      }
      seen.push_back(cell);
      has_name = has_name || cell == "name";
      columns_.push_back({cell == "name"      ? kName
                          : cell == "address" ? kAddress
                                              : intake_.clients.column(cell),
                          {}});
    }
    if (!has_name) {
      intake_.error(place, "no column is called `name`", kColumns);
    }
    return good && has_name;
  }

  /// Estimates from the first rows, so that a big table does not grow by copying.
  void reserve(std::string_view bytes) {
    const std::string_view sample = bytes.substr(0, 1 << 16);
    const auto rows = static_cast<std::size_t>(std::count(sample.begin(), sample.end(), '\n'));
    if (rows < 2 || sample.size() == bytes.size()) return;
    const std::size_t expected =
        intake_.clients.size() + bytes.size() / sample.size() * (rows + 1) + rows;
    intake_.clients.reserve(expected, 0);
    intake_.names.reserve(expected);
  }

  void row(const CsvReader& reader, const std::vector<std::string_view>& cells) {
    if (cells.size() != columns_.size()) {
      return intake_.error(row_place(reader, cells.front().size()),
                           "this row has " + count_of(cells.size(), "cell") +
                               ", the first row has " + std::to_string(columns_.size()),
                           "write a cell that holds a comma in quotes");
    }
    std::string_view name;
    std::string_view address;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (columns_[i].target == kName) name = cells[i];
      if (columns_[i].target == kAddress) address = cells[i];
    }
    const auto client = intake_.add(name, address, row_place(reader, name.size()));
    if (!client) return;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (columns_[i].target < kAddress && !cells[i].empty())
        label(reader, *client, columns_[i], cells[i]);
    }
    for (const auto& [column, value] : fallbacks_) {
      if (intake_.clients.cell_id(*client, column) == 0)
        intake_.clients.set_id(*client, column, value);
    }
  }

  void label(const CsvReader& reader, std::uint32_t client, Column& column,
             std::string_view value) {
    std::uint64_t bytes = 0;
    if (value.size() > sizeof(bytes)) {
      if (const auto id = value_id(reader, value))
        intake_.clients.set_id(client, column.target, *id);
      return;
    }
    std::memcpy(&bytes, value.data(), value.size());
    Column::Recent& recent = column.recent[(bytes * 0x9E3779B97F4A7C15ULL) >> 58];
    if (recent.bytes != bytes || recent.length != value.size()) {
      const auto id = value_id(reader, value);
      if (!id) return;
      recent = {bytes, *id, static_cast<std::uint32_t>(value.size())};
    }
    intake_.clients.set_id(client, column.target, recent.id);
  }

  std::optional<std::uint32_t> value_id(const CsvReader& reader, std::string_view value) {
    const auto known = intake_.clients.find_value(value);
    if (known) return known;
    if (is_label_value(value)) return intake_.clients.intern(value);
    intake_.error(row_place(reader, 1), "`" + escaped(value, 80) + "` is not a label's value",
                  "one line of UTF-8 text, at most 1024 bytes");
    return std::nullopt;
  }

  Intake& intake_;
  const InventorySource& source_;
  std::size_t reported_before_;
  std::vector<Column> columns_;
  Fallbacks fallbacks_;
};

void read_csv(const InventorySource& source, Intake& intake) {
  const std::string shown = escaped(source.file, 400);
  const auto bytes = read_file(source.file, kInventoryBytes);
  if (!bytes) {
    return intake.error(source.place,
                        "cannot read the inventory " + shown + ": " + bytes.error().message,
                        "paths are relative to the plan");
  }
  if (bytes->starts_with("\xFF\xFE") || bytes->starts_with("\xFE\xFF")) {
    return intake.error(source.place, "the inventory " + shown + " is UTF-16", "save it as UTF-8");
  }
  Rows(intake, source).read(*bytes);
}

void read_hosts(const InventorySource& source, Intake& intake) {
  const Fallbacks fallbacks = fallbacks_of(source, intake.clients);
  const std::size_t reported_before = intake.problems.size();
  const auto has_enough = [&] {
    return intake.problems.size() - reported_before >= kProblemsOfOneSource;
  };
  for (const InventorySource::Hosts& hosts : source.hosts) {
    if (has_enough()) return;
    const auto add = [&](const std::string& name) {
      if (has_enough()) return;
      const auto client = intake.add(name, {}, hosts.place);
      if (!client) return;
      for (const auto& [column, value] : fallbacks) intake.clients.set_id(*client, column, value);
    };
    const auto expanded = expand_nodeset(hosts.pattern, add, intake.hosts_left);
    if (expanded) {
      intake.hosts_left -= *expanded;
    } else {
      intake.error(hosts.place, expanded.error().message,
                   "ranges look like pc[001-040].hq or [1-3,7]");
    }
  }
}

}  // namespace

ClientTable read_inventory(const std::vector<InventorySource>& sources, Problems& problems) {
  Intake intake(problems);
  const std::size_t reported_before = problems.size();
  for (const InventorySource& source : sources) {
    if (problems.size() - reported_before >= kProblemsOfAllSources) break;
    const std::uint32_t clients_before = intake.clients.size();
    const std::size_t problems_before = problems.size();
    if (source.file.empty()) {
      read_hosts(source, intake);
    } else {
      read_csv(source, intake);
    }
    if (intake.clients.size() == clients_before && problems.size() == problems_before) {
      intake.error(source.place, "this source lists no clients",
                   "fill it, or delete it from the plan");
    }
  }
  intake.report_twins(true);
  intake.clients.shrink_to_fit();
  return std::move(intake.clients);
}

}  // namespace sitewide
