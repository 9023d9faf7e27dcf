#include "adapters/http/name_lookup.h"

#include <netdb.h>
#include <sys/socket.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

namespace sitewide {
namespace {

LookedUp ask_the_system(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  LookedUp result;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) {
    result.why = ::gai_strerror(error);
    return result;
  }
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next)
    result.addresses.emplace_back(reinterpret_cast<const char*>(each->ai_addr), each->ai_addrlen);
  ::freeaddrinfo(found);
  if (result.addresses.empty()) result.why = "it has no address";
  return result;
}

// Shared with the thread, which may outlive the caller.
struct Lookup {
  std::mutex mutex;
  std::condition_variable_any answered;
  bool done = false;
  LookedUp result;
};

}  // namespace

LookedUp look_up(const std::string& host, std::uint16_t port,
                 std::chrono::steady_clock::time_point deadline, const std::stop_token& stop) {
  const auto lookup = std::make_shared<Lookup>();
  try {
    std::thread([lookup, host, port] {
      LookedUp result = ask_the_system(host, port);
      const std::lock_guard lock(lookup->mutex);
      lookup->result = std::move(result);
      lookup->done = true;
      lookup->answered.notify_all();
    }).detach();
  } catch (const std::system_error& error) {
    LookedUp failed;
    failed.why = std::string("no thread to look it up: ") + error.code().message();
    return failed;
  }
  std::unique_lock lock(lookup->mutex);
  lookup->answered.wait_until(lock, stop, deadline, [&] { return lookup->done; });
  return lookup->done ? std::move(lookup->result) : LookedUp{};
}

}  // namespace sitewide
