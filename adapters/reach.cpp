#include "adapters/reach.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include "adapters/descriptor.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint16_t kPlainPort = 389;
constexpr std::uint16_t kSecurePort = 636;

struct Freed {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

/// Zero, or the system's error.
int try_address(const addrinfo& address, Clock::time_point deadline) {
  const Descriptor socket(::socket(
      address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol));
  if (!socket.is_open()) return errno;
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd waiting{socket.get(), POLLOUT, 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return ETIMEDOUT;
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<long>(left.count(), 60'000)));
    if (ready < 0 && errno != EINTR) return errno;
    if (ready > 0) break;
  }
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

}  // namespace

Result<> reach(const std::string& host, std::uint16_t port, Clock::time_point deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, Freed> list(found);
  if (code != 0) {
    return Error{ErrorKind::unreachable,
                 "the name " + escaped(host) + " cannot be looked up: " + ::gai_strerror(code)};
  }
  int error = EHOSTUNREACH;
  for (const addrinfo* address = list.get(); address != nullptr; address = address->ai_next) {
    error = try_address(*address, deadline);
    if (error == 0) return {};
  }
  return Error{ErrorKind::unreachable,
               "it cannot be reached: " + std::generic_category().message(error)};
}

Result<Url> ldap_server(const std::string& text) {
  const std::string rest = text.substr(std::min(text.find("://"), text.size()));
  auto url = parse_url("http" + rest);
  if (!url) return url;
  const std::string port = ":" + std::to_string(url->port);
  const bool given = rest.ends_with(port) || rest.ends_with(port + "/");
  if (!given) url->port = text.starts_with("ldaps://") ? kSecurePort : kPlainPort;
  return url;
}

}  // namespace sitewide
