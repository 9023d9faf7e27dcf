// What a live screen is told about its surroundings.
#pragma once

#include <functional>
#include <string>

#include "orchestrator/views/screen.h"

namespace sitewide {

struct TerminalOptions {
  Screen screen;
  std::function<ScreenSize()> size;
  /// What ctrl-c does, such as `ctrl-c stops safely`; may be empty.
  std::string hint;
  /// What leaving the view means, behind the key for it: `leave`. Empty: nobody reads keys.
  std::string leave;
  /// The last lines that the program of an attempt printed, by the event that ended it; not
  /// escaped. Empty: nobody can say.
  std::function<std::string(std::int64_t seq)> output;
  /// Rollouts of at most so many clients show each client that went well.
  std::uint32_t client_lines_max = 100;
  bool controlled = true;
};

}  // namespace sitewide
