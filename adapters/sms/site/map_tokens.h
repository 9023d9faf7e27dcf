// MapTokens: the words of System.map and where each stands, for system_map.cpp and map_edit.cpp.
// Pure; borrows the text; any bytes are accepted.
#pragma once

#include <cstddef>
#include <string_view>

namespace sitewide::sms {

/// A half-open range of bytes of a text.
struct MapSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// A word, a quoted string without its quotes, or one character of punctuation.
struct MapToken {
  enum class Kind { end, word, quoted, mark };
  Kind kind = Kind::end;
  std::string_view text;
  MapSpan span;  ///< quotes included
};

class MapTokens {
 public:
  /// Stands on the first token at or behind `from`.
  explicit MapTokens(std::string_view text, std::size_t from = 0) : text_(text), at_(from) {
    advance();
  }

  const MapToken& current() const { return current_; }
  bool at_end() const { return current_.kind == MapToken::Kind::end; }
  bool at_quoted() const { return current_.kind == MapToken::Kind::quoted; }
  bool at_mark(char mark) const;
  /// Words are compared in any case.
  bool at_word(std::string_view word) const;
  void advance();

 private:
  void take_quoted();

  std::string_view text_;
  std::size_t at_;
  MapToken current_;
};

}  // namespace sitewide::sms
