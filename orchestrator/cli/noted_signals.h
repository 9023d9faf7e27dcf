// NotedSignals: while it lives, Ctrl-C and SIGTERM do not end the program: they are noted, for a
// stretch of work that must not stop in the middle and asks now and then. One at a time; the loop's
// own handling comes after it.
#pragma once

#include <array>
#include <csignal>
#include <optional>

#include "orchestrator/cli/exit_code.h"

namespace sitewide {

class NotedSignals {
 public:
  NotedSignals();
  /// What the signals did before, they do again. One that was noted is not raised anew.
  ~NotedSignals();
  NotedSignals(const NotedSignals&) = delete;
  NotedSignals& operator=(const NotedSignals&) = delete;

  /// The code to leave with; nothing when no signal came.
  std::optional<ExitCode> came() const;

 private:
  static constexpr std::array kSignals = {SIGINT, SIGTERM};
  std::array<struct sigaction, kSignals.size()> before_{};
};

}  // namespace sitewide
