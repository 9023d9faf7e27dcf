#include "orchestrator/views/cells.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace sitewide {
namespace {

struct Interval {
  std::uint32_t first, last;
};

// Combining marks, joiners and variation selectors: no cell of their own.
constexpr std::array<Interval, 12> kNarrow{{{0x0300, 0x036F},
                                            {0x0483, 0x0489},
                                            {0x0591, 0x05BD},
                                            {0x0610, 0x061A},
                                            {0x064B, 0x065F},
                                            {0x1AB0, 0x1AFF},
                                            {0x1DC0, 0x1DFF},
                                            {0x200B, 0x200D},
                                            {0x20D0, 0x20FF},
                                            {0xFE00, 0xFE0F},
                                            {0xFE20, 0xFE2F},
                                            {0xE0100, 0xE01EF}}};
// East Asian wide and full-width characters, and pictographs.
constexpr std::array<Interval, 13> kWide{{{0x1100, 0x115F},
                                          {0x2E80, 0x303E},
                                          {0x3041, 0x33FF},
                                          {0x3400, 0x4DBF},
                                          {0x4E00, 0xA4CF},
                                          {0xA960, 0xA97C},
                                          {0xAC00, 0xD7A3},
                                          {0xF900, 0xFAFF},
                                          {0xFE30, 0xFE6F},
                                          {0xFF00, 0xFF60},
                                          {0xFFE0, 0xFFE6},
                                          {0x1F300, 0x1FAFF},
                                          {0x20000, 0x3FFFD}}};

template <std::size_t kSize>
bool within(const std::array<Interval, kSize>& intervals, std::uint32_t c) {
  return std::any_of(intervals.begin(), intervals.end(),
                     [c](Interval i) { return i.first <= c && c <= i.last; });
}

struct Character {
  std::size_t bytes = 1, cells = 1;
  std::uint32_t value = 0;
};

// The character at the head of text that is not empty. Malformed bytes count as one cell each.
Character first_of(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  if (lead < 0x80) return {1, 1, lead};
  std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (bytes > text.size()) return {1, 1, lead};
  std::uint32_t c = bytes == 1 ? lead : lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i)
    c = (c << 6) | (static_cast<std::uint8_t>(text[i]) & 0x3FU);
  return {bytes, within(kNarrow, c) ? 0U : within(kWide, c) ? 2U : 1U, c};
}

}  // namespace

std::size_t cells_of(std::string_view text) {
  std::size_t cells = 0;
  while (!text.empty()) {
    const Character next = first_of(text);
    cells += next.cells;
    text.remove_prefix(next.bytes);
  }
  return cells;
}

std::string_view fitting(std::string_view text, std::size_t cells) {
  std::size_t taken = 0;
  std::size_t used = 0;
  while (taken < text.size()) {
    const Character next = first_of(text.substr(taken));
    if (used + next.cells > cells) break;
    used += next.cells;
    taken += next.bytes;
  }
  return text.substr(0, taken);
}

std::string fitted(std::string_view text, std::size_t cells, std::string_view ellipsis) {
  const std::size_t width = cells_of(text);
  if (width <= cells) return std::string(text) + std::string(cells - width, ' ');
  const std::size_t mark = cells_of(ellipsis);
  if (mark > cells) return std::string(cells, ' ');
  std::string result(fitting(text, cells - mark));
  result += ellipsis;
  return result + std::string(cells - cells_of(result), ' ');
}

std::vector<std::string> wrapped(std::string_view text, std::size_t cells, std::size_t most) {
  std::vector<std::string> pieces;
  while (cells_of(text) > cells && pieces.size() + 1 < most) {
    std::string_view head = fitting(text, cells);
    const bool whole_word = head.size() < text.size() && text[head.size()] == ' ';
    const std::size_t blank = head.rfind(' ');
    if (!whole_word && blank != std::string_view::npos && blank > 0) head = head.substr(0, blank);
    if (head.empty()) break;
    pieces.emplace_back(head);
    text.remove_prefix(head.size());
    if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  }
  pieces.emplace_back(text);
  return pieces;
}

std::string ascii_text(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const Character next = first_of(text);
    if (next.value < 0x80) {
      result += text.front();
    } else if (next.value == 0x2026) {
      result += "...";
    } else {
      char escape[16];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(next.value));
      result += escape;
    }
    text.remove_prefix(next.bytes);
  }
  return result;
}

}  // namespace sitewide
