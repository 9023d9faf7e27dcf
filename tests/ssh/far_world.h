// Clients that are reached over SSH alone, played by one real sshd, and a plan for them: Linux ones
// with a folder each, and those of a lab, whose drives SFTP shows and whose commands go to Wine's
// cmd.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/event_log.h"
#include "tests/support/lab.h"
#include "tests/support/program.h"
#include "tests/support/ssh_server.h"

namespace sitewide::test {

class FarWorld {
 public:
  FarWorld();
  ~FarWorld();
  FarWorld(const FarWorld&) = delete;
  FarWorld& operator=(const FarWorld&) = delete;

  /// Linux clients `pc0001` and on. Their upgrade is upgrade(): it writes a line into the file
  /// `done` of the client's folder.
  void add_linux(int count);
  /// The clients of a lab made with `options`; the stand-ins are not started.
  Lab& add_lab(const std::vector<std::string>& options);

  /// The plan: the lab's site and hotfix, if there is one, and `groups`, with the transports
  /// `linux` and `windows`. `upgrade` is what a Linux client runs, as lines of sh.
  void write_plan(const std::string& groups,
                  const std::string& upgrade = "sleep 0.2\necho line >> \"$HOME/done\"\n") const;
  /// For a group of Linux clients: method, transport and command. Without records of attempts when
  /// it is `repeatable`.
  std::string upgrade(bool repeatable = false) const;

  SshServer& server() { return server_; }
  Lab& lab() { return *lab_; }
  /// How often a Linux client was upgraded.
  std::size_t upgrades(const std::string& name) const;
  const std::vector<std::string>& linux_clients() const { return linux_; }
  static bool is_linux(const std::string& name) { return name.size() == 6; }

  std::vector<std::string> argv(std::vector<std::string> arguments) const;
  Finished run(std::vector<std::string> arguments) const;
  EventLog log() const;
  std::filesystem::path plan() const { return home() / "plan.yaml"; }

 private:
  std::filesystem::path home() const { return lab_ ? lab_->root() : folder_; }

  std::filesystem::path folder_;
  std::unique_ptr<Lab> lab_;  // goes after the server: its drives lie in the server's folder
  SshServer server_;
  std::vector<std::string> linux_;
};

/// Looks until it holds, or for `patience`; whether it did.
bool holds(const std::function<bool()>& look,
           std::chrono::seconds patience = std::chrono::seconds(20));
/// Reads the program's `--json` output until so many events of a client with that outcome went by;
/// false when it ended before.
bool wait_for_settled(Program& program, const std::string& outcome, int count);

/// Skips without sshd, and with `windows` without what plays Windows-like clients.
#define SITEWIDE_NEEDS_SSHD()                                                 \
  if (!sitewide::test::SshServer::is_there()) {                               \
    GTEST_SKIP() << "sshd is not installed (apt-get install openssh-server)"; \
  }
#define SITEWIDE_NEEDS_WINDOWS()                                                            \
  SITEWIDE_NEEDS_SSHD();                                                                    \
  if (!sitewide::test::SshServer::can_play_windows()) {                                     \
    GTEST_SKIP() << "Windows-like clients need wine, gcc-mingw-w64-x86-64-win32, and root"; \
  }

}  // namespace sitewide::test
