// A real sshd on loopback that plays many clients, for tests: each address of 127.0.0.0/8 is a
// machine with a folder of its own (examples/ssh/server has the pieces and says how). It needs
// nothing of Sitewide. Everything that was started is ended, by process number, at the latest when
// the object goes; a test that is killed takes sshd with it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sitewide::test {

class SshServer {
 public:
  /// Who takes a command apart: sh in the client's folder, or Wine's cmd with that folder as C:.
  enum class Shell { posix, cmd };
  /// What a client does wrong: a command that never ends; a connection lost as soon as a command or
  /// SFTP was asked for.
  enum class Fault { none, hang, drop };
  struct Client {
    std::string name;
    std::string address;
    std::filesystem::path drive;  ///< its home folder, or its drive C:
  };

  /// Whether sshd and its SFTP server are installed.
  static bool is_there();
  /// Whether Windows-like clients can be played: Wine, a compiler for cmd_session.c, and root.
  static bool can_play_windows();

  /// Makes keys and configuration in `folder`, for a free port; starts nothing. Throws when that
  /// cannot be done.
  explicit SshServer(std::filesystem::path folder);
  ~SshServer();
  SshServer(const SshServer&) = delete;
  SshServer& operator=(const SshServer&) = delete;

  /// One more machine, in the order of addresses 127.1.0.1, .2 … `drive` is a folder that is there
  /// (a lab's client); without it one is made. Of a `cmd` client the folder is moved to where SFTP
  /// shows it as /C:, and a link left in its place. May be called while the server runs.
  const Client& add(const std::string& name, Shell shell = Shell::posix,
                    const std::filesystem::path& drive = {});
  const Client& client(const std::string& name) const { return clients_.at(name); }
  /// \\SERVER\SHARE, as the cmd clients see it.
  void share(const std::string& server, const std::string& share,
             const std::filesystem::path& shown) const;

  /// Returns when connections are taken; the port is the same each time.
  void start();
  /// As if all the machines lost their power: sshd, its connections and their commands are killed.
  void stop();
  bool running() const { return pid_ > 0; }

  void set(const std::string& name, Fault fault) const;
  /// Whether keys that were good are still taken: a login that is refused when not.
  void take_keys(bool taken) const;
  /// What known_hosts says of a client is another key than sshd's.
  void change_known_key(const std::string& name);
  /// Restarts with another host key; known_hosts keeps the old one.
  void change_host_key();

  int port() const { return port_; }
  pid_t pid() const { return pid_; }
  /// sshd, its connections and the commands of clients, those too whose connection is gone.
  std::vector<pid_t> processes() const;
  /// processes() without sshd itself.
  std::vector<pid_t> sessions() const;

  /// For `ssh -F`, or a plan's `config`: user, port, identity and known hosts.
  std::filesystem::path config() const { return folder_ / "ssh_config"; }
  std::filesystem::path known_hosts() const { return folder_ / "known_hosts"; }
  std::filesystem::path identity() const { return folder_ / "identity"; }
  /// A key pair that nobody lets in.
  std::filesystem::path stranger() const { return folder_ / "stranger"; }
  std::filesystem::path log() const { return folder_ / "log"; }
  /// The account that logs in.
  static std::string user();

 private:
  std::filesystem::path folder_of(const Client& client) const;
  void write_known_hosts() const;

  std::filesystem::path folder_;
  int port_ = 0;
  pid_t pid_ = -1;
  std::string host_key_ = "host_key";
  std::map<std::string, Client> clients_;  // by name
  std::set<std::string> other_key_known_;  // names of clients
};

}  // namespace sitewide::test
