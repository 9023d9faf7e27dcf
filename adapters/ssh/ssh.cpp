#include "adapters/ssh/ssh.h"

#include <fcntl.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "adapters/ssh/remote_run.h"
#include "adapters/ssh/sftp_files.h"

namespace sitewide {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::chrono::minutes kFileWork{5};  // for one call of Files

// Waits on the loop until there is something to do for a run.
class Attention {
 public:
  explicit Attention(const asio::any_io_executor& executor) : socket_(executor), timer_(executor) {}
  ~Attention() { forget(); }
  Attention(const Attention&) = delete;
  Attention& operator=(const Attention&) = delete;

  /// Arms timer and socket; await event() then.
  void arm(int socket, ssh::Deadline until) {
    timer_.expires_at(until);
    error_code failed;
    // A number of its own, for the reactor must not see the session's close.
    const int own = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (own < 0) return timer_.expires_after(std::chrono::milliseconds(200)), void();
    socket_.assign(own, failed);
    socket_.async_wait(asio::posix::descriptor_base::wait_read,
                       [this, alive = std::weak_ptr<int>(alive_)](error_code error) {
                         if (!error && !alive.expired()) timer_.cancel();
                       });
  }
  asio::steady_timer& event() { return timer_; }
  void wake() { timer_.cancel(); }
  void forget() {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  asio::posix::stream_descriptor socket_;
  asio::steady_timer timer_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

ErrorKind kind_of(const ssh::Fault& fault) {
  return fault.kind == ssh::Fault::Kind::denied ? ErrorKind::denied : ErrorKind::unreachable;
}

std::optional<ssh::Fault> start_sftp(ssh::Connection& connection, ssh::Deadline connect_by,
                                     const std::shared_ptr<ssh::Stopper>& stopper) {
  if (connection.sftp) return std::nullopt;
  const auto reused_by = ssh::Clock::now() + ssh::kReusedAnswers;
  connection.sftp = std::make_unique<ssh::SftpChannel>(connection.session);
  return connection.sftp->start(connection.reused ? std::min(connect_by, reused_by) : connect_by,
                                stopper);
}

// Blocks: the pool's side of SftpFiles. A kept connection that answers nothing at all is replaced
// once: every call begins by looking.
Result<> with_sftp(ssh::Shared& shared, const Operation& operation, const ssh::SftpWork& work) {
  const auto settings = ssh::settings_of(operation);
  if (!settings) return Error{ErrorKind::denied, settings.error().message};
  const auto stopper = shared.new_stopper();
  for (const bool may_reuse : {true, false}) {
    const ssh::Deadline connect_by = ssh::Clock::now() + settings->connect_within;
    std::unique_ptr<ssh::Connection> connection;
    auto fault = ssh::connect(shared, *settings, may_reuse, connect_by, stopper.get(), connection);
    if (fault) return Error{kind_of(*fault), fault->reason};
    const bool reused = connection->reused;
    fault = start_sftp(*connection, connect_by, stopper);
    if (fault && reused && fault->kind == ssh::Fault::Kind::unreachable) continue;
    if (fault) return Error{kind_of(*fault), fault->reason};
    const ssh::Deadline now = ssh::Clock::now();
    connection->sftp->set_deadline(now + kFileWork, stopper,
                                   reused ? now + ssh::kReusedAnswers : ssh::Deadline::max());
    ssh::SftpClient& client = connection->sftp->client();
    const std::uint64_t before = client.answered();
    auto done = work(client);
    const bool is_silent = client.is_gone() && client.answered() == before;
    if (is_silent && reused && !stopper->stopped()) continue;
    if (client.is_gone()) return done;
    connection->sftp->set_deadline(now + kFileWork, nullptr);
    shared.connections.keep(ssh::endpoint_of(*settings), std::move(connection));
    return done;
  }
  return Error{ErrorKind::unreachable, "no connection"};
}

}  // namespace

SshTransport::SshTransport(Transport transport, asio::any_io_executor executor, Pool& pool)
    : transport_(std::move(transport)),
      executor_(std::move(executor)),
      pool_(pool),
      shared_(std::make_shared<ssh::Shared>()) {}

SshTransport::~SshTransport() { shared_->break_off(); }

asio::awaitable<RunResult> SshTransport::run(const Operation& operation, RunRequest request) {
  const auto run = std::make_shared<ssh::RemoteRun>(shared_, operation, std::move(request));
  const auto attention = std::make_shared<Attention>(executor_);
  // A run that is stopped still has its program to end, so that is handled here and thrown at the
  // end.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
  asio::cancellation_slot slot = state.slot();
  const auto stop = [run, attention](asio::cancellation_type) {
    run->stopper().stop();
    attention->wake();
  };
  std::function<bool()> turn = [run] { return run->turn(); };
  for (bool over = false; !over;) {
    // The end of everything that is awaited clears the slot.
    if (slot.is_connected()) slot.assign(stop);
    if (state.cancelled() != asio::cancellation_type::none) run->stopper().stop();
    over = co_await pool_.run(turn);
    if (over || state.cancelled() != asio::cancellation_type::none) continue;
    if (slot.is_connected()) slot.assign(stop);
    attention->arm(run->socket(), run->next());
    error_code ignored;
    auto waiting = asio::redirect_error(asio::use_awaitable, ignored);
    auto token = asio::bind_cancellation_slot(asio::cancellation_slot(), waiting);
    co_await attention->event().async_wait(token);
    attention->forget();
  }
  slot.clear();
  const bool stopped = state.cancelled() != asio::cancellation_type::none;
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (stopped) throw boost::system::system_error(asio::error::operation_aborted);
  co_return run->take_result();
}

std::shared_ptr<Files> SshTransport::files(const Operation& operation) {
  ssh::SftpAccess access = [shared = shared_, operation](const ssh::SftpWork& work) {
    return with_sftp(*shared, operation, work);
  };
  return std::make_shared<ssh::SftpFiles>(operation.client.root, std::move(access));
}

}  // namespace sitewide
