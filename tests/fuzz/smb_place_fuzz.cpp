// Places on SMB servers as plans and inventories write them: what is accepted can be named to
// smbclient, stays below its share, and has one canonical text.
#include "orchestrator/core/smb.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {

void smb_place(std::string_view input) {
  const auto place = parse_smb_place(input);
  if (!place) return holds_safe(place.error().message);
  const std::string canonical = place->canonical();
  const auto again = parse_smb_place(canonical);
  holds(again && again->canonical() == canonical, "the canonical text is a place itself", input);
  holds(again->port == place->port && again->folders.size() == place->folders.size(),
        "the canonical text means the same", input);
  holds(!place->host.empty() && place->host.front() != '-', "a server is no option", input);
  std::string names = place->share;
  for (const std::string& folder : place->folders) {
    holds(folder != ".." && folder != "." && !folder.empty(), "no folder leads out", input);
    names += folder;
  }
  holds(names.find_first_of(std::string_view("\"\n\r\0;/\\*?", 9)) == std::string::npos,
        "no name takes a command line apart", input);
  holds_safe(place->share_text());
}

}  // namespace sitewide::fuzz
