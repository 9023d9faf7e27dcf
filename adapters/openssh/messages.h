// What OpenSSH's client says on its standard error when it fails by itself. Its exit code, 255, is
// also one that a program on the client may end with (telling_own_end() in command.h). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/ssh/fault.h"

namespace sitewide::openssh {

/// The exit code of ssh when it failed itself.
inline constexpr int kSshFailed = 255;

/// What went wrong on the way, from all that ssh printed before it ended; nothing when it said
/// nothing. `host`: as the words name it.
///
/// unreachable: no connection came about, so nothing was started. denied: the host key, the login
/// or ssh's own configuration. lost: anything else that is said, for a start cannot be ruled out.
std::optional<ssh::Fault> fault_in(std::string_view printed, std::string_view host);

/// The fault when it said nothing: lost. So ends ssh when a connection that others share
/// (ControlMaster) is gone.
ssh::Fault silent_fault(std::string_view host);

}  // namespace sitewide::openssh
