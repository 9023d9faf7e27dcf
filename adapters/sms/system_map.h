// System.map: which client files belong to which copy lists (Resource Guide S3D66; Q231821,
// Q193269). Read for one warning only: a file that stands in no copy list reaches the logon servers
// and never a client. Nothing is decided by it, and Sitewide never writes it: any changed byte
// would be an unsupported edit and a forced update (Q166771). Pure; any thread; any bytes are
// accepted, and what is not understood is passed over.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sitewide::sms {

/// `"NAME.EXT", SIZE(1, n, n), …, COPYLISTS("WIN95:STANDARD" = "SMS", …), …`.
struct MapEntry {
  std::string name;                     ///< the installed name
  std::vector<std::string> copy_lists;  ///< `WIN95:STANDARD` …
};

/// The entries between one BEGIN and END with the header that stands before them.
struct MapBlock {
  std::string directory;  ///< `SITE.SRV\MAINCFG.BOX\CLIENT.SRC\X86.BIN`
  std::string platform;   ///< `INTEL X86`
  std::string language;   ///< `ENGLISH`, or empty
  std::vector<MapEntry> entries;
};

struct SystemMap {
  std::vector<MapBlock> blocks;
};

/// Reads every DIRECTORY block of the text; other sections (PLATFORMS, UNITS, IDLIST …) are passed
/// over.
SystemMap parse_system_map(std::string_view text);

/// What the map says about one file of the site; `path` is under the SMS root, with `/` or `\`.
enum class Delivery {
  unknown,   ///< the map has no block for the folder (or could not be read)
  listed,    ///< in at least one copy list of the folder
  unlisted,  ///< in none: it never reaches clients (Q231821's reason for its 95GETDSK entry)
};
Delivery delivery_of(const SystemMap& map, std::string_view path);

}  // namespace sitewide::sms
