// run_process(): runs a program to its end, or to its deadline, and says how it ended. The only
// file that knows Boost.Process.
//
// Threads: call it on the executor's thread, which it blocks for no longer than an exec takes.
// Ownership: a run that is abandoned (its io_context is destroyed) leaves its program running; one
// that is cancelled ends it. An attempt ends by the exit of its program and a short grace for what
// is still in the pipe, never by end of file alone: a descendant may hold the pipe for ever.
// Descendants that stay in the process group or hold the pipe after that are ended and counted;
// those that detached themselves fully (a service that was started) are left alone, unless the run
// timed out or was cancelled: then all are ended.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "adapters/transport.h"

namespace sitewide {

struct ProcessOptions {
  /// From SIGTERM to SIGKILL.
  std::chrono::milliseconds grace = std::chrono::seconds(5);
  /// From the exit to the end of the attempt while something still holds the pipe or the group.
  std::chrono::milliseconds linger = std::chrono::milliseconds(500);
  /// More than zero: standard output alone is captured, whole up to so many bytes (in Output::head;
  /// total_bytes tells whether that was all), and standard error goes to `errors`. For programs
  /// that print a file.
  std::size_t keep_output = 0;
  /// Not null: standard error is not mixed into the output, but goes here. Outlives the run.
  Output* errors = nullptr;
};

/// Resumes with the result. Cancelled (terminal): ends the program, then throws operation_aborted.
/// A timeout of zero is none. Never throws otherwise; a program that cannot be started is
/// RunResult::Kind::unreachable.
boost::asio::awaitable<RunResult> run_process(boost::asio::any_io_executor executor,
                                              RunRequest request, ProcessOptions options = {});

}  // namespace sitewide
