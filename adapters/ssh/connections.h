// Connections: those of one transport that nobody uses at the moment, kept for a while for the next
// step of the same client. A thread of its own closes them when their time is up.
//
// Threads: any. What is taken out belongs to whoever took it.
#pragma once

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "adapters/ssh/session.h"
#include "adapters/ssh/sftp_channel.h"

namespace sitewide::ssh {

/// A session and, once files were asked for, the SFTP server's channel on it.
struct Connection {
  explicit Connection(Settings settings) : session(std::move(settings)) {}

  Session session;
  std::unique_ptr<SftpChannel> sftp;  // goes before the session
  bool reused = false;                ///< taken from those that were kept
};

struct ConnectionLimits {
  std::size_t most_idle = 128;
  std::chrono::milliseconds idle_for = std::chrono::seconds(3);
};

class Connections {
 public:
  explicit Connections(ConnectionLimits limits = {});
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// One to `endpoint` that is still there; null when there is none.
  std::unique_ptr<Connection> take(const std::string& endpoint);
  /// Keeps it; the one that was unused longest is closed when there are too many.
  void keep(const std::string& endpoint, std::unique_ptr<Connection> connection);
  /// Closes all of them; what is kept afterwards is closed at once.
  void close();
  std::size_t idle() const;

 private:
  struct Idle {
    std::string endpoint;
    std::unique_ptr<Connection> connection;
    Deadline until;
  };
  void close_in_time();

  const ConnectionLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Idle> idle_;  // the one unused longest first
  bool closed_ = false;
  std::thread closer_;  // begun with the first that is kept
};

}  // namespace sitewide::ssh
