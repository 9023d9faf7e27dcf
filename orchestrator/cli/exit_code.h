// Exit codes: the one table that maps how things ended to what the shell sees (design 11).
// Documented in --help.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "orchestrator/base/result.h"
#include "orchestrator/core/rollout.h"

namespace sitewide {

enum class ExitCode : int {
  on_target = 0,   ///< everything in scope is on target
  internal = 1,    ///< a bug
  usage = 2,       ///< the command line
  invalid = 3,     ///< plan, inventory or saved preview
  refused = 4,     ///< before anything was done
  work_to_do = 5,  ///< preview --exit-code
  held = 6,        ///< another controller holds it
  completed_with_failures = 10,
  halted = 11,
  aborted = 12,
  waiting = 13,  ///< paused, waiting for an approval, or still going, and the command does not wait
  journal = 15,
  needs_hands = 16,
  interrupted = 130,
  terminated = 143,
};

ExitCode exit_code_of(ErrorKind kind);
/// Where several fit, the worst: needs hands, aborted, halted, completed with failures, on target.
/// A rollout that still runs is waiting: nobody knows yet whether it comes to be on target.
ExitCode exit_code_of(const Rollout& rollout);
/// The same as somebody sees it who does not drive it: without a controller, a rollout that would
/// go on by itself is interrupted.
ExitCode exit_code_seen(const Rollout& rollout, bool controlled);
/// What a code means, in the words of help and manual.
struct ExitCodeMeaning {
  int code;
  std::string_view meaning;
};
std::span<const ExitCodeMeaning> exit_code_meanings();

}  // namespace sitewide
