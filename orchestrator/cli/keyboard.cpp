#include "orchestrator/cli/keyboard.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace sitewide {
namespace {

// What is pasted comes in brackets, so that it does not pass for keys.
constexpr std::string_view kBracketsOn = "\x1b[?2004h";
constexpr std::string_view kBracketsOff = "\x1b[?2004l";

void tell(std::string_view sequence) {
  [[maybe_unused]] const auto ignored = ::write(STDOUT_FILENO, sequence.data(), sequence.size());
}

}  // namespace

bool has_keyboard() { return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1; }

bool in_foreground() {
  const pid_t group = tcgetpgrp(STDIN_FILENO);
  return group < 0 || group == getpgrp();
}

Keyboard::Keyboard(bool wanted) : wanted_(wanted && has_keyboard()) {}

// Changing the terminal from the background would stop the process.
bool Keyboard::take() {
  if (!wanted_ || gone_ || !in_foreground()) return false;
  if (before_) return true;
  termios mode{};
  if (tcgetattr(STDIN_FILENO, &mode) != 0) return false;
  before_ = mode;
  mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  mode.c_cc[VMIN] = 0;
  mode.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSANOW, &mode);
  tell(kBracketsOn);
  return true;
}

void Keyboard::give_back() {
  if (!before_) return;
  if (in_foreground() && !gone_) {
    tell(kBracketsOff);
    tcsetattr(STDIN_FILENO, TCSANOW, &*before_);
  }
  before_.reset();
}

std::vector<Key> Keyboard::wait(Duration patience) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  const bool taken = take();
  const int ready =
      poll(taken ? &input : nullptr, taken ? 1 : 0, static_cast<int>(patience.count()));
  if (!taken || ready < 0) return {};
  if (ready == 0) return reader_.idle();
  return read_keys();
}

std::vector<Key> Keyboard::read_keys() {
  std::array<char, 4096> bytes{};
  const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  if (count > 0) return reader_.read({bytes.data(), static_cast<std::size_t>(count)});
  if (count == 0 || (errno != EINTR && errno != EAGAIN)) gone_ = true;
  return {};
}

}  // namespace sitewide
