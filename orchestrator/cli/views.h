// Views: the one reporter that the command line asks for, on standard output.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "orchestrator/cli/console.h"
#include "orchestrator/cli/stored_rollout.h"
#include "orchestrator/views/activity.h"
#include "orchestrator/views/sink.h"

namespace sitewide {

class JsonLines;
class Plain;
class Terminal;

/// What a live screen is told of who sits before it.
struct Seat {
  std::string leave{};                       ///< see TerminalOptions
  std::string hint = "ctrl-c stops safely";  ///< what ctrl-c does
  Activity past{};                           ///< what was under way before the view began
  std::function<std::string(std::int64_t seq)> output{};
};

class Views {
 public:
  Views(const Options& options, const Console& console, const StoredRollout& stored,
        Seat seat = {});
  ~Views();
  Views(const Views&) = delete;
  Views& operator=(const Views&) = delete;

  std::vector<Reporter*> reporters() const;
  /// The live screen; null where there is none.
  Terminal* terminal() const { return terminal_.get(); }
  /// Gives the terminal back.
  void close();
  /// A remark of the program itself, beside the events; `hint` is what a live screen ends in from
  /// now on.
  void say(const std::string& text, const std::string& hint);
  /// The end for a person: how it stands, and the command to run next; the summary object for
  /// --json.
  void finish(ExitCode code, const std::string& next_command);

 private:
  const Console& console_;
  const StoredRollout& stored_;
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<JsonLines> json_;
  std::unique_ptr<Plain> plain_;
  std::unique_ptr<Terminal> terminal_;
};

}  // namespace sitewide
