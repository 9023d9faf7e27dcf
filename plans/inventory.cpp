#include "plans/inventory.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "orchestrator/base/text.h"
#include "plans/csv.h"
#include "plans/grammar.h"
#include "plans/nodeset.h"
#include "plans/read_file.h"

namespace sitewide {
namespace {

constexpr std::uint64_t kInventoryBytes = 4ULL << 30;
constexpr std::size_t kProblemsOfOneSource = 200;
constexpr std::size_t kMostColumns = 200;

/// Which names are taken, in any case: `PC001` and `pc001` are one machine. Open addressing over
/// the table's own names, because a set of strings would cost more than the clients.
class Names {
 public:
  explicit Names(const ClientTable& clients) : clients_(clients), slots_(1024, 0) {}

  /// The client of that name if there is one; else remembers that `next`, which is added now, has
  /// it.
  std::optional<std::uint32_t> take(std::string_view name, std::uint32_t next) {
    if (2 * std::size_t{next} >= slots_.size()) grow(next);
    std::uint32_t& slot = slots_[find(name)];
    if (slot != 0) return slot - 1;
    slot = next + 1;
    return std::nullopt;
  }

  void reserve(std::size_t clients) {
    std::size_t size = slots_.size();
    while (size < 2 * clients) size *= 2;
    if (size > slots_.size()) slots_.assign(size, 0);
  }

 private:
  static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

  static std::size_t hash(std::string_view name) {
    std::uint64_t value = 14695981039346656037ULL;  // FNV-1a, then mixed for the low bits
    for (const char c : name)
      value = (value ^ static_cast<std::uint8_t>(lower(c))) * 1099511628211ULL;
    return static_cast<std::size_t>(value ^ (value >> 29));
  }

  std::size_t find(std::string_view name) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash(name) & mask;
    while (slots_[slot] != 0 && !equals_ignoring_case(clients_.name(slots_[slot] - 1), name)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  void grow(std::uint32_t clients) {
    slots_.assign(2 * slots_.size(), 0);
    for (std::uint32_t client = 0; client < clients; ++client)
      slots_[find(clients_.name(client))] = client + 1;
  }

  const ClientTable& clients_;
  std::vector<std::uint32_t> slots_;  // client + 1; 0 is free
};

/// What reading shares between sources.
struct Intake {
  ClientTable clients;
  Names names{clients};
  Problems& problems;

  explicit Intake(Problems& found) : problems(found) {}

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
    if (const auto twin = names.take(name, clients.size())) {
      problems.push_back({Problem::Severity::error, place,
                          "client `" + std::string(name) + "` is listed twice",
                          "each client stands in one place of the inventory", clients.place(*twin),
                          "first listed here"});
      return std::nullopt;
    }
    return clients.add(name, address, place);
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
      if (reader.error().empty()) return intake_.error(source_.place, "the file is empty");
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

  /// The value that a column had last: rows often repeat it, and comparing is cheaper than looking
  /// it up.
  struct Column {
    std::uint32_t target = 0;  // the table's column, kName or kAddress
    std::string last;
    std::uint32_t last_id = 0;
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
        intake_.error(place, "`" + escaped(cell, 80) + "` is not a column's name",
                      "the first row names the columns: name, address, site, platform, os, …");
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
                          {},
                          0});
    }
    if (!has_name) {
      intake_.error(place, "no column is called `name`",
                    "the first row names the columns: name, address, site, platform, os, …");
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
    if (intake_.clients.size() == 0) intake_.names.reserve(expected);
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
    if (value != column.last) {
      const auto known = intake_.clients.find_value(value);
      if (!known && !is_label_value(value)) {
        return intake_.error(row_place(reader, 1),
                             "`" + escaped(value, 80) + "` is not a label's value",
                             "one line of UTF-8 text, at most 1024 bytes");
      }
      column.last_id = known ? *known : intake_.clients.intern(value);
      column.last = value;
    }
    intake_.clients.set_id(client, column.target, column.last_id);
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
  for (const InventorySource::Hosts& hosts : source.hosts) {
    const auto expanded = expand_nodeset(hosts.pattern, [&](const std::string& name) {
      if (intake.problems.size() - reported_before >= kProblemsOfOneSource) return;
      const auto client = intake.add(name, {}, hosts.place);
      if (!client) return;
      for (const auto& [column, value] : fallbacks) intake.clients.set_id(*client, column, value);
    });
    if (!expanded) {
      intake.error(hosts.place, expanded.error().message,
                   "ranges look like pc[001-040].hq or [1-3,7]");
    }
  }
}

}  // namespace

ClientTable read_inventory(const std::vector<InventorySource>& sources, Problems& problems) {
  Intake intake(problems);
  for (const InventorySource& source : sources) {
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
  intake.clients.shrink_to_fit();
  return std::move(intake.clients);
}

}  // namespace sitewide
