// Help: the manual as text, for --help. Pure.
#pragma once

#include <string>

#include "orchestrator/cli/manual.h"

namespace sitewide {

/// Of the whole program: its commands by family, the options of every command, all exit codes.
std::string help_text(const Manual& manual);
/// Of one command: how it is written, what it does, its options, an example, its exit codes.
std::string help_text(const ManualCommand& command);

}  // namespace sitewide
