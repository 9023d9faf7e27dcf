// ManPage: the manual's pages as roff (man macros), from the tables that --help prints. Pure.
#pragma once

#include <string>

#include "orchestrator/cli/manual.h"

namespace sitewide {

/// sitewide(1): every command, the options of all of them, exit codes, files and environment.
std::string man_page(const Manual& manual);
/// sitewide-COMMAND(1).
std::string man_page(const Manual& manual, const ManualCommand& command);

}  // namespace sitewide
