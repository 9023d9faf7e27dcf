// SmallScreen: a terminal of so many rows and columns that understands what live views write, for
// tests of what a person sees in the end. Lines that leave at the top are kept as scrollback.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "orchestrator/views/cells.h"

namespace sitewide {

class SmallScreen {
 public:
  SmallScreen(std::size_t rows, std::size_t columns) : lines_(rows), columns_(columns) {}

  void write(std::string_view text) {
    while (!text.empty()) {
      if (text.starts_with("\x1b[")) {
        const std::size_t end = text.find_first_of("ABCDHJKhlm", 2);
        control(text.substr(2, end - 2), text[end]);
        text.remove_prefix(end + 1);
      } else if (text.front() == '\r') {
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
    std::vector<std::string> lines = lines_;
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
  }
  const std::vector<std::string>& scrollback() const { return scrollback_; }
  bool cursor_shown() const { return cursor_shown_; }
  bool wraps() const { return wraps_; }

 private:
  void control(std::string_view argument, char kind) {
    if (kind == 'A') {
      const auto up = static_cast<std::size_t>(std::atoi(std::string(argument).c_str()));
      row_ -= std::min(up, row_);
    }
    if (kind == 'J') {
      for (std::size_t i = row_; i < lines_.size(); ++i) lines_[i].clear();
    }
    if (argument == "?25") cursor_shown_ = kind == 'h';
    if (argument == "?7") wraps_ = kind == 'h';
  }
  void put(std::string_view run) {
    while (cells_of(lines_[row_]) + cells_of(run) > columns_) {
      const std::size_t room = columns_ - cells_of(lines_[row_]);
      const std::string_view first = fitting(run, room);
      lines_[row_] += first;
      if (!wraps_) return;
      run.remove_prefix(first.size());
      next_line();
    }
    lines_[row_] += run;
  }
  void next_line() {
    if (row_ + 1 < lines_.size()) {
      ++row_;
      return;
    }
    scrollback_.push_back(lines_.front());
    lines_.erase(lines_.begin());
    lines_.emplace_back();
  }

  std::vector<std::string> lines_, scrollback_;
  std::size_t columns_, row_ = 0;
  bool cursor_shown_ = true, wraps_ = true;
};

}  // namespace sitewide
