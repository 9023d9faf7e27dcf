#include "orchestrator/core/schedule_clients.h"

#include <algorithm>
#include <charconv>

namespace sitewide {

void append_clients(const Schedule& schedule, std::string& text) {
  const ClientTable& clients = schedule.clients;
  text += "name\taddress\tlane";
  for (const std::string& column : clients.columns()) text += "\t" + column;
  text += '\n';
  char number[16];
  for (std::uint32_t c = 0; c < clients.size(); ++c) {
    text += clients.name(c);
    text += '\t';
    if (clients.address(c) != clients.name(c)) text += clients.address(c);
    text += '\t';
    text.append(number, std::to_chars(number, number + sizeof number, schedule.lane_of[c]).ptr);
    for (std::uint32_t column = 0; column < clients.columns().size(); ++column) {
      text += '\t';
      text += clients.cell(c, column);
    }
    text += '\n';
  }
}

std::string_view take(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return part;
}

bool load_clients(std::string_view text, Schedule& schedule) {
  std::string_view header = take(text, '\n');
  for (int fixed = 0; fixed < 3; ++fixed) take(header, '\t');
  std::vector<std::uint32_t> columns;
  while (!header.empty()) {
    const std::string_view label = take(header, '\t');
    if (label.empty()) return false;
    columns.push_back(schedule.clients.column(label));
  }
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  schedule.clients.reserve(lines, text.size() / 2);
  schedule.lane_of.reserve(lines);
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    const std::string_view name = take(line, '\t');
    const std::string_view address = take(line, '\t');
    const std::string_view lane = take(line, '\t');
    std::uint32_t lane_number = 0;
    const auto read = std::from_chars(lane.data(), lane.data() + lane.size(), lane_number);
    const bool whole = read.ec == std::errc() && read.ptr == lane.data() + lane.size();
    if (!whole || lane_number >= schedule.lanes.size()) return false;
    if (name.size() > UINT16_MAX || address.size() > UINT16_MAX) return false;
    const std::uint32_t c = schedule.clients.add(name, address);
    schedule.lane_of.push_back(lane_number);
    for (const std::uint32_t column : columns) {
      const std::string_view cell = take(line, '\t');
      if (!cell.empty()) schedule.clients.set(c, column, cell);
    }
  }
  return true;
}

}  // namespace sitewide
