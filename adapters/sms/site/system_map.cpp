#include "adapters/sms/site/system_map.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

/// The quoted string after the word that the tokens stand on; stays empty when there is none.
std::string quoted_after_word(MapTokens& tokens) {
  tokens.advance();
  if (!tokens.at_quoted()) return {};
  std::string text(tokens.current().text);
  tokens.advance();
  return text;
}

/// `("WIN95:STANDARD" = "SMS", …)`: the strings before each `=`.
void read_copy_lists(MapTokens& tokens, MapEntry& entry) {
  tokens.advance();
  if (!tokens.at_mark('(')) return;
  std::optional<MapToken> name;
  bool destination = false;  // the next string tells where the file goes
  for (tokens.advance(); !tokens.at_end() && !tokens.at_mark(')') && !tokens.at_word("END");
       tokens.advance()) {
    const bool names_list = tokens.at_mark('=') && name;
    if (names_list) {
      entry.copy_lists.emplace_back(name->text);
      entry.list_spans.push_back({name->span.begin, tokens.current().span.end});
    } else if (destination && tokens.at_quoted()) {
      entry.list_spans.back().end = tokens.current().span.end;
    }
    name.reset();
    if (tokens.at_quoted() && !destination) name = tokens.current();
    destination = names_list;
  }
}

/// Entries follow one another without a separator of their own. A new one is a quoted string that
/// is followed by `, SIZE`; the other strings (folder name, CD name) are not.
void read_entries(MapTokens& tokens, MapBlock& block) {
  std::optional<MapToken> string_before_comma;
  bool comma = false;
  std::size_t last_end = tokens.current().span.begin;  // of the token before this one
  std::size_t end_before_string = last_end;            // of what stands before the string
  while (!tokens.at_end() && !tokens.at_word("END") && !tokens.at_word("DIRECTORY")) {
    if (tokens.at_word("SIZE") && comma && string_before_comma) {
      if (!block.entries.empty()) block.entries.back().span.end = end_before_string;
      const MapToken name = *std::exchange(string_before_comma, std::nullopt);
      block.entries.push_back({std::string(name.text), {}, {name.span.begin, name.span.end}, {}});
    } else if (tokens.at_word("COPYLISTS") && !block.entries.empty()) {
      read_copy_lists(tokens, block.entries.back());
    } else if (tokens.at_quoted()) {
      string_before_comma = tokens.current();
      end_before_string = last_end;
    }
    comma = tokens.at_mark(',');
    if (!comma && !tokens.at_quoted()) string_before_comma.reset();
    if (tokens.at_word("END")) break;
    last_end = tokens.current().span.end;
    tokens.advance();
  }
  if (!block.entries.empty()) block.entries.back().span.end = last_end;
  block.body.end = tokens.current().span.begin;
  block.closed = tokens.at_word("END");
}

/// From `DIRECTORY "…"` to its BEGIN; false when another block or the end comes first.
bool read_header(MapTokens& tokens, MapBlock& block) {
  block.directory = quoted_after_word(tokens);
  while (!tokens.at_end() && !tokens.at_word("DIRECTORY")) {
    if (tokens.at_word("BEGIN")) {
      block.body.begin = tokens.current().span.end;
      return tokens.advance(), true;
    }
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

}  // namespace

std::string normal_map_path(std::string_view path) {
  std::string text = to_lower(path);
  std::replace(text.begin(), text.end(), '\\', '/');
  while (!text.empty() && text.back() == '/') text.pop_back();
  return text.substr(std::min(text.find_first_not_of('/'), text.size()));
}

SystemMap parse_system_map(std::string_view text) {
  SystemMap map;
  MapTokens tokens(text);
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
  const std::string wanted = normal_map_path(path);
  const std::size_t slash = wanted.rfind('/');
  if (slash == std::string::npos) return Delivery::unknown;
  const std::string_view folder = std::string_view(wanted).substr(0, slash);
  const std::string_view name = std::string_view(wanted).substr(slash + 1);
  bool folder_known = false;
  for (const MapBlock& block : map.blocks) {
    if (normal_map_path(block.directory) != folder) continue;
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
