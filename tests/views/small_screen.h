// SmallScreen: a terminal of so many rows and columns that understands what live views write, for
// tests of what a person sees in the end. Lines that leave at the top are kept as scrollback.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "orchestrator/views/cells.h"

namespace sitewide {

class SmallScreen {
 public:
  SmallScreen(std::size_t rows, std::size_t columns) : rows_(rows), columns_(columns) {}

  void write(std::string_view text) {
    while (!text.empty()) {
      if (text.starts_with("\x1b[")) {
        const std::size_t end = text.find_first_of("ABCDHJKhlm", 2);
        control(text.substr(2, end - 2), text[end]);
        text.remove_prefix(end + 1);
      } else if (text.front() == '\r') {
        column_ = 0;
        text.remove_prefix(1);
      } else if (text.front() == '\n') {
        next_line();
        text.remove_prefix(1);
      } else {
        const std::string_view run = text.substr(0, text.find_first_of("\x1b\r\n"));
        put(run);
        text.remove_prefix(run.size());
      }
    }
  }
  std::vector<std::string> visible() const {
    std::vector<std::string> lines;
    for (const Row& row : rows_) lines.push_back(text_of(row));
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
  }
  const std::vector<std::string>& scrollback() const { return scrollback_; }
  bool cursor_shown() const { return cursor_shown_; }
  bool wraps() const { return wraps_; }
  bool whole_is_taken() const { return !beneath_.empty(); }

 private:
  using Row = std::vector<std::string>;  // cells; the second one of a wide character is empty

  static std::string text_of(const Row& row) {
    std::string text;
    for (const std::string& cell : row) text += cell;
    return text;
  }

  void control(std::string_view argument, char kind) {
    const auto number = static_cast<std::size_t>(std::atoi(std::string(argument).c_str()));
    if (kind == 'A') row_ -= std::min(number, row_);
    if (kind == 'B') row_ = std::min(row_ + number, rows_.size() - 1);
    if (kind == 'H') row_ = column_ = 0;
    if (kind == 'J') {
      for (std::size_t i = argument == "2" ? 0 : row_; i < rows_.size(); ++i) rows_[i].clear();
    }
    if (kind == 'K') {  // the cursor never stands beyond the last column
      const std::size_t from = std::min(column_, columns_ - 1);
      rows_[row_].resize(std::min(from, rows_[row_].size()));
    }
    if (argument == "?1049") take_whole(kind == 'h');
    if (argument == "?25") cursor_shown_ = kind == 'h';
    if (argument == "?7") wraps_ = kind == 'h';
  }
  void take_whole(bool take) {
    if (take == whole_is_taken()) return;
    if (take) {
      beneath_ = std::exchange(rows_, std::vector<Row>(rows_.size()));
      beneath_row_ = row_;
    } else {
      rows_ = std::exchange(beneath_, {});
      row_ = beneath_row_;
      column_ = 0;
    }
  }
  void put(std::string_view run) {
    while (!run.empty()) {
      std::string_view character = fitting(run, 1);  // with what combines with it
      if (character.empty()) character = fitting(run, 2);
      const std::size_t cells = cells_of(character);
      if (column_ + cells > columns_ && wraps_) {
        next_line();
        column_ = 0;
      }
      column_ = std::min(column_, columns_ - std::min(columns_, cells));
      Row& row = rows_[row_];
      if (row.size() < column_ + cells) row.resize(column_ + cells, " ");
      row[column_] = character;
      if (cells == 2) row[column_ + 1].clear();
      column_ += cells;
      run.remove_prefix(character.size());
    }
  }
  void next_line() {
    if (row_ + 1 < rows_.size()) {
      ++row_;
      return;
    }
    if (!whole_is_taken()) scrollback_.push_back(text_of(rows_.front()));
    rows_.erase(rows_.begin());
    rows_.emplace_back();
  }

  std::vector<Row> rows_, beneath_;  // beneath_: what a view over the whole screen hides
  std::vector<std::string> scrollback_;
  std::size_t columns_, row_ = 0, column_ = 0, beneath_row_ = 0;
  bool cursor_shown_ = true, wraps_ = true;
};

}  // namespace sitewide
