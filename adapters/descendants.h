// Descendants: finds and ends what a program leaves behind. As a subreaper the controller inherits
// every descendant that loses its parent, so /proc shows all of them, also those that left their
// process group and session.
//
// Threads: all functions may be called from any thread; those that read /proc take a few
// milliseconds on a busy machine and are meant for the rare attempt that left something. Processes
// are told apart by number and start time, never by number alone. Children are reaped by number,
// never by "any".
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sitewide {

/// To be called once at the start of the program: makes it the subreaper of its descendants,
/// ignores SIGPIPE, and fills the standard descriptors with /dev/null where they are closed, so
/// that no file ever becomes one of them.
void prepare_for_children();

/// The environment variable that names the attempt a process belongs to.
inline constexpr const char* kRunVariable = "SITEWIDE_RUN";

/// The environment variable that carries Operation::key to what is run for it.
inline constexpr const char* kAttemptVariable = "SITEWIDE_ATTEMPT";

/// A process on this machine that runs for the attempt, whoever started it; nothing when there is
/// none, or when it belongs to another user.
std::optional<pid_t> process_of_attempt(std::string_view key);

/// Ends every process that runs for the attempt, with its process group: SIGTERM, after `grace`
/// SIGKILL. False when one is left that the kernel does not let go. Blocks for a little longer than
/// `grace` at most; pool only.
bool end_processes_of_attempt(std::string_view key, std::chrono::milliseconds grace);

struct ProcessId {
  pid_t pid = -1;
  std::uint64_t started = 0;  ///< ticks after boot, from /proc/PID/stat
  friend bool operator==(const ProcessId&, const ProcessId&) = default;
};

/// What makes a process part of an attempt.
struct Belongs {
  pid_t group = -1;          ///< the attempt's process group
  std::string token;         ///< value of kRunVariable
  std::vector<ino_t> pipes;  ///< the attempt's output pipes
  /// Also those that left the group and hold no pipe: services that the program started on purpose.
  bool detached_too = false;
};

/// The live descendants of this process that belong to an attempt.
std::vector<ProcessId> find_descendants(const Belongs& belongs);

/// True while the group has a member, be it a zombie.
bool group_has_members(pid_t group);

/// Sends `signal` if the process still is the one that was meant.
void send_signal(const ProcessId& process, int signal);

/// Reaps `process` if it is an ended child of ours. True when it is gone.
bool gone(const ProcessId& process);

/// Children that are waited for elsewhere: reap_adopted() leaves them alone. spawn() expects the
/// exit of all that it starts.
void expect_exit(pid_t pid);
void exit_seen(pid_t pid);

/// While one of these lives a child is being made whose number is not known yet: nothing is reaped
/// that might be it, however soon it exits.
class ComingChild {
 public:
  ComingChild();
  ~ComingChild();
  ComingChild(const ComingChild&) = delete;
  ComingChild& operator=(const ComingChild&) = delete;
};

/// Reaps the ended children that nobody waits for: adopted ones, since every child of our own is
/// expected. Does nothing while one is coming. One system call when there is nothing to do.
void reap_adopted();

}  // namespace sitewide
