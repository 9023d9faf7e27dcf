// System.map: what is read of it is read again from its own printing, and the delivery of a file is
// what the entries say.
#include <algorithm>

#include "adapters/sms/system_map.h"
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

}  // namespace

void system_map(std::string_view input) {
  const sms::SystemMap map = sms::parse_system_map(input);
  const std::string text = printed(map);
  holds(printed(sms::parse_system_map(text)) == text, "a map is read as it is printed", text);
  for (const sms::MapBlock& block : map.blocks) {
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
