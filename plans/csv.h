// CSV by RFC 4180: quotes, doubled quotes, line ends inside quotes, CRLF or LF, a byte-order mark.
// Plain rows are only searched for commas and line ends, so that a million of them take a fraction
// of a second. Pure; borrows the text.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace sitewide {

class CsvReader {
 public:
  /// `text` must outlive the reader and the cells.
  explicit CsvReader(std::string_view text);

  /// Reads the next row that is not empty. False at the end, and at a row that is no CSV (see
  /// error). Cells stay valid until the next call. Blanks around cells without quotes are dropped,
  /// and a quote in such a cell is refused: what it means differs from program to program.
  bool next(std::vector<std::string_view>& cells);

  /// The line, counted from 1, where the row that was read begins.
  std::uint32_t line() const { return line_; }
  /// What is wrong at line(); empty when nothing is.
  std::string_view error() const { return error_; }

 private:
  std::string_view quoted_cell();
  std::string_view plain_cell(std::size_t line_end);
  bool fail(std::string_view what);

  std::string_view text_;
  std::size_t position_ = 0;
  std::uint32_t line_ = 0;
  std::uint32_t next_line_ = 1;
  std::string_view error_;
  std::deque<std::string> unescaped_;  // cells of this row that held doubled quotes
};

}  // namespace sitewide
