// Parts: what a hotfix asks for besides the copying of its files, as its `site_steps` and
// `client_steps` say it, and the programs of a site and a transport that do it. The word "step" is
// for units of a procedure (core/step.h): one site carries all its parts inside `stage` and
// `force`, one client inside `configure`. Plain values.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "orchestrator/core/time.h"

namespace sitewide {

/// A place in a source file, counted from 1; line 0 means "no place".
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 1;
  std::uint16_t source = 0;  ///< 0: the plan; others: inventory files in order of use
};

using Argv = std::vector<std::string>;

/// A program of the plan's own, with what tells that it has been done and what takes it back.
struct RunPart {
  std::string what;  ///< for people
  Argv run;
  Argv probe;  ///< changes nothing; exit 0: it is done, 1: it is not
  Argv undo;   ///< empty: it cannot be undone
  Duration within = std::chrono::minutes(30);
};

/// One thing that is done on a site before its files count as staged.
struct SitePart {
  enum class Kind : std::uint8_t { stop_service, start_service, rename, copy, site_reset, run };
  Kind kind = Kind::copy;
  std::vector<std::string> services;  ///< stop_service, start_service
  std::string path;                   ///< rename: under the site's root, with `/`
  std::string to;                     ///< rename: the new name, in the same folder
  RunPart run;                        ///< run
  Place place;
};

/// One change of System.map. A block is matched by its DIRECTORY, PLATFORM and LANGUAGE, for equal
/// entries stand in several (Q193269).
struct MapEdit {
  enum class Kind : std::uint8_t { duplicate, remove_list, merge };
  Kind kind = Kind::duplicate;
  std::string entry;          ///< the entry that is copied (Q231821), or loses a copy list
  std::string as;             ///< duplicate: the name of the copy
  std::uint64_t size = 0;     ///< duplicate: what the copy's SIZE says
  std::string list;           ///< remove_list: `WIN95:REMOTE_CONTROL`
  std::string directory;      ///< `SITE.SRV\MAINCFG.BOX\CLIENT.SRC\X86.BIN`
  std::string platform;       ///< `INTEL X86`
  std::string language;       ///< `ENGLISH`, or empty
  std::string fragment;       ///< merge: the file with the blocks (Q193269); absolute after loading
  std::string fragment_text;  ///< merge: its bytes, once the payload was checked
  Place place;
};

/// One thing that is set on a client that was proven.
struct ClientPart {
  enum class Kind : std::uint8_t { set_ini, set_registry, run };
  Kind kind = Kind::set_ini;
  std::string section;  ///< set_ini: of Sms.ini
  std::string key;      ///< set_ini: the key; set_registry: the key's path, `HKLM\Software\…`
  std::string name;     ///< set_registry: of the value
  std::string value;
  std::string type;  ///< set_registry: `REG_SZ`, `REG_EXPAND_SZ`, `REG_DWORD`
  RunPart run;       ///< run
  Place place;
};

/// All that a hotfix's `site_steps` and `client_steps` say.
struct Parts {
  std::vector<SitePart> site;  ///< in order; empty: the files are copied, and nothing else is done
  std::vector<MapEdit> map;  ///< what the force does to System.map; empty: it gets a new time only
  std::vector<ClientPart> client;  ///< in order, once the client is proven

  /// Whether a site's services are stopped for a while.
  bool stop_services() const {
    return std::any_of(site.begin(), site.end(), [](const SitePart& part) {
      return part.kind == SitePart::Kind::stop_service;
    });
  }
};

/// How a site's services are handled; `{service}` stands for the name. Empty: the plan does not
/// say.
struct Services {
  Argv query;  ///< exit 0: it runs, 1: it is stopped
  Argv stop, start;
  Duration within = std::chrono::minutes(5);  ///< for one service to stop or start
};

/// How a site is reset, so that its executables are copied to its servers anew (Q230242, Q236913).
struct SiteReset {
  Argv run;    ///< empty: the plan does not say
  Argv probe;  ///< exit 0: the reset has been done, 1: it has not; empty: nothing can tell
  Duration within = std::chrono::hours(2);
};

/// How a client's registry is handled through its transport; `{key}`, `{name}`, `{type}` and
/// `{value}` are substituted. Empty: the plan does not say.
struct Registry {
  Argv query;  ///< exit 0 and a line `… TYPE VALUE`, as reg.exe prints it; exit 1: no such value
  Argv set;
  Argv remove;  ///< the plan's `delete`
};

}  // namespace sitewide
