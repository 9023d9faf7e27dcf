// Programs of a site (its services, its reset, the `run` steps of a hotfix) run on this machine,
// beside the site's files. Coroutines on the engine's thread.
#pragma once

#include <sys/types.h>

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "adapters/sms/work.h"
#include "adapters/step_context.h"

namespace sitewide::sms {

using SharedWork = std::shared_ptr<const Work>;

/// A program of a site. Copied into coroutines.
struct SiteProgram {
  Argv argv;            ///< placeholders not yet substituted
  std::string service;  ///< what `{service}` stands for; or empty
  Duration within{};
  /// Who looks back at the attempt waits for its end, and it gets no more time than the attempt
  /// has. False for what puts services back.
  bool of_attempt = true;
};

/// Runs it to its end. An Error of kind refused: it cannot be started, or a placeholder has no
/// value. An Error of kind io: it did not end in time, and was ended.
boost::asio::awaitable<Result<RunResult>> run_site_program(StepContext context, SharedWork work,
                                                           SiteProgram program);

/// How long a program that only asks may take.
inline constexpr Duration kAskingTime = std::chrono::minutes(2);

/// Whether a program that changes nothing says yes: exit 0 yes, 1 no; any other end is an Error of
/// kind io that says so.
boost::asio::awaitable<Result<bool>> ask_site_program(StepContext context, SharedWork work,
                                                      Argv argv, std::string service = {},
                                                      Duration within = kAskingTime);

/// A process that still runs for the attempt, started by whatever controller; nothing when none
/// does. Once the attempt's deadline is over nobody else ends it, so it is ended first.
boost::asio::awaitable<std::optional<pid_t>> process_left(StepContext context, SharedWork work);

/// Again and again asks `probe` until it says `wanted`, for as long as `within`, once at least.
/// True when it said so.
boost::asio::awaitable<Result<bool>> sees_within(StepContext context, SharedWork work, Argv probe,
                                                 std::string service, bool wanted, Duration within);

/// Runs it, and again and again asks `probe` until it says `wanted`, for as long as `within`. What
/// the program itself says counts only where there is no probe: then it must end with 0. With
/// `again_after` it is run once more whenever the probe has not said so for that long.
boost::asio::awaitable<Result<>> run_until(StepContext context, SharedWork work,
                                           SiteProgram program, Argv probe, bool wanted,
                                           Duration again_after = {});

}  // namespace sitewide::sms
