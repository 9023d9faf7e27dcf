// Characters of UTF-8 text as people count them: code points for `line:column`, display cells for
// carets. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sitewide {

/// One code point at the head of a text. Bytes that are not UTF-8 count as one each, with `valid`
/// false.
struct Character {
  std::uint32_t value = 0;
  std::size_t bytes = 1;
  bool valid = true;
};

/// The character at the head of `text`, which must not be empty.
Character first_character(std::string_view text);

std::uint32_t count_characters(std::string_view text);

/// How many columns of a terminal the character takes: 0, 1 or 2.
int display_cells(std::uint32_t code_point);

}  // namespace sitewide
