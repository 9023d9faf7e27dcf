#include "adapters/descendants.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <thread>

#include "adapters/descriptor.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

/// Between two looks at processes that were told to end.
constexpr auto kTick = std::chrono::milliseconds(50);
/// What lives this long after SIGKILL is held by the kernel.
constexpr auto kUnkillable = std::chrono::seconds(2);

struct ProcessState {
  ProcessId id;
  pid_t parent = -1;
  pid_t group = -1;
  char state = '?';
};

std::string read_small(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char block[4096];
  while (file.is_open() && text.size() < (std::size_t{1} << 20)) {
    const ssize_t count = ::read(file.get(), block, sizeof block);
    if (count <= 0) break;
    text.append(block, static_cast<std::size_t>(count));
  }
  return text;
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<ProcessState> state_of(pid_t pid) {
  const std::string text = read_small("/proc/" + std::to_string(pid) + "/stat");
  // The name stands in parentheses and may hold blanks and parentheses itself.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos || name_end + 2 > text.size()) return std::nullopt;
  const auto fields = split(std::string_view(text).substr(name_end + 2), ' ');
  if (fields.size() < 20 || fields[0].empty()) return std::nullopt;
  ProcessState state;
  state.id = ProcessId{pid, number_in<std::uint64_t>(fields[19]).value_or(0)};
  state.state = fields[0].front();
  state.parent = number_in<pid_t>(fields[1]).value_or(-1);
  state.group = number_in<pid_t>(fields[2]).value_or(-1);
  return state;
}

std::vector<ProcessState> all_processes() {
  std::vector<ProcessState> list;
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) return list;
  while (const dirent* entry = ::readdir(folder)) {
    const auto pid = number_in<pid_t>(entry->d_name);
    if (!pid) continue;
    if (const auto state = state_of(*pid)) list.push_back(*state);
  }
  ::closedir(folder);
  return list;
}

// A process may be listed before its parent, so the set of descendants grows until it stops
// growing.
std::vector<ProcessState> descendants_of(pid_t ancestor) {
  std::vector<ProcessState> others = all_processes();
  std::set<pid_t> family{ancestor};
  std::vector<ProcessState> found;
  for (bool grew = true; grew;) {
    grew = false;
    for (ProcessState& process : others) {
      if (process.id.pid < 0 || !family.contains(process.parent)) continue;
      family.insert(process.id.pid);
      found.push_back(process);
      process.id.pid = -1;
      grew = true;
    }
  }
  return found;
}

bool holds_pipe(pid_t pid, const std::vector<ino_t>& pipes) {
  const std::string path = "/proc/" + std::to_string(pid) + "/fd";
  DIR* folder = ::opendir(path.c_str());
  if (folder == nullptr) return false;
  bool holds = false;
  while (const dirent* entry = ::readdir(folder)) {
    // The link is read, never followed: a file on a dead share would hang us.
    char target[64];
    const ssize_t length = ::readlinkat(::dirfd(folder), entry->d_name, target, sizeof target);
    if (length <= 0) continue;
    const std::string_view text(target, static_cast<std::size_t>(length));
    holds = std::ranges::any_of(
        pipes, [text](ino_t pipe) { return text == "pipe:[" + std::to_string(pipe) + "]"; });
    if (holds) break;
  }
  ::closedir(folder);
  return holds;
}

bool carries(pid_t pid, const char* variable, std::string_view value) {
  const std::string wanted = std::string(variable).append("=").append(value);
  const std::string environment = read_small("/proc/" + std::to_string(pid) + "/environ");
  const auto assignments = split(environment, '\0');
  return std::ranges::find(assignments, wanted) != assignments.end();
}

/// Processes that carry the attempt's key, ourselves not counted.
std::vector<ProcessState> processes_for(std::string_view key) {
  std::vector<ProcessState> processes = all_processes();
  std::erase_if(processes, [key](const ProcessState& process) {
    return process.id.pid == ::getpid() || !carries(process.id.pid, kAttemptVariable, key);
  });
  return processes;
}

