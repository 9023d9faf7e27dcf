#include "adapters/sms/client/sms_ini.h"

#include <algorithm>

#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

/// Offsets into the text; half-open.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// One line: its content, and where the next one begins (behind the line break, if there is one).
struct Line {
  Span content;
  std::size_t next = 0;
};

/// Where a key was found, or where it would have to go.
struct Found {
  bool section = false;
  bool key = false;
  Line line;                    ///< key: its line
  Span value;                   ///< key: the value's bytes, quotes included, blanks around them not
  std::size_t section_end = 0;  ///< section: behind its last line that is not blank
};

Line line_at(std::string_view text, std::size_t begin) {
  const std::size_t feed = text.find('\n', begin);
  Line line;
  line.next = feed == std::string_view::npos ? text.size() : feed + 1;
  line.content = {begin, feed == std::string_view::npos ? text.size() : feed};
  if (line.content.end > begin && text[line.content.end - 1] == '\r') --line.content.end;
  return line;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

Span trimmed(std::string_view text, Span span) {
  while (span.begin < span.end && is_blank(text[span.begin])) ++span.begin;
  while (span.end > span.begin && is_blank(text[span.end - 1])) --span.end;
  return span;
}

std::string_view at(std::string_view text, Span span) {
  return text.substr(span.begin, span.end - span.begin);
}

/// The name between the brackets of a section line; nothing for any other line.
std::optional<std::string_view> section_name(std::string_view text, Span content) {
  const std::string_view line = at(text, trimmed(text, content));
  if (line.empty() || line.front() != '[') return std::nullopt;
  const std::size_t close = line.find(']');
  if (close == std::string_view::npos) return std::nullopt;
  const std::string_view name = line.substr(1, close - 1);
  return at(name, trimmed(name, {0, name.size()}));
}

/// Fills in `found` when the line is `key = value`.
bool match_key(std::string_view text, const Line& line, std::string_view key, Found& found) {
  const Span content = trimmed(text, line.content);
  if (content.begin == content.end || text[content.begin] == ';') return false;
  const std::size_t equals = text.find('=', content.begin);
  if (equals == std::string_view::npos || equals >= content.end) return false;
  const std::string_view name = at(text, trimmed(text, {content.begin, equals}));
  if (!equals_ignoring_case(name, key)) return false;
  found.key = true;
  found.line = line;
  found.value = trimmed(text, {equals + 1, content.end});
  return true;
}

Found find(std::string_view text, std::string_view section, std::string_view key) {
  Found found;
  for (std::size_t begin = 0; begin < text.size();) {
    const Line line = line_at(text, begin);
    begin = line.next;
    if (const auto name = section_name(text, line.content)) {
      if (found.section) return found;
      if (!equals_ignoring_case(*name, section)) continue;
      found.section = true;
      found.section_end = line.next;
      continue;
    }
    if (!found.section) continue;
    const Span content = trimmed(text, line.content);
    if (content.begin != content.end) found.section_end = line.next;
    if (match_key(text, line, key, found)) return found;
  }
  return found;
}

std::string_view without_quotes(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == value.back() &&
                      (value.front() == '"' || value.front() == '\'');
  return quoted ? value.substr(1, value.size() - 2) : value;
}

/// The line break that the file uses; DOS's own when there is none to look at.
std::string_view line_break_of(std::string_view text) {
  const std::size_t feed = text.find('\n');
  if (feed == std::string_view::npos) return "\r\n";
  return feed > 0 && text[feed - 1] == '\r' ? "\r\n" : "\n";
}

bool is_one_line(std::string_view value) {
  return value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

/// The text with `addition` as lines of its own at `where`, which is a line's beginning or the end
/// of the text.
std::string with_lines(std::string_view text, std::size_t where, std::string addition,
                       std::string_view line_break) {
  if (where == text.size() && !text.empty() && text.back() != '\n') {
    addition.insert(
        0, line_break);  // the last line had no break, and the new last one has none either
  } else {
    addition.append(line_break);
  }
  std::string result(text);
  result.insert(where, addition);
  return result;
}

}  // namespace

std::optional<std::string> SmsIni::value(std::string_view section, std::string_view key) const {
  const Found found = find(text_, section, key);
  if (!found.key) return std::nullopt;
  return std::string(without_quotes(at(text_, found.value)));
}

std::string SmsIni::value_or_empty(std::string_view section, std::string_view key) const {
  return value(section, key).value_or(std::string());
}

bool SmsIni::put(std::string_view section, std::string_view key, std::string_view value) {
  if (!is_one_line(section) || !is_one_line(key) || !is_one_line(value)) return false;
  const Found found = find(text_, section, key);
  const std::string line = std::string(key).append("=").append(value);
  // Behind a last line that ends in a lone carriage return, that return and a break of two bytes
  // would be read as part of its value.
  const bool is_cut = text_.ends_with('\r');
  const std::string_view line_break = is_cut ? "\n" : line_break_of(text_);
  if (found.key) {
    text_.replace(found.value.begin, found.value.end - found.value.begin, value);
  } else if (found.section) {
    text_ = with_lines(text_, found.section_end, line, line_break);
  } else {
    std::string block = "[" + std::string(section) + "]";
    block.append(line_break).append(line);
    text_ = with_lines(text_, text_.size(), std::move(block), line_break);
  }
  return true;
}

bool SmsIni::set(std::string_view section, std::string_view key, std::string_view value) {
  if (this->value(section, key) == std::optional<std::string>(value)) return true;
  SmsIni changed(text_);
  // Reading it back is the only rule about what a value may be: blanks and quotes at its ends would
  // be lost.
  if (!changed.put(section, key, value) ||
      changed.value(section, key) != std::optional<std::string>(value))
    return false;
  text_ = std::move(changed.text_);
  return true;
}

std::optional<std::string> SmsIni::written(std::string_view section, std::string_view key) const {
  const Found found = find(text_, section, key);
  if (!found.key) return std::nullopt;
  return std::string(at(text_, found.value));
}

bool SmsIni::set_written(std::string_view section, std::string_view key, std::string_view value) {
  if (written(section, key) == std::optional<std::string>(value)) return true;
  SmsIni changed(text_);
  if (!changed.put(section, key, value) ||
      changed.written(section, key) != std::optional<std::string>(value))
    return false;
  text_ = std::move(changed.text_);
  return true;
}

bool SmsIni::has_section(std::string_view section) const {
  return find(text_, section, {}).section;
}

void SmsIni::erase_empty_section(std::string_view section) {
  for (std::size_t begin = 0; begin < text_.size();) {
    const Line line = line_at(text_, begin);
    const auto name = section_name(text_, line.content);
    begin = line.next;
    if (!name || !equals_ignoring_case(*name, section)) continue;
    // What follows, up to the next section, must be blank.
    for (std::size_t next = line.next; next < text_.size();) {
      const Line further = line_at(text_, next);
      if (section_name(text_, further.content)) break;
      const Span content = trimmed(text_, further.content);
      if (content.begin != content.end) return;
      next = further.next;
    }
    text_.erase(line.content.begin, line.next - line.content.begin);
    return;
  }
}

bool SmsIni::erase(std::string_view section, std::string_view key) {
  const Found found = find(text_, section, key);
  if (!found.key) return false;
  text_.erase(found.line.content.begin, found.line.next - found.line.content.begin);
  return true;
}

}  // namespace sitewide::sms
