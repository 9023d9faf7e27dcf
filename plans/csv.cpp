#include "plans/csv.h"

#include <algorithm>
#include <cstring>

namespace sitewide {
namespace {

/// The first `c` in text[begin, end), or `end`.
std::size_t find(std::string_view text, char c, std::size_t begin, std::size_t end) {
  const void* found = std::memchr(text.data() + begin, c, end - begin);
  return found == nullptr ? end
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

CsvReader::CsvReader(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
}

bool CsvReader::next(std::vector<std::string_view>& cells) {
  cells.clear();
  if (!error_.empty()) return false;
  unescaped_.clear();
  // Empty lines, among them the one that some programs write at the end, are no rows.
  while (position_ < text_.size() && (text_[position_] == '\n' || text_[position_] == '\r')) {
    if (text_[position_] == '\n') ++next_line_;
    ++position_;
  }
  if (position_ >= text_.size()) return false;
  line_ = next_line_;
  std::size_t line_end = find(text_, '\n', position_, text_.size());
  const bool has_quotes = find(text_, '"', position_, line_end) != line_end;
  for (;;) {
    if (position_ < line_end && text_[position_] == '"') {
      cells.push_back(quoted_cell());
      if (!error_.empty()) return false;
      if (position_ > line_end) line_end = find(text_, '\n', position_, text_.size());
    } else {
      cells.push_back(plain_cell(line_end));
      if (has_quotes && cells.back().find('"') != std::string_view::npos)
        return fail("a quote inside a cell that is not in quotes");
    }
    if (position_ >= line_end) break;
    if (text_[position_] == '\r' && position_ + 1 == line_end) break;
    if (text_[position_] != ',') return fail("text after the closing quote of a cell");
    ++position_;
  }
  position_ = std::min(line_end + 1, text_.size());
  ++next_line_;
  return true;
}

std::string_view CsvReader::plain_cell(std::size_t line_end) {
  const std::size_t end = find(text_, ',', position_, line_end);
  std::string_view cell = text_.substr(position_, end - position_);
  position_ = end;
  if (end == line_end && cell.ends_with('\r')) cell.remove_suffix(1);
  while (!cell.empty() && is_blank(cell.front())) cell.remove_prefix(1);
  while (!cell.empty() && is_blank(cell.back())) cell.remove_suffix(1);
  return cell;
}

std::string_view CsvReader::quoted_cell() {
  const std::size_t begin = ++position_;
  std::string* unescaped = nullptr;
  std::size_t copied = begin;
  for (;;) {
    const std::size_t quote = find(text_, '"', position_, text_.size());
    if (quote == text_.size()) {
      fail("the quotes of a cell are not closed");
      return {};
    }
    position_ = quote + 1;
    const bool doubled = position_ < text_.size() && text_[position_] == '"';
    if (!doubled) {
      const std::string_view rest = text_.substr(copied, quote - copied);
      const std::string_view whole = text_.substr(begin, quote - begin);
      next_line_ += static_cast<std::uint32_t>(std::count(whole.begin(), whole.end(), '\n'));
      if (unescaped == nullptr) return rest;
      *unescaped += rest;
      return *unescaped;
    }
    if (unescaped == nullptr) unescaped = &unescaped_.emplace_back();
    unescaped->append(text_.substr(copied, position_ - copied));
    copied = ++position_;
  }
}

bool CsvReader::fail(std::string_view what) {
  error_ = what;
  return false;
}

}  // namespace sitewide
