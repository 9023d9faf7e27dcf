// reach(): whether a TCP port of a host takes connections, in words where it does not. For
// libraries that say the same of a name that nobody knows as of a server that is down. Blocks; any
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "orchestrator/base/result.h"
#include "orchestrator/base/url.h"

namespace sitewide {

/// Connects to one address of `host` after the other, and hangs up. An Error of kind unreachable
/// says what the system said. The look-up of the name is bounded by the system alone.
Result<> reach(const std::string& host, std::uint16_t port,
               std::chrono::steady_clock::time_point deadline);

/// Host and port of `ldap://…` or `ldaps://…`, with the usual port where none is given; the rest of
/// Url means nothing then.
Result<Url> ldap_server(const std::string& url);

}  // namespace sitewide
