#include "orchestrator/core/client_table.h"

#include <algorithm>
#include <functional>

#include "orchestrator/base/check.h"

namespace sitewide {
namespace {

constexpr std::size_t kFirstSlots = 64;

std::uint16_t length16(std::string_view text) {
  check(text.size() <= UINT16_MAX, "names and addresses are short");
  return static_cast<std::uint16_t>(text.size());
}

template <class Element>
std::size_t bytes_of(const std::vector<Element>& elements) {
  return elements.capacity() * sizeof(Element);
}

}  // namespace

std::uint32_t ClientTable::column(std::string_view label) {
  if (const auto known = find_column(label)) return *known;
  columns_.emplace_back(label);
  cells_.emplace_back();
  return static_cast<std::uint32_t>(columns_.size() - 1);
}

std::optional<std::uint32_t> ClientTable::find_column(std::string_view label) const {
  const auto found = std::find(columns_.begin(), columns_.end(), label);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - columns_.begin());
}

std::uint32_t ClientTable::add(std::string_view name, std::string_view address, Place place) {
  check(rows_.size() < UINT32_MAX, "a client table holds fewer than 2^32 clients");
  if (address == name) address = {};
  Row row;
  row.text = text_.size();
  row.name_length = length16(name);
  row.address_length = length16(address);
  row.source = place.source;
  row.column = static_cast<std::uint16_t>(std::min<std::uint32_t>(place.column, UINT16_MAX));
  row.line = place.line;
  text_ += name;
  text_ += address;
  rows_.push_back(row);
  return size() - 1;
}

// The address stands behind the name, so both move to the end.
void ClientTable::set_address(std::uint32_t client, std::string_view address) {
  Row& row = rows_[client];
  const std::string name = text_.substr(row.text, row.name_length);
  row.text = text_.size();
  row.address_length = length16(address);
  text_ += name;
  text_ += address;
}

void ClientTable::set(std::uint32_t client, std::uint32_t column, std::string_view value) {
  set_id(client, column, intern(value));
}

void ClientTable::set_id(std::uint32_t client, std::uint32_t column, std::uint32_t value_id) {
  std::vector<std::uint32_t>& cells = cells_[column];
  if (client >= cells.size()) {
    if (value_id == 0) return;
    if (cells.capacity() == 0) cells.reserve(rows_.capacity());
    cells.resize(client + std::size_t{1});
  }
  cells[client] = value_id;
}

void ClientTable::reserve(std::size_t clients, std::size_t text_bytes) {
  rows_.reserve(clients);
  text_.reserve(text_bytes);
}

void ClientTable::shrink_to_fit() {
  rows_.shrink_to_fit();
  text_.shrink_to_fit();
  value_text_.shrink_to_fit();
  value_begins_.shrink_to_fit();
  for (auto& cells : cells_) cells.shrink_to_fit();
}

std::string_view ClientTable::address(std::uint32_t client) const {
  const Row& row = rows_[client];
  if (row.address_length == 0) return name(client);
  return std::string_view(text_).substr(row.text + row.name_length, row.address_length);
}

std::string_view ClientTable::label(std::uint32_t client, std::string_view label) const {
  const auto known = find_column(label);
  return known ? cell(client, *known) : std::string_view();
}

Place ClientTable::place(std::uint32_t client) const {
  const Row& row = rows_[client];
  return {row.line, row.column, row.name_length, row.source};
}

std::size_t ClientTable::memory() const {
  std::size_t bytes = bytes_of(rows_) + text_.capacity() + value_text_.capacity() +
                      bytes_of(value_begins_) + bytes_of(slots_);
  for (const auto& cells : cells_) bytes += bytes_of(cells);
  return bytes;
}

std::optional<std::uint32_t> ClientTable::find_value(std::string_view value) const {
  if (value.empty()) return 0;
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t id = slots_[slot_of(value)];
  if (id == 0) return std::nullopt;
  return id;
}

std::uint32_t ClientTable::intern(std::string_view value) {
  if (value.empty()) return 0;
  // At most half full, so that a search ends after a step or two.
  if (2 * std::size_t{value_count()} >= slots_.size()) grow_slots();
  const std::size_t slot = slot_of(value);
  if (slots_[slot] != 0) return slots_[slot];
  const std::uint32_t id = value_count();
  value_text_ += value;
  value_begins_.push_back(value_text_.size());
  slots_[slot] = id;
  return id;
}

std::size_t ClientTable::slot_of(std::string_view value) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>{}(value)&mask;
  while (slots_[slot] != 0 && value_of(slots_[slot]) != value) slot = (slot + 1) & mask;
  return slot;
}

void ClientTable::grow_slots() {
  slots_.assign(std::max(kFirstSlots, 2 * slots_.size()), 0);
  for (std::uint32_t id = 1; id < value_count(); ++id) slots_[slot_of(value_of(id))] = id;
}

ClientTable ClientTable::pick(const std::vector<std::uint32_t>& order) const {
  ClientTable picked;
  picked.columns_ = columns_;
  picked.value_text_ = value_text_;
  picked.value_begins_ = value_begins_;
  picked.slots_ = slots_;
  std::size_t text_bytes = 0;
  for (const std::uint32_t client : order) {
    text_bytes += std::size_t{rows_[client].name_length} + rows_[client].address_length;
  }
  picked.reserve(order.size(), text_bytes);
  for (const std::uint32_t client : order) {
    const Row& row = rows_[client];
    picked.add(name(client), row.address_length == 0 ? std::string_view() : address(client));
  }
  picked.cells_.resize(cells_.size());
  for (std::size_t column = 0; column < cells_.size(); ++column) {
    if (cells_[column].empty()) continue;
    picked.cells_[column].reserve(order.size());
    for (const std::uint32_t client : order) {
      picked.cells_[column].push_back(cell_id(client, static_cast<std::uint32_t>(column)));
    }
  }
  return picked;
}

}  // namespace sitewide
