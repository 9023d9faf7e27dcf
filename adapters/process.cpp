#include "adapters/process.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/process/v2/error.hpp>  // before the handle, which needs it and forgets it
#include <boost/process/v2/process_handle.hpp>
#include <memory>
#include <optional>
#include <system_error>

#include "adapters/capture.h"
#include "adapters/descendants.h"
#include "adapters/descriptor.h"
#include "adapters/spawn.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds kTick{10};          // between two looks at what is being ended
constexpr milliseconds kUnkillable{5000};  // SIGKILL that is not heeded: the kernel holds it

std::string words(const char* what, int error) {
  return std::string(what) + ": " + std::generic_category().message(error);
}

// Makes the token of a run unique among all controllers that share this machine.
std::string next_token() {
  static std::atomic<std::uint64_t> count{0};
  return std::to_string(::getpid()) + "-" + std::to_string(++count);
}

// One run, driven by four kinds of event: output, the exit, the timer, and a call to stop(). The
// phase says what the timer means:
//   attaching    try again to watch the program
//   running      the deadline
//   terminating  SIGTERM was sent, next SIGKILL
//   killing      SIGKILL was sent, next giving up
//   lingering    the program ended, what it left may still end by itself (then, after end_all, was
//   told to) ending       what it left is being ended
class ProcessRun : public std::enable_shared_from_this<ProcessRun> {
 public:
  ProcessRun(asio::any_io_executor executor, RunRequest request, ProcessOptions options)
      : executor_(std::move(executor)),
        request_(std::move(request)),
        options_(options),
        timer_(executor_),
        finished_(executor_, Clock::time_point::max()),
        output_(executor_,
                options_.keep_output > 0 ? OutputBuffer(options_.keep_output, 0) : OutputBuffer()) {
    if (options_.keep_output > 0 || options_.errors != nullptr)
      errors_.emplace(executor_, OutputBuffer());
  }
  ~ProcessRun() {
    if (pid_ > 0 && !exited_) exit_seen(pid_);  // abandoned: reaped like an adopted one
  }
  ProcessRun(const ProcessRun&) = delete;
  ProcessRun& operator=(const ProcessRun&) = delete;

  // Starts the program; false when it certainly did not start.
  bool start();
  // Ends the program and all it started.
  void end_all(std::string reason);

  bool finished() const { return phase_ == Phase::finished; }
  asio::steady_timer& finished_event() { return finished_; }
  RunResult take_result();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Phase { attaching, running, terminating, killing, lingering, ending, finished };

  Spawned spawn_with(int output_end, int error_end);
  void attach();
  void read(Capture& capture);
  void on_exit(std::optional<int> status);
  void settle();
  void end_remains();
  void await_remains();
  bool remains_gone();
  void signal_all(int signal);
  void arm(Phase phase, milliseconds delay);
  void on_timer();
  void finish();
  bool output_open() const { return output_.is_open() || (errors_ && errors_->is_open()); }

  asio::any_io_executor executor_;
  RunRequest request_;
  ProcessOptions options_;
  asio::steady_timer timer_;
  asio::steady_timer finished_;
  Capture output_;
  std::optional<Capture> errors_;
  // The handle, not the process: that one would kill its program when it goes, perhaps by a number
  // used anew.
  std::optional<boost::process::v2::basic_process_handle<>> child_;
  RunResult result_;
  std::string token_ = next_token();
  std::vector<ProcessId> remains_;  // what the run consists of, as far as it had to be looked for
  Clock::time_point until_{};       // lingering, ending: patience
  std::uint64_t timer_use_ = 0;     // a timer that was set anew must not be taken for the old one
  pid_t pid_ = -1;
  Phase phase_ = Phase::attaching;
  bool exited_ = false;
  bool ended_by_us_ = false;
  bool killed_ = false;  // SIGKILL was sent: there is nothing stronger
};

