// Line: a line of a screen, in pieces of one style each. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sitewide {

enum class Style : std::uint8_t { plain, dim, bold, good, busy, warn, bad };

/// A piece of a line in one style. The text holds no control characters.
struct Span {
  std::string text;
  Style style = Style::plain;
};
using Line = std::vector<Span>;

/// Cells that a line takes.
std::size_t cells_of(const Line& line);

}  // namespace sitewide
