// System.map: what is read of it is read again from its own printing, the delivery of a file is
// what the entries say, no edit is no change, and an edit leaves every other byte.
#include <algorithm>

#include "adapters/sms/site/map_edit.h"
#include "adapters/sms/site/system_map.h"
#include "orchestrator/base/text.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

std::string printed(const sms::SystemMap& map) {
  std::string text;
  for (const sms::MapBlock& block : map.blocks) {
    text += "DIRECTORY \"" + block.directory + "\"\nPLATFORM \"" + block.platform +
            "\"\nLANGUAGE \"" + block.language + "\"\nBEGIN\n";
    for (const sms::MapEntry& entry : block.entries) {
      text += "\"" + entry.name + "\", SIZE(1, 1, 1), COPYLISTS(";
      for (const std::string& list : entry.copy_lists) text += "\"" + list + "\" = \"SMS\", ";
      text += ")\n";
    }
    text += "END\n";
  }
  return text;
}

/// Copying the first entry of a block adds bytes at one place, and a second time nothing.
void check_copy(std::string_view input, const sms::MapBlock& block) {
  MapEdit edit;
  edit.entry = block.entries.front().name;
  edit.as = "ZZ95.EXE";
  edit.size = 95;
  edit.directory = block.directory;
  edit.platform = block.platform;
  edit.language = block.language;
  const auto once = sms::edit_map(input, {edit});
  if (!once || once->changes.empty()) return;
  const std::string& text = once->text;
  const auto differs = std::mismatch(input.begin(), input.end(), text.begin(), text.end());
  const std::size_t more = text.size() - input.size();
  const auto rest = static_cast<std::size_t>(input.end() - differs.first);
  holds(text.size() > input.size() &&
            text.substr(text.size() - rest) == input.substr(input.size() - rest),
        "a copy is added at one place and changes no other byte", text);
  holds(more >= edit.as.size(), "the copy is all that was added", text);
  const auto twice = sms::edit_map(text, {edit});
  holds(twice.has_value() && twice->text == text, "a copy that is there is left", text);
}

}  // namespace

void system_map(std::string_view input) {
  const sms::SystemMap map = sms::parse_system_map(input);
  const std::string text = printed(map);
  holds(printed(sms::parse_system_map(text)) == text, "a map is read as it is printed", text);
  const auto unedited = sms::edit_map(input, {});
  holds(unedited.has_value() && unedited->text == input, "no edit is no change", input);
  for (const sms::MapBlock& block : map.blocks) {
    for (const sms::MapEntry& entry : block.entries) {
      const bool inside = block.body.begin <= entry.span.begin &&
                          entry.span.begin < entry.span.end && entry.span.end <= block.body.end &&
                          block.body.end <= input.size();
      holds(inside, "an entry lies in its block", entry.name);
      holds(entry.list_spans.size() == entry.copy_lists.size(), "each list has its place",
            entry.name);
    }
    if (block.closed && !block.entries.empty()) check_copy(input, block);
    const std::size_t folder_end = block.directory.find_last_not_of("/\\") + 1;
    holds(input.find(block.directory) != std::string_view::npos, "a folder's name stands there",
          block.directory);
    for (const sms::MapEntry& entry : block.entries) {
      holds(input.find(entry.name) != std::string_view::npos, "a file's name stands there",
            entry.name);
      if (entry.name.find_first_of("/\\") != std::string::npos || entry.name.empty()) continue;
      if (folder_end == 0) continue;
      const std::string path = block.directory.substr(0, folder_end) + "\\" + entry.name;
      const auto delivery = sms::delivery_of(map, path);
      if (!entry.copy_lists.empty()) {
        holds(delivery == sms::Delivery::listed, "a file of a copy list is delivered", path);
      } else {
        holds(delivery != sms::Delivery::unknown, "a file of a known folder is known", path);
      }
      holds(sms::delivery_of(map, to_lower(path)) == delivery, "names are case-blind", path);
    }
    if (block.entries.size() > 100) return;
  }
}

}  // namespace sitewide::fuzz
