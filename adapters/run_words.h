// Words for a person about how a program ended. Pure.
#pragma once

#include <string>

#include "adapters/transport.h"

namespace sitewide {

/// The last line of the output that is not blank, escaped and cut to a line's length; empty when
/// there is none.
std::string last_line(const Output& output);

/// `exit 3: disk full`, `ended by signal 9 (Killed)`, `no end within 10m`; what the program printed
/// last stands after the colon. Empty for exit 0.
std::string run_words(const RunResult& result);

}  // namespace sitewide