std::mutex expected_mutex;
int coming = 0;  // under the mutex: children being made
std::set<pid_t>& expected() {
  static std::set<pid_t> pids;
  return pids;
}

}  // namespace

void prepare_for_children() {
  for (int number = 0; number <= STDERR_FILENO; ++number) {
    if (::fcntl(number, F_GETFD) < 0) ::open("/dev/null", number == 0 ? O_RDONLY : O_WRONLY);
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  ::signal(SIGPIPE, SIG_IGN);
}

std::vector<ProcessId> find_descendants(const Belongs& belongs) {
  std::vector<ProcessId> found;
  for (const ProcessState& process : descendants_of(::getpid())) {
    if (process.state == 'Z') {
      if (process.group == belongs.group) gone(process.id);
      continue;
    }
    if (process.group == belongs.group || holds_pipe(process.id.pid, belongs.pipes) ||
        (belongs.detached_too && carries(process.id.pid, kRunVariable, belongs.token))) {
      found.push_back(process.id);
    }
  }
  return found;
}

std::optional<pid_t> process_of_attempt(std::string_view key) {
  const std::vector<ProcessState> processes = processes_for(key);
  if (processes.empty()) return std::nullopt;
  return processes.front().id.pid;
}

bool end_processes_of_attempt(std::string_view key, std::chrono::milliseconds grace) {
  using Clock = std::chrono::steady_clock;
  int signal = SIGTERM;
  auto until = Clock::now() + grace;
  std::set<pid_t> told;
  for (;; std::this_thread::sleep_for(kTick)) {
    const std::vector<ProcessState> left = processes_for(key);
    if (left.empty()) return true;
    if (Clock::now() >= until) {
      if (signal == SIGKILL) return false;
      signal = SIGKILL;
      until = Clock::now() + kUnkillable;
    }
    for (const ProcessState& process : left) {
      // Once is enough for SIGTERM: a program may take it twice for impatience.
      if (!told.insert(process.id.pid).second && signal == SIGTERM) continue;
      send_signal(process.id, signal);
      if (process.group > 1 && process.group != ::getpgrp()) ::kill(-process.group, signal);
    }
  }
}

bool group_has_members(pid_t group) { return ::kill(-group, 0) == 0 || errno == EPERM; }

void send_signal(const ProcessId& process, int signal) {
  // The pidfd pins the process: what is checked is what gets the signal.
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  if (!handle.is_open()) return;
  const auto state = state_of(process.pid);
  if (!state || state->id != process) return;
  ::syscall(SYS_pidfd_send_signal, handle.get(), signal, nullptr, 0);
}

bool gone(const ProcessId& process) {
  const auto state = state_of(process.pid);
  if (!state || state->id != process) return true;
  if (state->state != 'Z') return false;
  {
    const std::lock_guard lock(expected_mutex);
    if (expected().contains(process.pid)) return false;
  }
  return ::waitpid(process.pid, nullptr, WNOHANG) == process.pid;
}

void expect_exit(pid_t pid) {
  const std::lock_guard lock(expected_mutex);
  expected().insert(pid);
}

void exit_seen(pid_t pid) {
  const std::lock_guard lock(expected_mutex);
  expected().erase(pid);
}

ComingChild::ComingChild() {
  const std::lock_guard lock(expected_mutex);
  ++coming;
}

ComingChild::~ComingChild() {
  const std::lock_guard lock(expected_mutex);
  --coming;
}

void reap_adopted() {
  for (;;) {
    siginfo_t info{};
    // Looking does not reap: an expected child keeps its exit status for whoever waits for it. It
    // hides others behind it until then, which is why this runs after every attempt.
    if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return;
    const std::lock_guard lock(expected_mutex);
    if (coming > 0 || expected().contains(info.si_pid)) return;
    ::waitpid(info.si_pid, nullptr, WNOHANG);
  }
}

}  // namespace sitewide
