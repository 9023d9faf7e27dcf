#include "adapters/ssh/stopper.h"

#include <sys/eventfd.h>
#include <sys/socket.h>

namespace sitewide::ssh {

Stopper::Stopper() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Stopper::stop() {
  source_.request_stop();
  const std::lock_guard lock(mutex_);
  if (wake_.is_open()) [[maybe_unused]]
    const int woken = ::eventfd_write(wake_.get(), 1);
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

Stopper::Guard::Guard(Stopper* stopper, int socket) : stopper_(stopper) {
  if (stopper_ == nullptr) return;
  const std::lock_guard lock(stopper_->mutex_);
  stopper_->socket_ = socket;
  // Whoever stopped before there was a guard must not wait for the library either.
  if (stopper_->stopped()) ::shutdown(socket, SHUT_RDWR);
}

Stopper::Guard::~Guard() {
  if (stopper_ == nullptr) return;
  const std::lock_guard lock(stopper_->mutex_);
  stopper_->socket_ = -1;
}

}  // namespace sitewide::ssh
