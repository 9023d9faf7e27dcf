#include "orchestrator/cli/inventory_world.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <exception>

#include "adapters/ldap.h"
#include "adapters/process.h"
#include "adapters/secret.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMostWords = 1000;

/// The end of what a program said, as one line.
std::string words_of(const Output& output) {
  std::string words;
  const std::string said = output.head + output.tail;
  for (const std::string_view line : split(said, '\n')) {
    const std::string_view text = trim(line);
    if (!text.empty()) words += (words.empty() ? "" : " ") + escaped(text);
  }
  if (words.size() <= kMostWords) return words;
  const std::size_t blank = words.find(' ', words.size() - kMostWords);
  return "…" + words.substr(blank == words.npos ? words.size() - kMostWords : blank);
}

/// Why its list cannot be used; empty when it can.
std::string fault_of(const RunResult& result, const ListProgram& program) {
  switch (result.kind) {
    case RunResult::Kind::exited:
      if (result.exit_code != 0)
        return "it ended with exit code " + std::to_string(result.exit_code);
      if (result.output.total_bytes > program.most_bytes) {
        return "it printed more than " + with_separators(program.most_bytes >> 20) +
               " MiB; big inventories belong in a CSV file";
      }
      return {};
    case RunResult::Kind::signalled:
      return "it was ended by signal " + std::to_string(result.signal);
    case RunResult::Kind::timed_out:
      return "no end within " + describe_duration(program.within);
    case RunResult::Kind::unreachable:
    case RunResult::Kind::denied:
    case RunResult::Kind::lost:
      break;
  }
  return "it cannot be started: " + escaped(result.reason, 400);
}

struct Ended {
  RunResult result;
  int by_signal = 0;  // that we got
};

Ended run_to_end(RunRequest request, const ProcessOptions& options) {
  asio::io_context loop(1);
  asio::cancellation_signal stop;
  asio::signal_set signals(loop, SIGINT, SIGTERM);
  Ended ended;
  signals.async_wait([&](const boost::system::error_code& error, int number) {
    if (error) return;
    ended.by_signal = number;
    stop.emit(asio::cancellation_type::terminal);
  });
  auto note = [&](const std::exception_ptr& thrown, RunResult result) {
    signals.cancel();
    if (!thrown) ended.result = std::move(result);
  };
  auto work = run_process(loop.get_executor(), std::move(request), options);
  auto done = asio::bind_cancellation_slot(stop.slot(), std::move(note));
  asio::co_spawn(loop, std::move(work), std::move(done));
  loop.run();
  return ended;
}

}  // namespace

Result<ListOutput> InventoryWorld::run(const ListProgram& program) {
  RunRequest request;
  request.argv = program.argv;
  request.folder = program.folder;
  request.environment = program.environment;
  request.timeout = program.within;
  Output errors;
  ProcessOptions options;
  options.keep_output = program.most_bytes;
  options.errors = &errors;
  Ended ended = run_to_end(std::move(request), options);
  // The program is gone, and nothing has been begun: we go as anybody goes by this signal.
  if (ended.by_signal != 0) ::raise(ended.by_signal);
  ListOutput output{std::move(ended.result.output.head), words_of(errors)};
  const std::string fault = fault_of(ended.result, program);
  if (fault.empty()) return output;
  std::string said = output.words;
  if (said.empty() && ended.result.kind == RunResult::Kind::exited && ended.result.exit_code != 0) {
    Output last;
    last.head = output.text.substr(0, kMostWords);
    said = words_of(last);
  }
  return Error{ErrorKind::invalid, fault + (said.empty() ? "" : "; it said: " + said)};
}

Result<LdapAnswer> InventoryWorld::search(const LdapSearch& search) { return ldap_search(search); }

Problems missing_for(const std::vector<InventorySource>& sources) {
  Problems problems;
  for (const InventorySource& source : sources) {
    if (source.ldap.url.empty()) continue;
    const auto password = reveal(source.ldap.password);
    if (password) continue;
    problems.push_back({Problem::Severity::warning,
                        source.place,
                        source.name + " cannot be asked: " + password.error().message,
                        "`run` refuses until it is there",
                        {},
                        {}});
  }
  return problems;
}

}  // namespace sitewide
