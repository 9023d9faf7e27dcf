#include "adapters/ssh/tcp_connect.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "adapters/http/name_lookup.h"
#include "orchestrator/base/text.h"
#include "orchestrator/core/time.h"

namespace sitewide::ssh {
namespace {

// Unanswered data for so long means that the other side is gone.
constexpr std::chrono::milliseconds kUnanswered = std::chrono::minutes(2);

struct Target {
  std::string host;
  std::uint16_t port;
  std::chrono::milliseconds patience;

  std::string place() const { return escaped(host) + " at port " + std::to_string(port); }
};

// A numeric address needs nobody to be asked.
std::vector<std::string> numeric_address(const Target& target) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(target.port);
  if (::getaddrinfo(target.host.c_str(), port.c_str(), &hints, &found) != 0) return {};
  std::vector<std::string> addresses;
  addresses.emplace_back(reinterpret_cast<const char*>(found->ai_addr), found->ai_addrlen);
  ::freeaddrinfo(found);
  return addresses;
}

Fault fault_of(int number, const Target& target) {
  const std::string words = std::generic_category().message(number);
  switch (number) {
    case ECONNREFUSED:
      return {Fault::Kind::unreachable,
              escaped(target.host) + " refuses connections at port " + std::to_string(target.port)};
    case ENETUNREACH:
    case EHOSTUNREACH:
      return {Fault::Kind::unreachable,
              "there is no way to " + escaped(target.host) + ": " + words};
    case ETIMEDOUT:
      return {Fault::Kind::unreachable,
              target.place() + " did not answer within " + describe_duration(target.patience)};
    default:
      return {Fault::Kind::unreachable, "cannot connect to " + target.place() + ": " + words};
  }
}

int milliseconds_until(Deadline until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1 << 30));
}

// 0, or what went wrong; ETIMEDOUT also for the deadline, ECANCELED when it was stopped.
int finish_connecting(int socket, Deadline until, const Stopper* stopper) {
  const int wake = stopper != nullptr ? stopper->wake() : -1;
  std::array<pollfd, 2> waits{pollfd{socket, POLLOUT, 0}, pollfd{wake, POLLIN, 0}};
  for (;;) {
    const int left = milliseconds_until(until);
    const int ready = ::poll(waits.data(), waits.size(), left);
    if (stopper != nullptr && stopper->stopped()) return ECANCELED;
    if (ready < 0 && errno != EINTR) return errno;
    if (ready > 0 && waits[0].revents != 0) break;
    if (left == 0) return ETIMEDOUT;
  }
  int number = 0;
  socklen_t size = sizeof number;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &number, &size) == 0 ? number : errno;
}

void make_ready(int socket) {
  const auto set = [socket](int level, int option, int value) {
    [[maybe_unused]] const int done =
        ::setsockopt(socket, level, option, &value, sizeof value);  // each is a help, none a need
  };
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(kUnanswered.count()));
}

int connect_to(const std::string& address, Deadline until, const Stopper* stopper,
               Descriptor& connected) {
  const auto* where = reinterpret_cast<const sockaddr*>(address.data());
  Descriptor socket(
      ::socket(where->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
  if (!socket.is_open()) return errno;
  if (::connect(socket.get(), where, static_cast<socklen_t>(address.size())) != 0) {
    if (errno != EINPROGRESS) return errno;
    if (const int number = finish_connecting(socket.get(), until, stopper); number != 0)
      return number;
  }
  make_ready(socket.get());
  connected = std::move(socket);
  return 0;
}

}  // namespace

bool is_host(std::string_view host) {
  return !host.empty() && host.front() != '-' &&
         host.find_first_of("@/\\'\"`$&|;<>(){} \t\r\n") == std::string_view::npos &&
         !has_control_character(host);
}

bool is_same_socket(int one, int other) {
  struct stat first {};
  struct stat second {};
  return ::fstat(one, &first) == 0 && ::fstat(other, &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

Connected tcp_connect(const std::string& host, std::uint16_t port, Deadline deadline,
                      std::chrono::milliseconds patience, Stopper* stopper) {
  const Target target{host, port, patience};
  Connected result;
  LookedUp found{numeric_address(target), {}};
  if (found.addresses.empty()) {
    found =
        look_up(host, port, deadline, stopper != nullptr ? stopper->token() : std::stop_token());
  }
  if (stopper != nullptr && stopper->stopped()) {
    result.fault = {Fault::Kind::stopped, "stopped"};
    return result;
  }
  if (found.addresses.empty()) {
    const std::string why = found.why.empty()
                                ? "no answer to its name within " + describe_duration(patience)
                                : found.why;
    result.fault = {Fault::Kind::unreachable, "no such host " + escaped(host) + ": " + why};
    return result;
  }
  int number = ETIMEDOUT;
  for (std::size_t i = 0; i < found.addresses.size(); ++i) {
    const auto share = (deadline - Clock::now()) / static_cast<int>(found.addresses.size() - i);
    number = connect_to(found.addresses[i], Clock::now() + share, stopper, result.socket);
    if (number == 0) return result;
    if (number == ECANCELED) break;
  }
  result.fault = fault_of(number, target);
  if (number == ECANCELED) result.fault = {Fault::Kind::stopped, "stopped"};
  return result;
}

}  // namespace sitewide::ssh
