// The grammar of paths on a client, a site server or a share, as Windows names files: what comes
// from a plan, an Sms.ini or a copy list is taken apart here before any file is opened by it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/result.h"

namespace sitewide {

/// The components of a path under the root. `\` is taken as `/`; a leading `C:\` is the root
/// itself; empty components and `.` are dropped, so an empty path is the root. Refused, with the
/// reason: `..`, absolute and UNC paths, another drive, a drive without `\`, streams (`a:b`),
/// device names (`CON`, `lpt1.txt`), a trailing dot or blank, characters that Windows forbids, and
/// control characters.
Result<std::vector<std::string>> split_client_path(std::string_view path);

/// How `name` is written among `names`, cases aside; nothing when none of them is it. Refused when
/// several are: nobody could say which one Windows means.
Result<std::optional<std::string>> only_spelling(std::vector<std::string> names,
                                                 const std::string& name);

}  // namespace sitewide
