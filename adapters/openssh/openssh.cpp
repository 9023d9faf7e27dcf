#include "adapters/openssh/openssh.h"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <mutex>
#include <utility>

#include "adapters/descendants.h"
#include "adapters/openssh/command.h"
#include "adapters/openssh/messages.h"
#include "adapters/openssh/program_link.h"
#include "adapters/process.h"
#include "adapters/ssh/quoting.h"
#include "adapters/ssh/remote_command.h"
#include "adapters/ssh/sftp_files.h"
#include "adapters/ssh/shared.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

namespace asio = boost::asio;
using openssh::ProgramLink;

constexpr std::chrono::minutes kFileWork{5};  // for one call of Files
constexpr std::chrono::seconds kEnding{20};   // to end what a run left on its client

/// A run as it is started here.
struct Prepared {
  RunRequest request;
  RunRequest end;  ///< ends on the client what is left of it; no argv: that cannot be done
  std::string host;
};

Result<Prepared> prepare(const Operation& operation, RunRequest request) {
  const auto settings = ssh::settings_of(operation);
  if (!settings) return settings.error();
  auto argv = openssh::ssh_argv(*settings, openssh::Use::command);
  if (!argv) return argv.error();
  const bool is_cmd = operation.transport.ssh.shell == "cmd";
  Prepared prepared;
  prepared.host = settings->host;
  if (!is_cmd) {
    const auto token =
        request.environment.try_emplace(kRunVariable, ssh::new_token()).first->second;
    prepared.end.argv = *argv;
    prepared.end.argv.push_back(ssh::end_command());
    prepared.end.input = std::string(kRunVariable) + "=" + token + "\n";
    prepared.end.timeout = kEnding;
  }
  const auto shell = is_cmd ? ssh::Shell::cmd : ssh::Shell::posix;
  auto command = ssh::remote_command(shell, request, operation.client.root);
  if (!command) return command.error();
  if (is_cmd) {
    *command += " 2>&1";
    if (command->size() > ssh::kLongestCmdLine)
      return Error{ErrorKind::refused, "the command is longer than cmd takes"};
  } else {
    request.argv = openssh::telling_own_end(std::move(request.argv));
    command = ssh::remote_command(shell, request, operation.client.root);
    if (!command) return command.error();
  }
  argv->push_back(std::move(*command));
  prepared.request = std::move(request);
  prepared.request.argv = std::move(*argv);
  prepared.request.folder.clear();
  // Those are the client's. The attempt's key is also ours: by it a later controller finds this
  // ssh.
  std::erase_if(prepared.request.environment,
                [](const auto& variable) { return variable.first != kAttemptVariable; });
  prepared.request.drains_itself = false;
  return prepared;
}

RunResult denied(std::string reason) {
  RunResult result;
  result.kind = RunResult::Kind::denied;
  result.reason = std::move(reason);
  return result;
}

RunResult::Kind kind_of(ssh::Fault::Kind fault) {
  switch (fault) {
    case ssh::Fault::Kind::denied:
      return RunResult::Kind::denied;
    case ssh::Fault::Kind::unreachable:
      return RunResult::Kind::unreachable;
    case ssh::Fault::Kind::lost:
    case ssh::Fault::Kind::late:
    case ssh::Fault::Kind::stopped:
      return RunResult::Kind::lost;
  }
  return RunResult::Kind::lost;
}

/// What the end of our ssh means for the program on the client.
void judge(RunResult& result, const Output& said, const std::string& host) {
  const std::string words = said.head + said.tail;
  switch (result.kind) {
    case RunResult::Kind::unreachable:
      result.reason += "; `via: openssh` needs the program ssh";
      return;
    case RunResult::Kind::signalled:
      result.kind = RunResult::Kind::lost;
      result.reason = escaped(host) + ": ssh was ended by signal " + std::to_string(result.signal);
      return;
    case RunResult::Kind::exited:
      break;
    case RunResult::Kind::timed_out:
    case RunResult::Kind::denied:
    case RunResult::Kind::lost:
      return;
  }
  if (result.exit_code == openssh::kSshFailed) {
    if (words.find(openssh::kOwnEnd) != std::string::npos) return;
    const ssh::Fault fault = openssh::fault_in(words, host).value_or(openssh::silent_fault(host));
    result.kind = kind_of(fault.kind);
    result.reason = fault.reason;
    return;
  }
  // What the server's shell says when the program could not be begun.
  if (result.exit_code != 0 && result.output.total_bytes == 0) result.output = said;
}

