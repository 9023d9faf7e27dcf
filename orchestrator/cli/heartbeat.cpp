#include "orchestrator/cli/heartbeat.h"

#include <boost/asio/io_context.hpp>

#include "orchestrator/journal/beat.h"

namespace sitewide {

Heartbeat::Heartbeat(AsioLoop& loop, std::filesystem::path lock, Duration every)
    : loop_(loop), lock_(std::move(lock)), every_(every), timer_(loop.context()) {
  wait();
}

void Heartbeat::wait() {
  timer_.expires_after(every_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    beat(lock_, loop_.now());
    wait();
  });
}

}  // namespace sitewide
