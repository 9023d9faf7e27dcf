#include "plans/source_text.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "plans/characters.h"

namespace sitewide {
namespace {

constexpr std::size_t kReportedCharacters = 100;
constexpr std::size_t kBlock = 256;

bool begins_character(char byte) { return (static_cast<std::uint8_t>(byte) & 0xC0) != 0x80; }

bool is_allowed(std::string_view bytes, const Character& character) {
  if (!character.valid) return false;
  if (character.value == '\t' || character.value == '\n' || character.value == '\r') return true;
  if (character.value == 0xFEFF) return false;
  return !has_control_character(bytes);
}

/// A carriage return that does not end a line would hide what follows from a person.
bool is_lone_return(std::string_view rest) {
  return rest.front() == '\r' && rest.size() > 1 && rest[1] != '\n';
}

}  // namespace

SourceText::SourceText(std::string_view bytes, std::uint16_t source)
    : bytes_(bytes), source_(source) {
  line_begins_.push_back(0);
  for (std::size_t i = bytes.find('\n'); i != std::string_view::npos; i = bytes.find('\n', i + 1)) {
    line_begins_.push_back(i + 1);
  }
  std::uint32_t characters = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i % kBlock == 0) characters_before_.push_back(characters);
    if (begins_character(bytes[i])) ++characters;
  }
  characters_before_.push_back(characters);
}

std::uint32_t SourceText::characters_before(std::size_t offset) const {
  const std::size_t block = std::min(offset / kBlock, characters_before_.size() - 1);
  std::uint32_t characters = characters_before_[block];
  for (std::size_t i = block * kBlock; i < offset; ++i) {
    if (begins_character(bytes_[i])) ++characters;
  }
  return characters;
}

Place SourceText::place(std::size_t offset, std::size_t length) const {
  offset = std::min(offset, bytes_.size());
  const auto after = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset);
  const std::size_t begin = *(after - 1);
  Place place;
  place.line = static_cast<std::uint32_t>(after - line_begins_.begin());
  place.column = characters_before(offset) - characters_before(begin) + 1;
  place.length = std::max<std::uint32_t>(count_characters(bytes_.substr(offset, length)), 1);
  place.source = source_;
  return place;
}

std::size_t SourceText::token_length(std::size_t offset) const {
  const std::string_view rest = from(offset).substr(0, kLongestToken);
  const std::string_view line = rest.substr(0, rest.find_first_of("\r\n"));
  if (line.empty()) return 1;
  const char quote = line.front();
  if (quote == '|' || quote == '>') return 1;
  if (quote == '"' || quote == '\'') {
    for (std::size_t i = 1; i < line.size(); ++i) {
      if (quote == '"' && line[i] == '\\') {
        ++i;
      } else if (line[i] == quote) {
        const bool doubled = quote == '\'' && i + 1 < line.size() && line[i + 1] == quote;
        if (!doubled) return i + 1;
        ++i;
      }
    }
    return line.size();
  }
  std::size_t end = line.find(" #");
  for (const std::string_view stop : {": ", ", "}) end = std::min(end, line.find(stop));
  std::string_view token = trim(line.substr(0, end));
  if (!token.empty() && token.back() == ':') token.remove_suffix(1);
  return std::max<std::size_t>(token.size(), 1);
}

bool SourceText::indented_by_tab(std::size_t offset) const {
  const auto after = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset);
  const std::string_view line = from(*(after - 1));
  return line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
}

std::string SourceText::without_bad_characters(Problems& problems) const {
  std::string clean(bytes_);
  std::size_t reported = 0;
  for (std::size_t i = 0; i < bytes_.size();) {
    const Character character = first_character(from(i));
    const std::string_view bytes = from(i).substr(0, character.bytes);
    if (!is_allowed(bytes, character) || is_lone_return(from(i))) {
      std::fill_n(clean.begin() + static_cast<std::ptrdiff_t>(i), character.bytes,
                  character.value == '\r' ? '\n' : '_');
      if (reported++ < kReportedCharacters) {
        const bool valid = character.valid;
        problems.push_back(
            {Problem::Severity::error,
             place(i, character.bytes),
             valid ? "the character `" + escaped(bytes) + "` is not allowed in a plan"
                   : "the byte `" + escaped(bytes) + "` is not UTF-8",
             valid ? "delete it; it cannot be seen on a screen" : "save the file as UTF-8",
             {},
             {}});
      }
    }
    i += character.bytes;
  }
  return clean;
}

}  // namespace sitewide
