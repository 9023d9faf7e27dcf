// Signatures on a site and its logon servers, looked for while a site step waits for Maintenance
// Manager. Each look reads some ends of logs and names in folders, once a poll of the site. Blocks;
// pool only. What cannot be read says nothing. The wording changes only when what it says changes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/sms/work.h"

namespace sitewide::sms {

/// What is told of a wait: Maintenance Manager's log (F10, F13, F15), what it left behind on a
/// logon server (F11, Q168460), stranded files (F12, Q181630), its silence (F11), then
/// server_warning(). Empty: nothing. Two things at most.
std::string maintenance_hint(const Work& work);

/// Inventory that is rejected (F09, Q169038) and components that were not copied (F16, Q122179), as
/// far as the last day tells; a master of the logon scripts that verifies for ever (F05, Q270697).
std::string server_warning(const Work& work);

/// System.map has no directory, so no copy list can come of it (F15, Q122179); asked once
/// `waited_long`.
std::string map_clue(const Work& work);

/// Whether the step has waited as long as the site's `warn_after`, hours without a controller left
/// out.
bool waited_long(const Work& work);

/// One file alone is old on a server (F14, Q164901).
std::string lone_file_words(std::string_view file, std::string_view server);

}  // namespace sitewide::sms
