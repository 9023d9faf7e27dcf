// A plan of the command method over folders of this machine: the smallest rollout there is.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/lab.h"
#include "tests/support/program.h"

namespace sitewide::test {

class CommandWorld {
 public:
  /// Six clients pc01 … pc06 with an empty folder each. `upgrade` is the plan's, as a YAML list;
  /// `more` are further lines of the group.
  explicit CommandWorld(const std::string& upgrade = "[touch, \"{client.root}/done\"]",
                        const std::string& more = "") {
    std::string pattern = (std::filesystem::temp_directory_path() / "sitewide-cli.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    root_ = pattern;
    for (int i = 1; i <= 6; ++i) std::filesystem::create_directories(client(i));
    write_file(plan(),
               "version: 1\n"
               "name: here\n"
               "inventory:\n"
               "  - hosts: [\"pc[01-06]\"]\n"
               "transports:\n"
               "  here: {type: local, root: \"clients/{client.name}\"}\n"
               "groups:\n"
               "  - name: all\n"
               "    select: name\n"
               "    method: command\n"
               "    attempts: 1\n"
               "    strict: false\n"  // all six at once, for short tests
               "    command:\n"
               "      upgrade: " +
                   upgrade + "\n" + more);
  }
  ~CommandWorld() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  CommandWorld(const CommandWorld&) = delete;
  CommandWorld& operator=(const CommandWorld&) = delete;

  /// An upgrade that fails on pc02 alone.
  static std::string failing() {
    return "[sh, -c, 'test $0 != pc02 && touch $1/done', \"{client.name}\", \"{client.root}\"]";
  }
  /// One that takes a while and says when it begins.
  static std::string slow() { return "[sh, -c, 'touch $0/begun; sleep 3', \"{client.root}\"]"; }

  /// A program that goes on with `then`, about the client's folder `$0`, once let_go() was said.
  static std::string held(const std::string& then) {
    return "[sh, -c, 'while test -d \"$0\" && ! test -e \"$0/../../let_go\"; do sleep 0.1; done; " +
           then + "', \"{client.root}\"]";
  }
  void let_go() const { write_file(root_ / "let_go", ""); }

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path plan() const { return root_ / "plan.yaml"; }
  std::filesystem::path state() const { return root_ / "state"; }
  std::filesystem::path clients() const { return root_ / "clients"; }
  std::filesystem::path client(int number) const {
    return clients() / ("pc0" + std::to_string(number));
  }
  std::filesystem::path journal() const { return state() / "here-1" / "journal.db"; }
  /// No client holds anything but the records of attempts.
  bool untouched() const {
    for (const auto& [path, bytes] : tree_of(clients())) {
      if (path.find(".sitewide/") == std::string::npos) return false;
    }
    return true;
  }

  std::vector<std::string> argv(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--state-dir", state().string()});
    return sitewide_argv(std::move(arguments));
  }
  Finished run(std::vector<std::string> arguments) const {
    return Program(argv(std::move(arguments))).finish(std::chrono::seconds(60));
  }

 private:
  std::filesystem::path root_;
};

}  // namespace sitewide::test
