#include "adapters/sms/site/map_edit.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "adapters/sms/site/system_map.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr std::size_t kMostNameBytes = 120;
constexpr int kMostRemovals = 20;  // of one copy list from one entry

std::string shown(std::string_view name) { return escaped(name, kMostNameBytes); }

Error refused(std::string why) { return {ErrorKind::refused, std::move(why)}; }

std::string header_of(std::string_view directory, std::string_view platform,
                      std::string_view language) {
  return "DIRECTORY " + shown(directory) + ", PLATFORM " + shown(platform) + ", LANGUAGE " +
         (language.empty() ? "none" : shown(language));
}

/// The blocks of one header; several may have the same.
std::vector<const MapBlock*> blocks_of(const SystemMap& map, std::string_view directory,
                                       std::string_view platform, std::string_view language) {
  std::vector<const MapBlock*> blocks;
  for (const MapBlock& block : map.blocks) {
    if (block.closed && normal_map_path(block.directory) == normal_map_path(directory) &&
        equals_ignoring_case(block.platform, platform) &&
        equals_ignoring_case(block.language, language)) {
      blocks.push_back(&block);
    }
  }
  return blocks;
}

const MapEntry* entry_in(const std::vector<const MapBlock*>& blocks, std::string_view name) {
  for (const MapBlock* block : blocks) {
    for (const MapEntry& entry : block->entries) {
      if (equals_ignoring_case(entry.name, name)) return &entry;
    }
  }
  return nullptr;
}

std::string_view line_break_of(std::string_view text) {
  const std::size_t feed = text.find('\n');
  return feed != std::string_view::npos && feed > 0 && text[feed - 1] == '\r' ? "\r\n" : "\n";
}

/// The blanks before `at` on its own line; none when something else stands there.
std::string indentation_at(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  const bool fresh = begin == 0 || text[begin - 1] == '\n';
  return fresh ? std::string(text.substr(begin, at - begin)) : std::string("   ");
}

/// A CD file's name: the last character is `_` (S3D66).
std::string cd_name(std::string name) {
  if (!name.empty()) name.back() = '_';
  return name;
}

/// The bytes of an entry under its new name and size.
std::string renamed(std::string_view bytes, const MapEdit& edit) {
  std::string copy;
  std::size_t copied = 0;
  const auto replace = [&](MapSpan span, const std::string& by) {
    copy += std::string(bytes.substr(copied, span.begin - copied)) + by;
    copied = span.end;
  };
  int size_number = -1;  // inside SIZE(count, n, n): how many numbers were passed
  for (MapTokens tokens(bytes); !tokens.at_end(); tokens.advance()) {
    const MapToken& token = tokens.current();
    if (tokens.at_quoted() && equals_ignoring_case(token.text, edit.entry)) {
      replace(token.span, "\"" + edit.as + "\"");
    } else if (tokens.at_quoted() && equals_ignoring_case(token.text, cd_name(edit.entry))) {
      replace(token.span, "\"" + cd_name(edit.as) + "\"");
    } else if (tokens.at_word("SIZE")) {
      size_number = 0;
    } else if (tokens.at_mark(')')) {
      size_number = -1;
    } else if (size_number >= 0 && token.kind == MapToken::Kind::word && size_number++ > 0) {
      replace(token.span, std::to_string(edit.size));
    }
  }
  return copy + std::string(bytes.substr(copied));
}

class Editor {
 public:
  explicit Editor(std::string_view text) { edited_.text = text; }

  Result<> make(const MapEdit& edit) {
    map_ = parse_system_map(edited_.text);
    switch (edit.kind) {
      case MapEdit::Kind::duplicate:
        return duplicate(edit);
      case MapEdit::Kind::remove_list:
        return remove_list(edit);
      case MapEdit::Kind::merge:
        return merge(edit);
    }
    return {};
  }

  EditedMap take() { return std::move(edited_); }
  /// How many entries were made.
  std::size_t added() const { return added_; }

 private:
  Result<std::vector<const MapBlock*>> find_blocks(std::string_view directory,
                                                   std::string_view platform,
                                                   std::string_view language) const {
    auto blocks = blocks_of(map_, directory, platform, language);
    if (blocks.empty()) {
      return refused("System.map has no block with " + header_of(directory, platform, language));
    }
    return blocks;
  }

  Result<> duplicate(const MapEdit& edit) {
    const auto blocks = find_blocks(edit.directory, edit.platform, edit.language);
    if (!blocks) return blocks.error();
    if (entry_in(*blocks, edit.as) != nullptr) return {};
    const MapEntry* entry = entry_in(*blocks, edit.entry);
    if (entry == nullptr) return no_entry(edit);
    const std::string_view bytes =
        std::string_view(edited_.text)
            .substr(entry->span.begin, entry->span.end - entry->span.begin);
    const std::string copy = renamed(bytes, edit);
    insert_line(entry->span.end, indentation_at(edited_.text, entry->span.begin), copy);
    ++added_;
    edited_.changes.push_back(shown(edit.entry) + " copied as " + shown(edit.as) + " (SIZE " +
                              std::to_string(edit.size) + ")");
    return {};
  }

