// SourceText: the bytes of a YAML file with what yaml-cpp does not tell: where a token ends,
// whether its quotes close, and which bytes must not be there. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/core/problem.h"

namespace sitewide {

class SourceText {
 public:
  /// Tokens are measured no further, so that a file of one line costs no more than others.
  static constexpr std::size_t kLongestToken = 4096;

  SourceText(std::string_view bytes, std::uint16_t source);

  /// The place of `length` bytes at `offset`; its line and columns in code points.
  Place place(std::size_t offset, std::size_t length = 1) const;
  /// How many bytes the scalar at `offset` takes on its first line, quotes included.
  std::size_t token_length(std::size_t offset) const;
  /// True when the line of `offset` begins with white space that holds a tab.
  bool indented_by_tab(std::size_t offset) const;
  char at(std::size_t offset) const { return offset < bytes_.size() ? bytes_[offset] : '\0'; }
  std::string_view from(std::size_t offset) const {
    return bytes_.substr(std::min(offset, bytes_.size()));
  }

  /// One problem for each character that a plan must not hold; and the bytes with each of them made
  /// harmless, so that reading can go on.
  std::string without_bad_characters(Problems& problems) const;

 private:
  std::uint32_t characters_before(std::size_t offset) const;

  std::string_view bytes_;
  std::uint16_t source_;
  std::vector<std::size_t> line_begins_;
  std::vector<std::uint32_t> characters_before_;  // characters before each block of bytes
};

}  // namespace sitewide
