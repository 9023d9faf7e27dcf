// tcp_connect(): a connection to a host, by name or address, in bounded time. Blocks; any thread.
#pragma once

#include <string>
#include <string_view>

#include "adapters/descriptor.h"
#include "adapters/ssh/fault.h"
#include "adapters/ssh/stopper.h"

namespace sitewide::ssh {

/// Whether it can be a host's name or address. libssh takes `user@host` apart, and the names go
/// into ssh_config's matching, messages and commands to copy.
bool is_host(std::string_view host);
/// Whether two descriptors are of the same connection.
bool is_same_socket(int one, int other);

struct Connected {
  Descriptor socket;  ///< close-on-exec, non-blocking, without delay; closed when there is a fault
  Fault fault;
};

/// Tries each of the host's addresses with an even share of the time. `patience` is what the words
/// of a timeout say; `stopper` may be null.
Connected tcp_connect(const std::string& host, std::uint16_t port, Deadline deadline,
                      std::chrono::milliseconds patience, Stopper* stopper);

}  // namespace sitewide::ssh
