#include "adapters/sms/system_map.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

/// A word, a quoted string without its quotes, or one character of punctuation.
struct Token {
  enum class Kind { end, word, quoted, mark };
  Kind kind = Kind::end;
  std::string_view text;
};

class Tokens {
 public:
  explicit Tokens(std::string_view text) : rest_(text) { advance(); }

  const Token& current() const { return current_; }
  bool at_end() const { return current_.kind == Token::Kind::end; }
  bool at_mark(char mark) const {
    return current_.kind == Token::Kind::mark && current_.text[0] == mark;
  }
  bool at_word(std::string_view word) const {
    return current_.kind == Token::Kind::word && equals_ignoring_case(current_.text, word);
  }
  bool at_quoted() const { return current_.kind == Token::Kind::quoted; }

  void advance() {
    const std::size_t start = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(start == std::string_view::npos ? rest_.size() : start);
    current_ = {};
    if (rest_.empty()) return;
    if (rest_.front() == '"') return take_quoted();
    std::size_t length = 0;
    while (length < rest_.size() && is_word(rest_[length])) ++length;
    current_.kind = length > 0 ? Token::Kind::word : Token::Kind::mark;
    length = std::max<std::size_t>(length, 1);
    current_.text = rest_.substr(0, length);
    rest_.remove_prefix(length);
  }

 private:
  static bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  /// A quote that is never closed ends with its line, so that one damaged entry does not swallow
  /// the rest.
  void take_quoted() {
    const std::size_t close = rest_.find_first_of("\"\n", 1);
    const std::size_t end = close == std::string_view::npos ? rest_.size() : close;
    current_ = {Token::Kind::quoted, rest_.substr(1, end - 1)};
    const bool closed = end < rest_.size() && rest_[end] == '"';
    rest_.remove_prefix(closed ? end + 1 : end);
  }

  std::string_view rest_;
  Token current_;
};

/// The quoted string after the word that the tokens stand on; stays empty when there is none.
std::string quoted_after_word(Tokens& tokens) {
  tokens.advance();
  if (!tokens.at_quoted()) return {};
  std::string text(tokens.current().text);
  tokens.advance();
  return text;
}

/// `("WIN95:STANDARD" = "SMS", …)`: the strings before each `=`.
void read_copy_lists(Tokens& tokens, MapEntry& entry) {
  tokens.advance();
  if (!tokens.at_mark('(')) return;
  std::optional<std::string> last;
  for (tokens.advance(); !tokens.at_end() && !tokens.at_mark(')') && !tokens.at_word("END");
       tokens.advance()) {
    if (tokens.at_quoted()) last = std::string(tokens.current().text);
    if (tokens.at_mark('=') && last) entry.copy_lists.push_back(*std::exchange(last, std::nullopt));
    if (tokens.at_mark('=')) last.reset();
  }
}

/// Entries follow one another without a separator of their own. A new one is a quoted string that
/// is followed by
/// `, SIZE`; the other strings (folder name, CD name) are not.
void read_entries(Tokens& tokens, MapBlock& block) {
  std::optional<std::string> string_before_comma;
  bool comma = false;
  while (!tokens.at_end() && !tokens.at_word("END") && !tokens.at_word("DIRECTORY")) {
    if (tokens.at_word("SIZE") && comma && string_before_comma) {
      block.entries.push_back({*std::exchange(string_before_comma, std::nullopt), {}});
    } else if (tokens.at_word("COPYLISTS") && !block.entries.empty()) {
      read_copy_lists(tokens, block.entries.back());
    } else if (tokens.at_quoted()) {
      string_before_comma = std::string(tokens.current().text);
    }
    comma = tokens.at_mark(',');
    if (!comma && !tokens.at_quoted()) string_before_comma.reset();
    if (!tokens.at_word("END")) tokens.advance();
  }
}

/// From `DIRECTORY "…"` to its BEGIN; false when another block or the end comes first.
bool read_header(Tokens& tokens, MapBlock& block) {
  block.directory = quoted_after_word(tokens);
  while (!tokens.at_end() && !tokens.at_word("DIRECTORY")) {
    if (tokens.at_word("BEGIN")) return tokens.advance(), true;
    if (tokens.at_word("PLATFORM")) {
      block.platform = quoted_after_word(tokens);
    } else if (tokens.at_word("LANGUAGE")) {
      block.language = quoted_after_word(tokens);
    } else {
      tokens.advance();
    }
  }
  return false;
}

/// A path in one shape: `/`, no leading or trailing one, lower case.
std::string normal(std::string_view path) {
  std::string text = to_lower(path);
  std::replace(text.begin(), text.end(), '\\', '/');
  while (!text.empty() && text.back() == '/') text.pop_back();
  return text.substr(std::min(text.find_first_not_of('/'), text.size()));
}

}  // namespace

SystemMap parse_system_map(std::string_view text) {
  SystemMap map;
  Tokens tokens(text);
  while (!tokens.at_end()) {
    if (!tokens.at_word("DIRECTORY")) {
      tokens.advance();
      continue;
    }
    MapBlock block;
    if (!read_header(tokens, block)) continue;
    read_entries(tokens, block);
    map.blocks.push_back(std::move(block));
  }
  return map;
}

Delivery delivery_of(const SystemMap& map, std::string_view path) {
  const std::string wanted = normal(path);
  const std::size_t slash = wanted.rfind('/');
  if (slash == std::string::npos) return Delivery::unknown;
  const std::string_view folder = std::string_view(wanted).substr(0, slash);
  const std::string_view name = std::string_view(wanted).substr(slash + 1);
  bool folder_known = false;
  for (const MapBlock& block : map.blocks) {
    if (normal(block.directory) != folder) continue;
    folder_known = true;
    for (const MapEntry& entry : block.entries) {
      if (equals_ignoring_case(entry.name, name) && !entry.copy_lists.empty()) {
        return Delivery::listed;
      }
    }
  }
  return folder_known ? Delivery::unlisted : Delivery::unknown;
}

}  // namespace sitewide::sms