  Result<> remove_list(const MapEdit& edit) {
    // Should it be named twice, both go.
    for (int i = 0; i < kMostRemovals; ++i) {
      map_ = parse_system_map(edited_.text);
      const auto blocks = find_blocks(edit.directory, edit.platform, edit.language);
      if (!blocks) return blocks.error();
      const MapEntry* entry = entry_in(*blocks, edit.entry);
      if (entry == nullptr) return no_entry(edit);
      const auto list = std::find_if(
          entry->copy_lists.begin(), entry->copy_lists.end(),
          [&](const std::string& name) { return equals_ignoring_case(name, edit.list); });
      if (list == entry->copy_lists.end()) return {};
      if (entry->copy_lists.size() == 1) {
        return refused(shown(edit.list) + " is the only copy list of " + shown(edit.entry) +
                       " in System.map");
      }
      take_out(*entry, static_cast<std::size_t>(list - entry->copy_lists.begin()));
      edited_.changes.push_back(shown(edit.entry) + " taken out of " + shown(edit.list));
    }
    return refused(shown(edit.entry) + " is in " + shown(edit.list) + " too often in System.map");
  }

  /// The comma goes with a copy list: the one behind it, or that before the last.
  void take_out(const MapEntry& entry, std::size_t index) {
    const auto& spans = entry.list_spans;
    const bool last = index + 1 == spans.size();
    const std::size_t begin = last ? spans[index - 1].end : spans[index].begin;
    const std::size_t end = last ? spans[index].end : spans[index + 1].begin;
    edited_.text.erase(begin, end - begin);
  }

  Result<> merge(const MapEdit& edit) {
    if (std::string fault = fault_of_fragment(edit.fragment_text); !fault.empty())
      return refused("the fragment for System.map: " + fault);
    const SystemMap fragment = parse_system_map(edit.fragment_text);
    for (const MapBlock& block : fragment.blocks) {
      for (const MapEntry& entry : block.entries) {
        map_ = parse_system_map(edited_.text);
        const auto blocks = find_blocks(block.directory, block.platform, block.language);
        if (!blocks) return blocks.error();
        if (entry_in(*blocks, entry.name) != nullptr) continue;
        add(*blocks->back(),
            edit.fragment_text.substr(entry.span.begin, entry.span.end - entry.span.begin));
        ++added_;
        edited_.changes.push_back(shown(entry.name) + " added");
      }
    }
    return {};
  }

  /// Behind the last entry of the block, or behind its BEGIN.
  void add(const MapBlock& block, const std::string& bytes) {
    if (block.entries.empty()) return insert_line(block.body.begin, "   ", bytes);
    const MapSpan last = block.entries.back().span;
    insert_line(last.end, indentation_at(edited_.text, last.begin), bytes);
  }

  /// `bytes` as a line, or as lines, of its own behind `at`, with the map's own line ends.
  void insert_line(std::size_t at, const std::string& indentation, const std::string& bytes) {
    const std::string line_break(line_break_of(edited_.text));
    std::string lines = line_break + indentation;
    for (const char c : bytes) {
      if (c == '\r') continue;
      lines += c == '\n' ? line_break : std::string(1, c);
    }
    edited_.text.insert(at, lines);
  }

  Error no_entry(const MapEdit& edit) const {
    return refused("System.map has no entry " + shown(edit.entry) + " in the block with " +
                   header_of(edit.directory, edit.platform, edit.language));
  }

  EditedMap edited_;
  SystemMap map_;
  std::size_t added_ = 0;
};

/// How many entries all blocks have together.
std::size_t entries_in(std::string_view text) {
  std::size_t count = 0;
  for (const MapBlock& block : parse_system_map(text).blocks) count += block.entries.size();
  return count;
}

}  // namespace

Result<EditedMap> edit_map(std::string_view text, const std::vector<MapEdit>& edits) {
  Editor editor(text);
  for (const MapEdit& edit : edits) {
    const auto made = editor.make(edit);
    if (!made) return made.error();
  }
  EditedMap edited = editor.take();
  // What cannot be read back as it was meant is not written.
  if (entries_in(edited.text) != entries_in(text) + editor.added() ||
      parse_system_map(edited.text).blocks.size() != parse_system_map(text).blocks.size()) {
    return refused("System.map would be damaged by its edits");
  }
  return edited;
}

std::string fault_of_fragment(std::string_view fragment) {
  const SystemMap map = parse_system_map(fragment);
  std::size_t entries = 0;
  for (const MapBlock& block : map.blocks) {
    if (!block.closed) return "the block of " + shown(block.directory) + " has no END";
    entries += block.entries.size();
  }
  if (map.blocks.empty()) return "it has no block that begins with DIRECTORY and BEGIN";
  return entries == 0 ? "it has no entry" : "";
}

}  // namespace sitewide::sms
