#include "adapters/child.h"

#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <thread>
#include <utility>

#include "adapters/descendants.h"

namespace sitewide {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kTick{1};
constexpr milliseconds kUnkillable{2000};

}  // namespace

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), exit_code_(other.exit_code_) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(exit_code_, other.exit_code_);
  return *this;
}

bool Child::has_ended() {
  if (pid_ < 0) return true;
  int status = 0;
  const pid_t reaped = ::waitpid(pid_, &status, WNOHANG);
  if (reaped == 0 || (reaped < 0 && errno == EINTR)) return false;
  exit_seen(pid_);
  if (reaped > 0 && WIFEXITED(status)) exit_code_ = WEXITSTATUS(status);
  pid_ = -1;
  return true;
}

bool Child::ends_within(milliseconds patience) {
  const auto until = Clock::now() + patience;
  while (!has_ended()) {
    if (Clock::now() >= until) return false;
    std::this_thread::sleep_for(kTick);
  }
  return true;
}

void Child::end() {
  if (has_ended()) return;
  ::kill(-pid_, SIGKILL);
  if (ends_within(kUnkillable)) return;
  let_go();  // the kernel holds it
}

void Child::let_go() {
  if (has_ended()) return;
  ::kill(-pid_, SIGKILL);
  exit_seen(pid_);  // from now on like an adopted one
  pid_ = -1;
}

}  // namespace sitewide
