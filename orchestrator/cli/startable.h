// Whether a program of this machine could be started.
#pragma once

#include <string>

namespace sitewide {

/// A path, or a name that is looked up as the system does.
bool can_be_started(const std::string& program);

}  // namespace sitewide