bool ProcessRun::start() {
  Descriptor output_end;
  Descriptor error_end;
  const auto when_gone =
      request_.drains_itself ? Capture::WhenGone::fails : Capture::WhenGone::is_kept;
  int error = output_.open(output_end, when_gone);
  if (error == 0 && errors_) error = errors_->open(error_end, when_gone);
  if (error != 0) {
    result_.reason = words("no pipe", error);
  } else {
    Spawned spawned = spawn_with(output_end.get(), errors_ ? error_end.get() : output_end.get());
    pid_ = spawned.pid;
    result_.reason = std::move(spawned.reason);
  }
  if (pid_ < 0) {
    result_.kind = RunResult::Kind::unreachable;
    return false;
  }
  if (request_.timeout > milliseconds::zero()) until_ = Clock::now() + request_.timeout;
  attach();
  return true;
}

Spawned ProcessRun::spawn_with(int output_end, int error_end) {
  Descriptor input;
  if (!request_.input.empty()) {
    // A file in memory needs no writer, and cannot raise SIGPIPE when the program does not read it.
    input = Descriptor(::memfd_create("input", MFD_CLOEXEC));
    const std::string& text = request_.input;
    if (!input.is_open() ||
        ::pwrite(input.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
      Spawned failed;
      failed.reason = words("no room for the input", errno);
      return failed;
    }
  }
  request_.environment[kRunVariable] = token_;
  const SpawnRequest request{.argv = request_.argv,
                             .folder = request_.folder,
                             .environment = request_.environment,
                             .input = input.get(),
                             .output = output_end,
                             .errors = error_end};
  return spawn(request);
}

// The program runs already: a shortage of descriptors may delay our watching it, never make us lose
// it.
void ProcessRun::attach() {
  const bool attached = output_.attach() && (!errors_ || errors_->attach());
  const int handle = attached ? static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)) : -1;
  if (handle < 0) return arm(Phase::attaching, kTick);
  child_.emplace(executor_, pid_, handle);
  phase_ = Phase::running;
  read(output_);
  if (errors_) read(*errors_);
  child_->async_wait([self = shared_from_this()](error_code error, int status) {
    if (self->finished()) return;
    self->on_exit(error ? std::nullopt : std::optional(status));
  });
  if (until_ == Clock::time_point{}) return;
  arm(Phase::running, std::chrono::ceil<milliseconds>(until_ - Clock::now()));
}

void ProcessRun::read(Capture& capture) {
  capture.wait([self = shared_from_this(), &capture](error_code error) {
    if (error) return;
    capture.drain();
    if (capture.is_open()) return self->read(capture);
    self->settle();
  });
}

void ProcessRun::on_exit(std::optional<int> status) {
  exited_ = true;
  exit_seen(pid_);
  if (!status) {
    result_.reason = "its exit status was lost";
  } else if (WIFSIGNALED(*status)) {
    result_.kind = RunResult::Kind::signalled;
    result_.signal = WTERMSIG(*status);
  } else {
    result_.exit_code = WEXITSTATUS(*status);
  }
  output_.drain();
  if (errors_) errors_->drain();
  if (ended_by_us_) return await_remains();
  until_ = Clock::now() + options_.linger;
  settle();
}

// After the exit: the run is over once nothing of it is left, or patience is at its end.
void ProcessRun::settle() {
  if (!exited_ || ended_by_us_ || phase_ == Phase::ending || finished()) return;
  // Ended members stay in the group until they are reaped, and those are ours now.
  if (!output_open() && group_has_members(pid_)) reap_adopted();
  if (!output_open() && !group_has_members(pid_)) return finish();
  if (Clock::now() >= until_) return end_remains();
  arm(Phase::lingering, kTick);
}

void ProcessRun::end_all(std::string reason) {
  if (ended_by_us_ || finished()) return;
  ended_by_us_ = true;
  result_.reason = std::move(reason);
  until_ = Clock::now() + options_.grace;
  signal_all(SIGTERM);
  if (exited_) return await_remains();
  arm(Phase::terminating, options_.grace);
}

