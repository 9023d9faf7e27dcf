// Session and Channel: one SSH connection to one server, and one program or subsystem on it. Their
// two files alone know libssh.
//
// Threads: one thread at a time; it may be another one each time. Calls block until their deadline
// at most, or until the stopper that they were given is stopped. Ownership: a channel goes before
// its session.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/descriptor.h"
#include "adapters/ssh/fault.h"
#include "adapters/ssh/stopper.h"

struct ssh_session_struct;
struct ssh_channel_struct;
struct ssh_event_struct;

namespace sitewide::ssh {

/// How a client's server is reached. What is empty is ssh_config's affair, then the defaults'.
struct Settings {
  std::string host;  ///< a name or address, or what ssh_config calls it
  std::uint16_t port = 0;
  std::string user;
  std::string identity;                 ///< file of the private key: tried alone
  std::optional<std::string> password;  ///< tried after `identity`; without one, alone
  std::string config;                   ///< ssh_config to read; empty: the user's and the system's
  std::string known_hosts;
  bool accept_new = false;  ///< a key of a host without any is put into known_hosts, not refused
  std::chrono::milliseconds connect_within = std::chrono::seconds(30);
  std::chrono::milliseconds keepalive = std::chrono::seconds(30);
};

class Session {
 public:
  explicit Session(Settings settings);
  /// Says good-bye without waiting for an answer.
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Connects, checks the host's key, logs in. Nothing, or why not; then the session is of no use.
  std::optional<Fault> connect(Deadline deadline, Stopper* stopper);
  /// Takes in what has arrived, without waiting; false when the connection is gone.
  bool is_alive();
  /// Becomes readable when there is something to take in.
  int socket() const { return socket_.get(); }
  /// For words: `sms@pc1`.
  const std::string& place() const { return place_; }

 private:
  friend class Channel;
  std::optional<Fault> configure();
  std::optional<Fault> check_host_key();
  std::optional<Fault> log_in(Deadline deadline, Stopper* stopper);
  int try_key(const std::string& file);
  int try_password();
  bool limit(Deadline deadline);
  bool is_connected() const;
  Fault fault_while(const std::string& doing, Deadline deadline, const Stopper* stopper) const;
  std::string last_words() const;
  void keep_alive();
  bool wait(std::chrono::milliseconds patience, const Stopper* stopper);

  Settings settings_;
  ssh_session_struct* handle_ = nullptr;
  ssh_event_struct* event_ = nullptr;
  int given_ = -1;     // the connection's descriptor, given to libssh
  Descriptor socket_;  // a second descriptor of the connection, for Stopper and for the loop
  std::string host_;   // after ssh_config
  unsigned port_ = 22;
  std::string place_;
  struct Traffic;
  std::unique_ptr<Traffic> traffic_;
};

class Channel {
 public:
  explicit Channel(Session& session);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Opens it. Nothing is started by that, so it may be done again on another session.
  std::optional<Fault> open(Deadline deadline, Stopper* stopper);
  /// Starts a command, or a subsystem such as `sftp`. A fault of kind denied: the server does not
  /// do that; any other leaves unknown whether it began.
  std::optional<Fault> start(const std::string& command, Deadline deadline, Stopper* stopper);
  std::optional<Fault> start_subsystem(const std::string& name, Deadline deadline,
                                       Stopper* stopper);

  /// Gets what arrives on standard output or standard error, while wait() or is_alive() runs.
  std::function<void(std::string_view bytes, bool is_error)> on_output;
  /// Sends as much as the server takes now and says how much that was. Never blocks.
  std::size_t write(std::string_view bytes);
  void send_end_of_input();
  /// Asks the server to send its program a signal (`TERM`); many servers do not.
  void send_signal(const char* name);
  /// Waits for something to happen, `patience` at most; `stopper`, if any, ends it. False when the
  /// connection is gone. Keeps the connection alive meanwhile.
  bool wait(std::chrono::milliseconds patience, const Stopper* stopper);

  bool closed() const { return closed_; }  ///< by the server: the program is over
  std::optional<int> exit_status() const { return exit_status_; }
  const std::string& exit_signal() const { return exit_signal_; }  ///< `TERM`; empty: none

 private:
  struct Callbacks;
  std::optional<Fault> started(int result, Deadline deadline, const Stopper* stopper);

  Session& session_;
  ssh_channel_struct* handle_ = nullptr;
  std::unique_ptr<Callbacks> callbacks_;
  bool closed_ = false;
  std::optional<int> exit_status_;
  std::string exit_signal_;
};

}  // namespace sitewide::ssh
