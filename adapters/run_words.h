// Words for a person about how a program ended. Pure.
#pragma once

#include <string>

#include "adapters/last_line.h"
#include "adapters/transport.h"

namespace sitewide {

/// `exit 3: disk full`, `ended by signal 9 (Killed)`, `no end within 10m`; what the program printed
/// last stands after the colon. Empty for exit 0.
std::string run_words(const RunResult& result);

}  // namespace sitewide
