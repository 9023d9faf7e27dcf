#include "adapters/exec.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <future>
#include <utility>

#include "adapters/exec_files.h"
#include "adapters/process.h"

namespace sitewide {
namespace {

constexpr std::chrono::minutes kFileProgram{5};  // to read, write or digest one file

using Promise = std::shared_ptr<std::promise<ExecRun>>;

boost::asio::awaitable<void> run_for(boost::asio::any_io_executor executor, RunRequest request,
                                     std::size_t keep, Promise promise) {
  ExecRun done;
  ProcessOptions options;
  options.keep_output = keep;
  options.errors = &done.errors;
  done.result = co_await run_process(executor, std::move(request), options);
  promise->set_value(std::move(done));
}

// Runs a program on the loop for a thread of the pool, which waits.
ExecRun run_on_loop(const boost::asio::any_io_executor& executor, Pool& pool, RunRequest request,
                    std::size_t keep) {
  auto promise = std::make_shared<std::promise<ExecRun>>();
  std::future<ExecRun> future = promise->get_future();
  auto start = [executor, request = std::move(request), keep, promise]() mutable {
    auto task = run_for(executor, std::move(request), keep, std::move(promise));
    // A failure breaks the promise, and so tells whoever waits.
    auto done = [](const std::exception_ptr&) {};
    boost::asio::co_spawn(executor, std::move(task), done);
  };
  std::function<void()> posted = std::move(start);
  promise.reset();
  const bool open = pool.post_to_loop(std::move(posted));
  try {
    if (open) return future.get();
  } catch (const std::future_error&) {
    // The loop went before the program ended.
  }
  ExecRun lost;
  lost.result.kind = RunResult::Kind::unreachable;
  lost.result.reason = "the controller is leaving";
  return lost;
}

// The plan says which exit codes come from the way to the client and not from the client.
void tell_lost(RunResult& result, const std::vector<std::uint32_t>& unreachable_exit) {
  if (result.kind != RunResult::Kind::exited) return;
  const bool lost = std::ranges::any_of(unreachable_exit, [&result](std::uint32_t code) {
    return static_cast<int>(code) == result.exit_code;
  });
  if (lost) result.kind = RunResult::Kind::lost;
}

bool names(const Argv& argv, std::string_view placeholder) {
  return std::ranges::any_of(argv, [placeholder](const std::string& element) {
    return element.find(placeholder) != std::string::npos;
  });
}

}  // namespace

Result<Argv> splice(const Argv& run, const Argv& argv,
                    const std::map<std::string, std::string>& values) {
  Argv whole;
  for (const std::string& element : run) {
    if (element == "{argv}") {
      whole.insert(whole.end(), argv.begin(), argv.end());
      continue;
    }
    auto replaced = substitute(element, values);
    if (!replaced) return replaced.error();
    whole.push_back(std::move(*replaced));
  }
  return whole;
}

ExecTransport::ExecTransport(Transport transport, boost::asio::any_io_executor executor, Pool& pool)
    : transport_(std::move(transport)), executor_(std::move(executor)), pool_(pool) {}

boost::asio::awaitable<RunResult> ExecTransport::run(const Operation& operation,
                                                     RunRequest request) {
  auto values = operation.values;
  values["folder"] = request.folder;
  if (names(transport_.run, "{folder}")) request.folder.clear();
  auto argv = splice(transport_.run, request.argv, values);
  if (!argv) {
    RunResult unreachable;
    unreachable.kind = RunResult::Kind::unreachable;
    unreachable.reason = argv.error().message;
    co_return unreachable;
  }
  request.argv = std::move(*argv);
  RunResult result = co_await run_process(executor_, std::move(request));
  tell_lost(result, transport_.unreachable_exit);
  co_return result;
}

std::shared_ptr<Files> ExecTransport::files(const Operation& operation) {
  if (transport_.read.empty() || transport_.write.empty() || transport_.digest.empty()) {
    return nullptr;
  }
  ExecRunner runner = [this](Argv argv, std::string input, std::size_t keep) {
    RunRequest request;
    request.argv = std::move(argv);
    request.input = std::move(input);
    request.timeout = kFileProgram;
    ExecRun done = run_on_loop(executor_, pool_, std::move(request), keep);
    tell_lost(done.result, transport_.unreachable_exit);
    return done;
  };
  ExecPrograms programs{transport_.read, transport_.write, transport_.digest, operation.values};
  return std::make_shared<ExecFiles>(std::move(programs), std::move(runner));
}

}  // namespace sitewide
