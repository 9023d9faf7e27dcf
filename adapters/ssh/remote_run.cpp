#include "adapters/ssh/remote_run.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include "adapters/descendants.h"
#include "orchestrator/base/text.h"

namespace sitewide::ssh {
namespace {

using std::chrono::milliseconds;
using Kind = Fault::Kind;

constexpr milliseconds kTurn{1000};   // a thread is held for no longer once the program runs
constexpr milliseconds kGrace{7000};  // for a program that was told to end

// The names that SSH has for signals (RFC 4254, 6.10); the numbers are this system's.
int number_of(std::string_view signal) {
  constexpr std::array<std::pair<std::string_view, int>, 13> kSignals{{{"ABRT", SIGABRT},
                                                                       {"ALRM", SIGALRM},
                                                                       {"FPE", SIGFPE},
                                                                       {"HUP", SIGHUP},
                                                                       {"ILL", SIGILL},
                                                                       {"INT", SIGINT},
                                                                       {"KILL", SIGKILL},
                                                                       {"PIPE", SIGPIPE},
                                                                       {"QUIT", SIGQUIT},
                                                                       {"SEGV", SIGSEGV},
                                                                       {"TERM", SIGTERM},
                                                                       {"USR1", SIGUSR1},
                                                                       {"USR2", SIGUSR2}}};
  const auto found =
      std::ranges::find(kSignals, signal, [](const auto& each) { return each.first; });
  return found == kSignals.end() ? 0 : found->second;
}

}  // namespace

RemoteRun::RemoteRun(std::shared_ptr<Shared> shared, Operation operation, RunRequest request)
    : shared_(std::move(shared)),
      operation_(std::move(operation)),
      request_(std::move(request)),
      shell_(operation_.transport.ssh.shell == "cmd" ? Shell::cmd : Shell::posix),
      stopper_(shared_->new_stopper()),
      deadline_(request_.timeout.count() > 0 ? Clock::now() + request_.timeout : Deadline::max()),
      token_(new_token()),
      unsent_(request_.input) {}

RunResult RemoteRun::take_result() {
  result_.output = output_.take();
  return std::move(result_);
}

Deadline RemoteRun::next() const {
  const Deadline beat = Clock::now() + settings_.keepalive;
  return std::min(deadline_, beat);
}

bool RemoteRun::turn() {
  if (!channel_ && !begin()) return true;
  return carry_on();
}

bool RemoteRun::fail(const Fault& fault) {
  result_.reason = fault.reason;
  switch (fault.kind) {
    case Kind::denied:
      result_.kind = RunResult::Kind::denied;
      break;
    case Kind::lost:
      result_.kind = RunResult::Kind::lost;
      break;
    case Kind::unreachable:
    case Kind::late:
    case Kind::stopped:
      result_.kind = RunResult::Kind::unreachable;
      break;
  }
  channel_.reset();
  connection_.reset();
  return false;
}

// Connects and starts the program; false when that is the end of it. What was kept from an earlier
// step may be gone without our knowing: nothing has been started then, and a new one does it.
bool RemoteRun::begin() {
  const auto settings = settings_of(operation_);
  if (!settings) return fail({Kind::denied, settings.error().message});
  settings_ = *settings;
  // Ours to find what a program left when it has to be ended; cmd's clients have no such thing.
  if (shell_ == Shell::posix) request_.environment.try_emplace(kRunVariable, token_);
  const std::string& root = operation_.client.root;
  const auto command = remote_command(shell_, request_, root);
  if (!command) return fail({Kind::denied, command.error().message});
  for (const bool may_reuse : {true, false}) {
    connect_by_ = std::min(deadline_, Clock::now() + settings_.connect_within);
    auto fault = connect(*shared_, settings_, may_reuse, connect_by_, stopper_.get(), connection_);
    if (fault) return fail(*fault);
    const bool reused = connection_->reused;
    fault = begin_on_connection(*command);
    if (!fault) return true;
    const bool nothing_sent = fault->kind == Kind::unreachable;
    if (!reused || !nothing_sent) return fail(*fault);
    channel_.reset();
    connection_.reset();
  }
  return fail({Kind::unreachable, "no connection"});
}

std::optional<Fault> RemoteRun::begin_on_connection(const std::string& command) {
  channel_ = std::make_unique<Channel>(connection_->session);
  channel_->on_output = [this](std::string_view bytes, bool) { output_.append(bytes); };
  const Deadline by =
      connection_->reused ? std::min(connect_by_, Clock::now() + kReusedAnswers) : connect_by_;
  if (auto fault = channel_->open(by, stopper_.get())) return fault;
  return channel_->start(command, std::max(connect_by_, Clock::now() + kReusedAnswers),
                         stopper_.get());
}

bool RemoteRun::carry_on() {
  const Deadline turn_ends = Clock::now() + kTurn;
  for (;;) {
    if (!unsent_.empty()) unsent_.remove_prefix(channel_->write(unsent_));
    if (unsent_.empty() && !input_ended_) {
      channel_->send_end_of_input();
      input_ended_ = true;
    }
    if (channel_->closed()) return finish();
    if (stopper_->stopped()) return end_early(false);
    const Deadline now = Clock::now();
    if (now >= deadline_) return end_early(true);
    const Deadline until = std::min(deadline_, turn_ends);
    const auto patience = std::chrono::ceil<milliseconds>(until - now);
    const bool is_there = channel_->wait(std::max(patience, milliseconds(0)), stopper_.get());
    if (!is_there && !channel_->closed()) return stopper_->stopped() ? end_early(false) : lose();
    // What is still to be sent needs this thread: the loop waits for what arrives alone.
    if (now >= turn_ends && unsent_.empty() && !channel_->closed()) return false;
  }
}

bool RemoteRun::finish() {
  const auto status = channel_->exit_status();
  if (!channel_->exit_signal().empty()) {
    result_.kind = RunResult::Kind::signalled;
    result_.signal = number_of(channel_->exit_signal());
  } else if (status) {
    result_.exit_code = *status;
  } else {
    result_.kind = RunResult::Kind::lost;
    result_.reason = connection_->session.place() + ": the program's exit status was not told";
  }
  channel_.reset();
  // The drive that pushd made for a share goes with the server's session.
  const bool keep = request_.logon_server.empty() && result_.kind != RunResult::Kind::lost;
  if (keep) shared_->connections.keep(endpoint_of(settings_), std::move(connection_));
  connection_.reset();
  return true;
}

bool RemoteRun::lose() {
  fail({Kind::lost, connection_->session.place() + ": the connection was lost while it ran"});
  return true;
}

bool RemoteRun::end_early(bool timed_out) {
  const std::string how = end_program();
  result_.kind = RunResult::Kind::timed_out;
  result_.reason = timed_out ? "no end within " + describe_duration(request_.timeout) : "stopped";
  result_.reason += "; " + how;
  channel_.reset();
  connection_.reset();
  return true;
}

// Ends the program as far as the server lets us, and says how far that was.
std::string RemoteRun::end_program() {
  const Deadline until = Clock::now() + kGrace;
  channel_->send_signal("TERM");
  // Of what hides its environment, as sudo does, nothing is found: the channel's end is the proof.
  const bool none_found = shell_ == Shell::posix && end_processes(until);
  while (!channel_->closed() && Clock::now() < until) {
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
    // Nobody stops this: it is the stopping.
    if (!channel_->wait(std::min(left, milliseconds(500)), nullptr)) break;
    if (shell_ == Shell::cmd) break;  // Windows' server knows no signals
  }
  if (channel_->closed())
    return none_found ? "it was ended on the client" : "it ended when it was told to";
  return none_found ? "it was told to end, and may run on"
                    : "its connection was closed, and whether it ended is not known";
}

bool RemoteRun::end_processes(Deadline until) {
  Channel ender(connection_->session);
  if (ender.open(until, nullptr)) return false;
  if (ender.start(end_command(), until, nullptr)) return false;
  ender.write(std::string(kRunVariable) + "=" + token_ + "\n");
  ender.send_end_of_input();
  while (!ender.closed() && Clock::now() < until) {
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
    if (!ender.wait(left, nullptr)) break;
  }
  return ender.closed() && ender.exit_status() == 0;
}

}  // namespace sitewide::ssh
