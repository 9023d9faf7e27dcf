// The last thing that a program said, for a person. Pure; any bytes are accepted.
#pragma once

#include <string>

#include "orchestrator/core/outcome.h"

namespace sitewide {

/// The last line of the output that is not blank, escaped and cut to a line's length; empty when
/// there is none.
std::string last_line(const Output& output);

}  // namespace sitewide
