// look_up(): the addresses of a host, given up at a deadline although the system's own call cannot
// be: it goes on in a thread of its own, which ends by itself (resolv.conf bounds it).
//
// Threads: blocks until the deadline at most.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace sitewide {

struct LookedUp {
  /// As `getaddrinfo` orders them, in the form of the system (`struct sockaddr`).
  std::vector<std::string> addresses;
  std::string why;  ///< without addresses: the system's words; empty: the deadline, or `stop`
};

LookedUp look_up(const std::string& host, std::uint16_t port,
                 std::chrono::steady_clock::time_point deadline, const std::stop_token& stop);

}  // namespace sitewide
