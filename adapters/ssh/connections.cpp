#include "adapters/ssh/connections.h"

#include <algorithm>
#include <utility>

namespace sitewide::ssh {

Connections::Connections(ConnectionLimits limits) : limits_(limits) {}

Connections::~Connections() { close(); }

std::unique_ptr<Connection> Connections::take(const std::string& endpoint) {
  for (;;) {
    std::unique_ptr<Connection> connection;
    {
      const std::lock_guard lock(mutex_);
      const auto last = std::find_if(idle_.rbegin(), idle_.rend(),
                                     [&](const Idle& each) { return each.endpoint == endpoint; });
      if (last == idle_.rend()) return nullptr;
      connection = std::move(last->connection);
      idle_.erase(std::next(last).base());
    }
    // The server may have closed it meanwhile.
    if (!connection->session.is_alive()) continue;
    connection->reused = true;
    return connection;
  }
}

void Connections::keep(const std::string& endpoint, std::unique_ptr<Connection> connection) {
  std::unique_ptr<Connection> too_many;  // goes after the lock
  const std::lock_guard lock(mutex_);
  if (closed_) {
    too_many = std::move(connection);
    return;
  }
  idle_.push_back({endpoint, std::move(connection), Clock::now() + limits_.idle_for});
  if (idle_.size() > limits_.most_idle) {
    too_many = std::move(idle_.front().connection);
    idle_.pop_front();
  }
  if (!closer_.joinable()) closer_ = std::thread([this] { close_in_time(); });
  if (idle_.size() == 1) changed_.notify_all();
}

void Connections::close_in_time() {
  std::unique_lock lock(mutex_);
  while (!closed_) {
    if (idle_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const Deadline first = idle_.front().until;
    if (Clock::now() < first) {
      changed_.wait_until(lock, first);
      continue;
    }
    Idle over = std::move(idle_.front());
    idle_.pop_front();
    lock.unlock();
    over.connection.reset();
    lock.lock();
  }
}

void Connections::close() {
  std::list<Idle> all;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    all.swap(idle_);
    changed_.notify_all();
  }
  if (closer_.joinable()) closer_.join();
}

std::size_t Connections::idle() const {
  const std::lock_guard lock(mutex_);
  return idle_.size();
}

}  // namespace sitewide::ssh
