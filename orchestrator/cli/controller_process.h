// ControllerProcess: on a terminal, the controller of a rollout is a process and session of its
// own, and the one that the person started only watches it: it passes ctrl-c on, ends with the
// controller's exit code, and may leave while the rollout goes on. Elsewhere there is one process,
// the controller.
//
// To be split before any thread starts and before anything of the rollout is open: neither locks
// nor a database may be shared. The controller writes its remarks and diagnostics to controller.log
// in the rollout's folder, from let_go() on.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "orchestrator/cli/console.h"
#include "orchestrator/cli/view_signals.h"
#include "orchestrator/journal/rollout_directory.h"

namespace sitewide {

class ControllerProcess {
 public:
  /// Splits where the screen is live and there is a keyboard; goes on in both processes.
  static Result<ControllerProcess> split(const Console& console);
  ControllerProcess(ControllerProcess&& other) noexcept;
  ControllerProcess& operator=(ControllerProcess&&) = delete;
  ~ControllerProcess();

  /// This is the process at the terminal, which only watches.
  bool watches() const { return child_ > 0; }
  /// This is a controller that somebody else shows.
  bool is_apart() const { return pipe_ >= 0 && child_ == 0; }

  // --- the controller ---
  /// Says which rollout there is to watch, and lets go of the terminal. Does nothing in a
  /// controller that is not apart.
  void let_go(const RolloutDirectory& directory);

  // --- the process at the terminal ---
  struct Begun {
    std::string rollout;
    std::uintmax_t log_begin = 0;  ///< where this controller's lines begin in its log
  };
  /// Waits for the controller to have a rollout, passing ctrl-c on; nothing when it ended before,
  /// or the terminal is gone.
  std::optional<Begun> await_rollout();
  /// Passes ctrl-c and SIGTERM on; how many came.
  int pass_on();
  ViewSignals& signals() { return *signals_; }
  pid_t controller() const { return child_; }
  /// The controller's exit code as a shell would see it, once it has ended.
  std::optional<int> exit_code();

 private:
  ControllerProcess(pid_t child, int pipe, std::unique_ptr<ViewSignals> signals)
      : child_(child), pipe_(pipe), signals_(std::move(signals)) {}

  pid_t child_ = 0;  // 0 in the controller
  int pipe_ = -1;    // from the controller to the terminal
  std::optional<int> ended_;
  std::unique_ptr<ViewSignals> signals_;
};

/// What the controller of a rollout that was run on a terminal had to say.
std::filesystem::path controller_log(const RolloutDirectory& directory);

}  // namespace sitewide
