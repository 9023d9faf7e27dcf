// TerminalWorld: a plan of the command method whose upgrades wait until the test lets them go, and
// a real terminal to run it on.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "orchestrator/base/text.h"
#include "tests/cli/command_world.h"
#include "tests/support/lab.h"
#include "tests/support/tmux.h"

namespace sitewide::test {

/// Each upgrade waits for the file `go` beside the plan; pc02's then fails when `fails` is there.
inline const char* const kWaiting =
    "[sh, -c, 'while test ! -e $1/go; do sleep 0.1; done; echo says $0; "
    "test ! -e $1/fails || test $0 != pc02', \"{client.name}\", \"FOLDER\"]";

class TerminalWorld : public CommandWorld {
 public:
  explicit TerminalWorld(const std::string& more = "") : CommandWorld("[FOLDER]", more) {
    std::string upgrade = kWaiting;
    upgrade.replace(upgrade.find("FOLDER"), 6, root().string());
    std::string text = read_file(plan());
    text.replace(text.find("[FOLDER]"), 8, upgrade);
    write_file(plan(), text);
    std::filesystem::create_directory(claims());
    chmod(claims().c_str(), 01777);
  }
  /// Nothing waits any more; also what a failed test has left behind.
  ~TerminalWorld() {
    write_file(root() / "go", "");
    for (int i = 0; i < 100 && !ended(); ++i) {
      if (i == 30) run({"abort", "here-1"});
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
  TerminalWorld(const TerminalWorld&) = delete;
  TerminalWorld& operator=(const TerminalWorld&) = delete;

  void let_go() const { write_file(root() / "go", ""); }
  void let_fail() const {
    write_file(root() / "fails", "");
    let_go();
  }
  std::filesystem::path claims() const { return root() / "claims"; }
  /// The program with its state directory, as one types it.
  std::string typed(const std::string& arguments) const {
    return std::string(SITEWIDE_PROGRAM) + " --state-dir " + state().string() + " " + arguments;
  }
  std::string typed_run() const { return typed("run --yes " + plan().string()); }
  std::map<std::string, std::string> environment(
      std::map<std::string, std::string> added = {}) const {
    added["SITEWIDE_CLAIMS_DIR"] = claims().string();
    return added;
  }
  std::string status() const { return run({"status", "here-1"}).out; }
  bool stands(const std::string& words) const {
    for (int i = 0; i < 300; ++i) {
      if (status().find(words) != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
  }
  /// Nobody drives the rollout.
  bool ended() const {
    const std::string list = run({"list"}).out;
    return list.find("pid ") == std::string::npos;
  }
};

}  // namespace sitewide::test
