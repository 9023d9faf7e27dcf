#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include <algorithm>

#include "adapters/ssh/session.h"

namespace sitewide::ssh {

using std::chrono::milliseconds;
using Kind = Fault::Kind;

struct Channel::Callbacks {
  ssh_channel_callbacks_struct table{};

  explicit Callbacks(Channel& channel) {
    table.userdata = &channel;
    table.channel_data_function = [](ssh_session, ssh_channel, void* data, std::uint32_t size,
                                     int is_error, void* self) {
      auto& output = static_cast<Channel*>(self)->on_output;
      if (output) output({static_cast<const char*>(data), size}, is_error != 0);
      return static_cast<int>(size);
    };
    table.channel_close_function = [](ssh_session, ssh_channel, void* self) {
      static_cast<Channel*>(self)->closed_ = true;
    };
    table.channel_exit_status_function = [](ssh_session, ssh_channel, int status, void* self) {
      static_cast<Channel*>(self)->exit_status_ = status;
    };
    table.channel_exit_signal_function = [](ssh_session, ssh_channel, const char* name, int,
                                            const char*, const char*, void* self) {
      static_cast<Channel*>(self)->exit_signal_ = name != nullptr ? name : "";
    };
    ssh_callbacks_init(&table);
  }
};

Channel::Channel(Session& session) : session_(session) {}

Channel::~Channel() {
  if (handle_ == nullptr) return;
  if (callbacks_) ::ssh_remove_channel_callbacks(handle_, &callbacks_->table);
  ::ssh_channel_free(handle_);
}

std::optional<Fault> Channel::open(Deadline deadline, Stopper* stopper) {
  const Stopper::Guard guard(stopper, session_.socket());
  handle_ = ::ssh_channel_new(session_.handle_);
  if (handle_ == nullptr) return Fault{Kind::unreachable, "there is no memory for an SSH channel"};
  callbacks_ = std::make_unique<Callbacks>(*this);
  ::ssh_set_channel_callbacks(handle_, &callbacks_->table);
  ::ssh_set_blocking(session_.handle_, 1);
  const bool opened = session_.limit(deadline) && ::ssh_channel_open_session(handle_) == SSH_OK;
  ::ssh_set_blocking(session_.handle_, 0);
  if (opened) return std::nullopt;
  return session_.fault_while("a channel was opened", deadline, stopper);
}

std::optional<Fault> Channel::start(const std::string& command, Deadline deadline,
                                    Stopper* stopper) {
  const Stopper::Guard guard(stopper, session_.socket());
  ::ssh_set_blocking(session_.handle_, 1);
  session_.limit(deadline);
  return started(::ssh_channel_request_exec(handle_, command.c_str()), deadline, stopper);
}

std::optional<Fault> Channel::start_subsystem(const std::string& name, Deadline deadline,
                                              Stopper* stopper) {
  const Stopper::Guard guard(stopper, session_.socket());
  ::ssh_set_blocking(session_.handle_, 1);
  session_.limit(deadline);
  return started(::ssh_channel_request_subsystem(handle_, name.c_str()), deadline, stopper);
}

std::optional<Fault> Channel::started(int result, Deadline deadline, const Stopper* stopper) {
  ::ssh_set_blocking(session_.handle_, 0);
  if (result == SSH_OK) return std::nullopt;
  if (result == SSH_ERROR && session_.is_connected() && !(stopper && stopper->stopped()))
    return Fault{Kind::denied, session_.place() + " does not start that: " + session_.last_words()};
  Fault fault = session_.fault_while("a program was started", deadline, stopper);
  if (fault.kind == Kind::unreachable) fault.kind = Kind::lost;
  return fault;
}

std::size_t Channel::write(std::string_view bytes) {
  const std::size_t window = ::ssh_channel_window_size(handle_);
  const std::size_t size = std::min({bytes.size(), window, std::size_t{1} << 20});
  if (size == 0 || closed_) return 0;
  const int sent = ::ssh_channel_write(handle_, bytes.data(), static_cast<std::uint32_t>(size));
  return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

void Channel::send_end_of_input() { ::ssh_channel_send_eof(handle_); }

void Channel::send_signal(const char* name) { ::ssh_channel_request_send_signal(handle_, name); }

bool Channel::wait(milliseconds patience, const Stopper* stopper) {
  return session_.wait(patience, stopper);
}

}  // namespace sitewide::ssh