void ProcessRun::signal_all(int signal) {
  Belongs belongs;
  belongs.group = pid_;
  belongs.token = token_;
  belongs.detached_too = ended_by_us_;
  if (output_.is_open()) belongs.pipes.push_back(output_.pipe());
  if (errors_ && errors_->is_open()) belongs.pipes.push_back(errors_->pipe());
  remains_ = find_descendants(belongs);
  // The group first and in one call, for none of its members can fork in the middle of that. Its
  // number is not anybody else's as long as it has a leader or members.
  if (!exited_ || group_has_members(pid_)) ::kill(-pid_, signal);
  for (const ProcessId& process : remains_) send_signal(process, signal);
  if (signal != SIGKILL || killed_) return;
  killed_ = true;
  until_ = Clock::now() + kUnkillable;
}

bool ProcessRun::remains_gone() {
  std::erase_if(remains_, [this](const ProcessId& process) {
    return process.pid == pid_ ? exited_ : gone(process);
  });
  return remains_.empty();
}

void ProcessRun::end_remains() {
  signal_all(SIGTERM);
  result_.orphans = static_cast<int>(remains_.size());
  until_ = Clock::now() + options_.linger;
  await_remains();
}

// Those that were told to end are looked at again and again; patience at its end means SIGKILL, and
// after that, that the kernel holds them and nobody can help.
void ProcessRun::await_remains() {
  if (phase_ != Phase::ending && ended_by_us_) {
    remains_gone();
    result_.orphans = static_cast<int>(remains_.size());
  }
  if (remains_gone()) {
    signal_all(SIGKILL);  // what was started while the others were ending
    if (remains_.empty()) return finish();
  }
  if (Clock::now() >= until_) {
    if (killed_) return finish();
    signal_all(SIGKILL);
  }
  arm(Phase::ending, kTick);
}

void ProcessRun::arm(Phase phase, milliseconds delay) {
  phase_ = phase;
  timer_.expires_after(delay);
  timer_.async_wait([self = shared_from_this(), use = ++timer_use_](error_code error) {
    if (!error && use == self->timer_use_) self->on_timer();
  });
}

void ProcessRun::on_timer() {
  switch (phase_) {
    case Phase::attaching:
      return attach();
    case Phase::running:
      return end_all("no end within " + describe_duration(request_.timeout));
    case Phase::terminating:
      signal_all(SIGKILL);
      return arm(Phase::killing, kUnkillable);
    case Phase::killing:
      result_.reason += "; it did not end by SIGKILL either";
      return finish();
    case Phase::lingering:
      return settle();
    case Phase::ending:
      return await_remains();
    case Phase::finished:
      return;
  }
}

void ProcessRun::finish() {
  phase_ = Phase::finished;
  child_.reset();
  output_.close();
  if (errors_) errors_->close();
  timer_.cancel();
  finished_.cancel();
  reap_adopted();
}

RunResult ProcessRun::take_result() {
  if (ended_by_us_) {
    result_.kind = RunResult::Kind::timed_out;
    result_.exit_code = -1;
    result_.signal = 0;
  }
  result_.output = output_.take();
  if (errors_ && options_.errors != nullptr) *options_.errors = errors_->take();
  return std::move(result_);
}

}  // namespace

asio::awaitable<RunResult> run_process(asio::any_io_executor executor, RunRequest request,
                                       ProcessOptions options) {
  const auto run = std::make_shared<ProcessRun>(std::move(executor), std::move(request), options);
  if (!run->start()) co_return run->take_result();
  // A cancelled run still has its program to end, so cancellation is handled here and thrown at the
  // end.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  bool cancelled = false;
  while (!run->finished()) {
    error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    co_await run->finished_event().async_wait(token);
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    cancelled = state.cancelled() != asio::cancellation_type::none;
    if (cancelled) run->end_all("stopped");
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (cancelled) throw boost::system::system_error(asio::error::operation_aborted);
  co_return run->take_result();
}

}  // namespace sitewide
