#include "adapters/sms/site/programs.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "adapters/descendants.h"
#include "adapters/process.h"
#include "adapters/run_words.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

using boost::asio::awaitable;

/// From SIGTERM to SIGKILL for what an earlier controller left running.
constexpr auto kGrace = std::chrono::seconds(5);
/// Between two looks at whether a service has stopped, or a site is reset.
constexpr Duration kShortestPause = std::chrono::milliseconds(100);
constexpr Duration kLongestPause = std::chrono::seconds(10);

std::string name_of_program(const Argv& argv) {
  return argv.empty() ? std::string()
                      : escaped(argv.front().substr(argv.front().rfind('/') + 1), 80);
}

Result<RunRequest> request_for(const StepContext& context, const Work& work,
                               const SiteProgram& program) {
  std::map<std::string, std::string> values = work.operation.values;
  if (!program.service.empty()) values["service"] = program.service;
  auto argv = substitute(program.argv, values);
  if (!argv) return Error{ErrorKind::refused, argv.error().message};
  RunRequest request;
  request.argv = std::move(*argv);
  request.timeout = program.within;
  if (program.of_attempt) {
    const Duration left = work.operation.action.deadline - context.now();
    if (left <= Duration{}) {
      return Error{ErrorKind::io, "there is no time left to run " + name_of_program(program.argv)};
    }
    request.timeout = std::min(request.timeout, left);
    request.environment[kAttemptVariable] = work.operation.key;
  }
  return request;
}

/// How it ended, for a person: `sc: exit 3: access denied`.
std::string words_for(const Argv& argv, const RunResult& run) {
  const std::string words = run_words(run);
  return name_of_program(argv) + (words.empty() ? " ended with exit 0" : ": " + words);
}

}  // namespace

awaitable<Result<RunResult>> run_site_program(StepContext context, SharedWork work,
                                              SiteProgram program) {
  auto request = request_for(context, *work, program);
  if (!request) co_return request.error();
  RunRequest ready = std::move(*request);
  RunResult run = co_await run_process(context.executor, std::move(ready));
  if (run.kind == RunResult::Kind::unreachable) {
    co_return Error{ErrorKind::refused, words_for(program.argv, run)};
  }
  if (run.kind == RunResult::Kind::timed_out) {
    co_return Error{ErrorKind::io, words_for(program.argv, run)};
  }
  co_return run;
}

awaitable<Result<bool>> ask_site_program(StepContext context, SharedWork work, Argv argv,
                                         std::string service, Duration within) {
  SiteProgram program{argv, std::move(service), within, false};
  const auto run = co_await run_site_program(context, work, std::move(program));
  if (!run) co_return run.error();
  const bool exited = run->kind == RunResult::Kind::exited;
  if (exited && run->exit_code == 0) co_return true;
  if (exited && run->exit_code == 1) co_return false;
  co_return Error{ErrorKind::io, words_for(argv, *run) + " (0 means yes, 1 means no)"};
}

awaitable<std::optional<pid_t>> process_left(StepContext context, SharedWork work) {
  const bool over = context.now() >= work->operation.action.deadline;
  auto job = [over, key = work->operation.key] {
    if (over) end_processes_of_attempt(key, kGrace);
    return process_of_attempt(key);
  };
  const std::optional<pid_t> process = co_await context.pool->run(std::move(job));
  co_return process;
}

awaitable<Result<bool>> sees_within(StepContext context, SharedWork work, Argv probe,
                                    std::string service, bool wanted, Duration within) {
  const auto until = std::chrono::steady_clock::now() + within;
  boost::asio::steady_timer timer(context.executor);
  for (Duration pause = kShortestPause;; pause = std::min(2 * pause, kLongestPause)) {
    const auto now_so = co_await ask_site_program(context, work, probe, service);
    if (!now_so) co_return now_so.error();
    if (*now_so == wanted) co_return true;
    if (std::chrono::steady_clock::now() + pause > until) co_return false;
    timer.expires_after(pause);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

awaitable<Result<>> run_until(StepContext context, SharedWork work, SiteProgram program, Argv probe,
                              bool wanted, Duration again_after) {
  const Timestamp until = context.now() + program.within;
  for (;;) {
    SiteProgram once = program;
    once.within = until - context.now();
    const auto run = co_await run_site_program(context, work, std::move(once));
    if (!run) co_return run.error();
    const bool went_well = run->kind == RunResult::Kind::exited && run->exit_code == 0;
    const std::string words = words_for(program.argv, *run);
    if (probe.empty()) {
      if (went_well) co_return Result<>{};
      co_return Error{ErrorKind::io, words};
    }
    // One that says it failed is not waited for.
    Duration patience = went_well ? until - context.now() : Duration{};
    if (again_after > Duration{}) patience = std::min(patience, again_after);
    const auto seen = co_await sees_within(context, work, probe, program.service, wanted, patience);
    if (!seen) co_return seen.error();
    if (*seen) co_return Result<>{};
    const bool again = went_well && again_after > Duration{} && until - context.now() > again_after;
    if (again) continue;
    co_return Error{ErrorKind::io, words + ", and " + name_of_program(probe) + " does not see it"};
  }
}

}  // namespace sitewide::sms
