#include "plans/csv_source.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "orchestrator/base/text.h"
#include "plans/csv.h"
#include "plans/grammar.h"
#include "plans/read_file.h"

namespace sitewide {
namespace {

constexpr std::uint64_t kInventoryBytes = 4ULL << 30;
constexpr std::size_t kMostColumns = 200;
constexpr const char* kColumns =
    "the first row names the columns: name, address, site, platform, os, …";

/// What spreadsheets save that is no CSV of lines in UTF-8; a file of two bytes a character has
/// zeros in its first ones.
std::string fault_of_bytes(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF") ||
      bytes.substr(0, 4).find('\0') != std::string_view::npos)
    return "is UTF-16";
  if (bytes.starts_with("PK\x03\x04")) return "is a workbook, not CSV";
  const bool old_ends = bytes.find('\n') == std::string_view::npos &&
                        bytes.find_first_of('\r') < bytes.find_last_not_of('\r') &&
                        bytes.find('\r') != std::string_view::npos;
  return old_ends ? "ends its lines with CR alone" : "";
}

/// Columns that are not separated by commas.
std::string fault_of_header(const std::vector<std::string_view>& cells) {
  if (cells[0].starts_with("sep=")) return "the first line is the hint `sep=` for spreadsheets";
  if (cells.size() > 1) return {};
  if (cells[0].find(';') != std::string_view::npos) return "the columns are separated by `;`";
  return cells[0].find('\t') == std::string_view::npos ? "" : "the columns are separated by tabs";
}

/// One CSV file.
class Rows {
 public:
  Rows(Intake& intake, const InventorySource& source) : intake_(intake), source_(source) {}

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
    fallbacks_ = intake_.fallbacks(source_);
    while (reader.next(cells)) {
      row(reader, cells);
      if (intake_.has_enough()) return;
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
    if (const std::string fault = fault_of_header(cells); !fault.empty()) {
      intake_.error(place, fault, "save the file with commas: as CSV UTF-8, comma delimited");
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
    intake_.fill(*client, fallbacks_);
  }

  void label(const CsvReader& reader, std::uint32_t client, Column& column,
             std::string_view value) {
    std::uint64_t bytes = 0;
    if (value.size() > sizeof(bytes)) {
      if (const auto id = value_id(reader, value))
        intake_.set_label(client, column.target, *id, row_place(reader, 1));
      return;
    }
    std::memcpy(&bytes, value.data(), value.size());
    Column::Recent& recent = column.recent[(bytes * 0x9E3779B97F4A7C15ULL) >> 58];
    if (recent.bytes != bytes || recent.length != value.size()) {
      const auto id = value_id(reader, value);
      if (!id) return;
      recent = {bytes, *id, static_cast<std::uint32_t>(value.size())};
    }
    intake_.set_label(client, column.target, recent.id, row_place(reader, 1));
  }

  std::optional<std::uint32_t> value_id(const CsvReader& reader, std::string_view value) {
    const auto known = intake_.clients.find_value(value);
    if (known) return known;
    if (is_label_value(value)) return intake_.clients.intern(value);
    const bool encoded = is_utf8(value);
    intake_.error(
        row_place(reader, 1),
        "`" + escaped(value, 80) + "` is not " + (encoded ? "a label's value" : "UTF-8 text"),
        encoded ? "one line of UTF-8 text, at most 1024 bytes" : "save the file as CSV UTF-8");
    return std::nullopt;
  }

  Intake& intake_;
  const InventorySource& source_;
  std::vector<Column> columns_;
  Intake::Fallbacks fallbacks_;
};

}  // namespace

void read_csv(const InventorySource& source, Intake& intake) {
  const std::string shown = escaped(source.file, 400);
  const auto bytes = read_file(source.file, kInventoryBytes);
  if (!bytes) {
    return intake.error(source.place,
                        "cannot read the inventory " + shown + ": " + bytes.error().message,
                        "paths are relative to the plan");
  }
  if (const std::string fault = fault_of_bytes(*bytes); !fault.empty()) {
    return intake.error(source.place, "the inventory " + shown + " " + fault,
                        "save it as CSV UTF-8");
  }
  Rows(intake, source).read(*bytes);
}

}  // namespace sitewide
