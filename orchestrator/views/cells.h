// Cells: how wide text is on a terminal, and cutting it to a width. Text is UTF-8 without control
// characters. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sitewide {

/// Cells that the text takes: 2 for wide characters, 0 for combining ones.
std::size_t cells_of(std::string_view text);
/// As much of the text as fits into `cells`; whole characters with what combines with them.
std::string_view fitting(std::string_view text, std::size_t cells);
/// The text in exactly `cells` cells: padded with blanks on the right, or cut, `…` (or `.` for
/// ASCII) at its end.
std::string fitted(std::string_view text, std::size_t cells, std::string_view ellipsis = "…");
/// The text in pieces of at most `cells` cells, broken at blanks where there are any; at most
/// `most` pieces, the last one with all that is left.
std::vector<std::string> wrapped(std::string_view text, std::size_t cells, std::size_t most);
/// For screens that show ASCII only: `…` becomes `...`, every other character beyond ASCII
/// `\\u00e9`. Its bytes could be control characters there.
std::string ascii_text(std::string_view text);

}  // namespace sitewide
