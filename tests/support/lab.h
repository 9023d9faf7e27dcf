// A lab world for a test: made by examples/lab, played by its stand-ins, removed afterwards.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/program.h"

namespace sitewide::test {

class Lab {
 public:
  /// Makes a world; `options` are make-lab's. Without Wine unless `wine`.
  explicit Lab(std::vector<std::string> options = {}, bool wine = false);
  ~Lab();
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  /// Starts the stand-ins; they run until the object goes.
  void play();
  /// Stops them.
  void rest();
  void set(const std::string& name, const std::string& behaviour);
  /// Back to good conduct.
  void clear(const std::string& name);

  std::filesystem::path root() const { return root_ / "lab"; }
  std::filesystem::path plan() const { return root() / "plan.yaml"; }
  std::filesystem::path state() const { return root_ / "state"; }
  /// Replaces `from` by `to` in the plan; fails when it is not there.
  void edit_plan(const std::string& from, const std::string& to) const;
  /// The program's argv with this lab's state directory.
  std::vector<std::string> argv(std::vector<std::string> arguments) const;
  Finished run(std::vector<std::string> arguments) const;

 private:
  std::filesystem::path root_;
  std::unique_ptr<Program> world_;
};

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& bytes);
/// Every regular file below `root` with its content, by relative path.
std::map<std::string, std::string> tree_of(const std::filesystem::path& root);

}  // namespace sitewide::test