// All calls of one Files object share one ssh.
struct FileAccess {
  std::shared_ptr<ssh::Shared> shared;
  Operation operation;
  std::mutex mutex;
  std::unique_ptr<ProgramLink> link;
  std::unique_ptr<ssh::SftpClient> client;  // goes before its link

  Result<> connect(const std::shared_ptr<ssh::Stopper>& stopper);
  Result<> work(const ssh::SftpWork& work);
  void drop() {
    client.reset();
    link.reset();
  }
};

Result<> FileAccess::connect(const std::shared_ptr<ssh::Stopper>& stopper) {
  const auto settings = ssh::settings_of(operation);
  if (!settings) return Error{ErrorKind::denied, settings.error().message};
  const auto argv = openssh::ssh_argv(*settings, openssh::Use::files);
  if (!argv) return Error{ErrorKind::denied, argv.error().message};
  auto started = ProgramLink::start(*argv, settings->host);
  if (!started) return started.error();
  link = std::move(*started);
  // It keeps its own time for that; this is for one that does not.
  link->set_deadline(ssh::Clock::now() + 2 * settings->connect_within, stopper);
  client = std::make_unique<ssh::SftpClient>(*link);
  return client->begin();
}

Result<> FileAccess::work(const ssh::SftpWork& work) {
  const std::lock_guard lock(mutex);
  const auto stopper = shared->new_stopper();
  for (const bool may_reuse : {true, false}) {
    if (!may_reuse) drop();
    const bool reused = client != nullptr;
    if (!reused) {
      if (auto connected = connect(stopper); !connected) {
        drop();
        return connected;
      }
    }
    const ssh::Deadline now = ssh::Clock::now();
    link->set_deadline(now + kFileWork, stopper,
                       reused ? now + ssh::kReusedAnswers : ssh::Deadline::max());
    const std::uint64_t before = client->answered();
    auto done = work(*client);
    // A connection that went while nobody used it is replaced once: every call begins by looking.
    const bool is_silent = client->is_gone() && client->answered() == before;
    if (is_silent && reused && !stopper->stopped()) continue;
    if (client->is_gone()) drop();
    return done;
  }
  return Error{ErrorKind::unreachable, "no connection"};
}

}  // namespace

OpensshTransport::OpensshTransport(Transport transport, asio::any_io_executor executor, Pool& pool)
    : transport_(std::move(transport)),
      executor_(std::move(executor)),
      pool_(pool),
      shared_(std::make_shared<ssh::Shared>()) {}

OpensshTransport::~OpensshTransport() { shared_->break_off(); }

asio::awaitable<RunResult> OpensshTransport::run(const Operation& operation, RunRequest request) {
  auto job = [operation, request = std::move(request)] { return prepare(operation, request); };
  auto prepared = co_await pool_.run(std::move(job));
  if (!prepared) co_return denied(prepared.error().message);
  Output said;
  ProcessOptions options;
  options.errors = &said;
  RunResult result;
  bool stopped = false;
  try {
    result = co_await run_process(executor_, std::move(prepared->request), options);
  } catch (const boost::system::system_error&) {
    stopped = true;
  }
  judge(result, said, prepared->host);
  if (!stopped && result.kind != RunResult::Kind::timed_out) co_return result;
  // Our ssh is gone, and the program on the client knows nothing of it.
  if (stopped) co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  if (!prepared->end.argv.empty()) {
    const RunResult ended = co_await run_process(executor_, std::move(prepared->end));
    const bool sure = ended.kind == RunResult::Kind::exited && ended.exit_code == 0;
    result.reason += sure ? "; what was found of it on the client was ended"
                          : "; whether it ended on the client is not known";
  }
  if (stopped) throw boost::system::system_error(asio::error::operation_aborted);
  co_return result;
}

std::shared_ptr<Files> OpensshTransport::files(const Operation& operation) {
  const auto access = std::make_shared<FileAccess>();
  access->shared = shared_;
  access->operation = operation;
  ssh::SftpAccess give = [access](const ssh::SftpWork& work) { return access->work(work); };
  return std::make_shared<ssh::SftpFiles>(operation.client.root, std::move(give));
}

}  // namespace sitewide
