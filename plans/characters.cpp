#include "plans/characters.h"

#include <algorithm>
#include <array>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

struct Block {
  std::uint32_t first, last;
};

/// Marks that combine with the character before them, and characters without a width of their own.
constexpr std::array<Block, 8> kZeroWide = {{{0x0300, 0x036F},
                                             {0x0483, 0x0489},
                                             {0x0591, 0x05BD},
                                             {0x064B, 0x065F},
                                             {0x200B, 0x200D},
                                             {0x20D0, 0x20FF},
                                             {0xFE00, 0xFE0F},
                                             {0xFE20, 0xFE2F}}};

/// East Asian wide and full-width characters, and pictographs.
constexpr std::array<Block, 9> kTwoWide = {{{0x1100, 0x115F},
                                            {0x2E80, 0x303E},
                                            {0x3041, 0xA4CF},
                                            {0xAC00, 0xD7A3},
                                            {0xF900, 0xFAFF},
                                            {0xFE30, 0xFE6F},
                                            {0xFF00, 0xFF60},
                                            {0x1F300, 0x1FAFF},
                                            {0x20000, 0x3FFFD}}};

template <std::size_t Size>
bool within(const std::array<Block, Size>& blocks, std::uint32_t c) {
  return std::any_of(blocks.begin(), blocks.end(),
                     [c](const Block& block) { return c >= block.first && c <= block.last; });
}

std::size_t length_by_lead(std::uint8_t lead) {
  if (lead >= 0xF0) return 4;
  if (lead >= 0xE0) return 3;
  return lead >= 0xC0 ? 2 : 1;
}

}  // namespace

Character first_character(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = length_by_lead(lead);
  if (length == 1 || length > text.size() || !is_utf8(text.substr(0, length)))
    return {lead, 1, false};
  std::uint32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    value = (value << 6) | (static_cast<std::uint8_t>(text[i]) & 0x3FU);
  }
  return {value, length, true};
}

std::uint32_t count_characters(std::string_view text) {
  std::uint32_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_character(text).bytes);
  return count;
}

int display_cells(std::uint32_t code_point) {
  if (code_point < 0x300) return 1;
  if (within(kZeroWide, code_point)) return 0;
  return within(kTwoWide, code_point) ? 2 : 1;
}

}  // namespace sitewide
