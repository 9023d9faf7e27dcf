// System.map: which client files belong to which copy lists (Resource Guide S3D66; Q231821,
// Q193269). Read to warn of a file that stands in no copy list, which reaches the logon servers and
// never a client, and for the edits of map_edit.h. Pure; any thread; any bytes are accepted, and
// what is not understood is passed over.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/sms/site/map_tokens.h"

namespace sitewide::sms {

/// `"NAME.EXT", SIZE(1, n, n), …, COPYLISTS("WIN95:STANDARD" = "SMS", …), …`.
struct MapEntry {
  std::string name;                     ///< the installed name
  std::vector<std::string> copy_lists;  ///< `WIN95:STANDARD` …
  MapSpan span;                         ///< from its name to its last token; it may wrap over lines
  std::vector<MapSpan> list_spans;      ///< of each of `copy_lists`, with the name behind its `=`
};

/// The entries between one BEGIN and END with the header that stands before them.
struct MapBlock {
  std::string directory;  ///< `SITE.SRV\MAINCFG.BOX\CLIENT.SRC\X86.BIN`
  std::string platform;   ///< `INTEL X86`
  std::string language;   ///< `ENGLISH`, or empty
  std::vector<MapEntry> entries;
  MapSpan body;         ///< from behind BEGIN to END
  bool closed = false;  ///< its END was found
};

struct SystemMap {
  std::vector<MapBlock> blocks;
};

/// Reads every DIRECTORY block of the text; other sections (PLATFORMS, UNITS, IDLIST …) are passed
/// over.
SystemMap parse_system_map(std::string_view text);

/// A path in one shape, to be compared: `/`, none at its ends, lower case.
std::string normal_map_path(std::string_view path);

/// What the map says about one file of the site; `path` is under the SMS root, with `/` or `\`.
enum class Delivery {
  unknown,   ///< the map has no block for the folder (or could not be read)
  listed,    ///< in at least one copy list of the folder
  unlisted,  ///< in none: it never reaches clients (Q231821's reason for its 95GETDSK entry)
};
Delivery delivery_of(const SystemMap& map, std::string_view path);

}  // namespace sitewide::sms
