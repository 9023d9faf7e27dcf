#include "orchestrator/cli/controller_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "adapters/descendants.h"
#include "orchestrator/cli/keyboard.h"
#include "orchestrator/journal/durable_file.h"

namespace sitewide {
namespace {

Error cannot(const std::string& what, int number) {
  return {ErrorKind::io, "cannot " + what + ": " + std::generic_category().message(number)};
}

void replace(int fd, int by) {
  if (by >= 0) ::dup2(by, fd);
}

}  // namespace

std::filesystem::path controller_log(const RolloutDirectory& directory) {
  return directory.path() / "controller.log";
}

// From before the process is split no ctrl-c is lost: the one at the terminal counts it and passes
// it on, and none reaches the controller before it does there what it always did.
Result<ControllerProcess> ControllerProcess::split(const Console& console) {
  if (!console.live() || !has_keyboard()) return ControllerProcess(0, -1, nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return cannot("make a pipe", errno);
  std::fflush(nullptr);  // what waits there would be written twice
  auto signals = std::make_unique<ViewSignals>();
  sigset_t held;
  sigset_t before;
  sigemptyset(&held);
  for (const int number : {SIGINT, SIGTERM}) sigaddset(&held, number);
  sigprocmask(SIG_BLOCK, &held, &before);
  const pid_t child = ::fork();
  const int why = errno;
  if (child == 0) {
    ::setsid();  // keys and a closed terminal are the other's business
    signals.reset();
  }
  sigprocmask(SIG_SETMASK, &before, nullptr);
  ::close(ends[child == 0 ? 0 : 1]);
  if (child < 0) {
    ::close(ends[0]);
    return cannot("start a process", why);
  }
  if (child == 0) {
    prepare_for_children();
    return ControllerProcess(0, ends[1], nullptr);
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);  // what the controller leaves is not ours to wait for
  return ControllerProcess(child, ends[0], std::move(signals));
}

ControllerProcess::ControllerProcess(ControllerProcess&& other) noexcept
    : child_(other.child_),
      pipe_(std::exchange(other.pipe_, -1)),
      ended_(other.ended_),
      signals_(std::move(other.signals_)) {}

ControllerProcess::~ControllerProcess() {
  if (pipe_ >= 0) ::close(pipe_);
}

void ControllerProcess::let_go(const RolloutDirectory& directory) {
  if (!is_apart()) return;
  std::fflush(nullptr);
  const auto log =
      open_file(ErrorKind::io, controller_log(directory), O_WRONLY | O_CREAT | O_APPEND);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  replace(STDIN_FILENO, nothing);
  replace(STDOUT_FILENO, nothing);
  replace(STDERR_FILENO, log ? log->descriptor() : nothing);
  if (nothing >= 0) ::close(nothing);
  std::error_code none;
  const std::uintmax_t begin = std::filesystem::file_size(controller_log(directory), none);
  const std::string line = directory.id() + " " + std::to_string(none ? 0 : begin) + "\n";
  [[maybe_unused]] const auto written = ::write(pipe_, line.data(), line.size());
}

std::optional<ControllerProcess::Begun> ControllerProcess::await_rollout() {
  constexpr int kPatienceMs = 100;
  std::string text;
  while (signals_->taken(SIGHUP) == 0) {
    pass_on();
    pollfd ready{pipe_, POLLIN, 0};
    if (::poll(&ready, 1, kPatienceMs) <= 0) continue;
    std::array<char, 512> bytes{};
    const ssize_t count = ::read(pipe_, bytes.data(), bytes.size());
    if (count <= 0) return std::nullopt;
    text.append(bytes.data(), static_cast<std::size_t>(count));
    if (text.back() != '\n') continue;
    const std::size_t blank = text.find(' ');
    return Begun{text.substr(0, blank), std::strtoull(text.c_str() + blank, nullptr, 10)};
  }
  return std::nullopt;
}

int ControllerProcess::pass_on() {
  int passed = 0;
  for (const int number : {SIGINT, SIGTERM}) {
    for (int count = signals_->taken(number); count > 0; --count, ++passed) {
      if (!ended_) ::kill(child_, number);
    }
  }
  return passed;
}

std::optional<int> ControllerProcess::exit_code() {
  if (ended_) return ended_;
  int status = 0;
  if (::waitpid(child_, &status, WNOHANG) != child_) return std::nullopt;
  ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended_;
}

}  // namespace sitewide
