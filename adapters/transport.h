// Transport: how programs are run on a client and how its files are reached. One object serves all
// clients that use the transport. run() is called on the engine's thread and never blocks it;
// files() returns an object whose calls block and belong on the pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "adapters/files.h"
#include "orchestrator/core/operation.h"

namespace sitewide {

/// How a program ended. `unreachable` means: it was certainly not started. `denied`: neither, for
/// the client answers and does not let us in (password, key, host key), which trying again does not
/// mend. `lost`: the way to the client failed, before the start or in the middle.
struct RunResult {
  enum class Kind { exited, signalled, timed_out, unreachable, denied, lost };
  Kind kind = Kind::exited;
  int exit_code = -1;  ///< exited: its code; lost: that of the program that was to reach the client
  int signal = 0;      ///< signalled: by which
  std::string reason;  ///< unreachable, denied, timed_out, lost: in words
  Output output;
  int orphans = 0;  ///< descendants that outlived it and were ended
};

struct RunRequest {
  Argv argv{};           ///< placeholders substituted; argv[0] is looked up in PATH
  std::string folder{};  ///< current folder; empty: ours
  std::map<std::string, std::string> environment{};  ///< added to ours
  std::string input{};                  ///< given on standard input; else it is closed (/dev/null)
  std::chrono::milliseconds timeout{};  ///< then SIGTERM, grace, SIGKILL to the process group
  /// It sees to its output itself when we are gone, and has to notice that (attempt_script.h). Any
  /// other program is to go on as if it were read.
  bool drains_itself = false;
};

class ClientTransport {
 public:
  virtual ~ClientTransport() = default;

  /// Runs `operation.argv`-like argv on the client of `operation` (placeholders substituted by the
  /// caller).
  virtual boost::asio::awaitable<RunResult> run(const Operation& operation, RunRequest request) = 0;
  /// The client's drive C:. Null when the transport cannot reach files.
  virtual std::shared_ptr<Files> files(const Operation& operation) = 0;
  /// Whether an attempt record can be kept on the client (design 7); without, steps are
  /// at-least-once.
  virtual bool keeps_records() const = 0;
};

}  // namespace sitewide
