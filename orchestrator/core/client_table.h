// ClientTable: the clients of an inventory, and later of a schedule, in few bytes each: names in
// one arena, label values interned once. A million clients are ordinary. Plain value; reading from
// several threads is safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/core/plan.h"

namespace sitewide {

class ClientTable {
 public:
  /// Columns are labels (`site`, `platform`, `os`, `ring` …); every client has a value for each,
  /// perhaps empty. Returns the column's number; the same name gives the same number.
  std::uint32_t column(std::string_view label);
  std::optional<std::uint32_t> find_column(std::string_view label) const;
  const std::vector<std::string>& columns() const { return columns_; }

  /// Adds a client with all labels empty and returns its index. Names are not checked for
  /// uniqueness here. An address that is empty or equals the name is not stored. Names and
  /// addresses have at most 65,535 bytes.
  std::uint32_t add(std::string_view name, std::string_view address, Place place = {});
  /// Gives a client an address that it did not have. `address` must not lie in this table.
  void set_address(std::uint32_t client, std::string_view address);
  void set(std::uint32_t client, std::uint32_t column, std::string_view value);
  /// Like set, for a value that intern gave.
  void set_id(std::uint32_t client, std::uint32_t column, std::uint32_t value_id);
  void reserve(std::size_t clients, std::size_t text_bytes);
  /// Gives back the memory that growing took in advance.
  void shrink_to_fit();

  std::uint32_t size() const { return static_cast<std::uint32_t>(rows_.size()); }
  std::string_view name(std::uint32_t client) const {
    const Row& row = rows_[client];
    return std::string_view(text_).substr(row.text, row.name_length);
  }
  /// What the transport dials; the name when the inventory gave none.
  std::string_view address(std::uint32_t client) const;
  /// Empty when the label is not set, or not known at all.
  std::string_view label(std::uint32_t client, std::string_view label) const;
  std::string_view cell(std::uint32_t client, std::uint32_t column) const {
    return value_of(cell_id(client, column));
  }
  /// A number that is equal for equal values: for grouping without comparing text. Zero is the
  /// empty value.
  std::uint32_t cell_id(std::uint32_t client, std::uint32_t column) const {
    const std::vector<std::uint32_t>& cells = cells_[column];
    return client < cells.size() ? cells[client] : 0;
  }
  std::string_view value_of(std::uint32_t cell_id) const {
    const std::uint64_t begin = value_begins_[cell_id];
    return std::string_view(value_text_).substr(begin, value_begins_[cell_id + 1] - begin);
  }
  std::uint32_t value_count() const { return static_cast<std::uint32_t>(value_begins_.size() - 1); }
  /// The number of `value`, or nothing when no client ever had it.
  std::optional<std::uint32_t> find_value(std::string_view value) const;
  /// The number of `value`, given to it now if it had none.
  std::uint32_t intern(std::string_view value);
  /// Where the client stands in its source; as long as its name.
  Place place(std::uint32_t client) const;
  /// Bytes of memory that the table holds.
  std::size_t memory() const;

  /// The clients of `order`, in that order; places are dropped.
  ClientTable pick(const std::vector<std::uint32_t>& order) const;

 private:
  struct Row {
    std::uint64_t text = 0;  // offset of the name in text_; the address follows it
    std::uint16_t name_length = 0;
    std::uint16_t address_length = 0;
    std::uint16_t source = 0;
    std::uint16_t column = 0;
    std::uint32_t line = 0;
  };

  std::size_t slot_of(std::string_view value) const;
  void grow_slots();

  std::vector<std::string> columns_;
  std::vector<Row> rows_;
  std::vector<std::vector<std::uint32_t>>
      cells_;  // one vector a column, shorter than rows_ when the rest is empty
  std::string text_;
  std::string value_text_;  // all values, one after the other; value 0 is empty
  std::vector<std::uint64_t> value_begins_{0, 0};  // value i lies at [i, i + 1)
  std::vector<std::uint32_t> slots_;  // open addressing by hash: the value's number, 0 is free
};

}  // namespace sitewide
