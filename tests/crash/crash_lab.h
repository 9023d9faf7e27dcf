// Labs of crash tests: copies of one that is made once, all played by one process.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/crash/scenario.h"
#include "tests/support/program.h"

namespace sitewide::test {

/// One copy: a scenario's lab and the state directory of the rollout on it. Removed with the
/// object. Any thread may have its own.
class CrashLab {
 public:
  CrashLab(std::filesystem::path root, const std::filesystem::path& original);
  ~CrashLab();
  CrashLab(const CrashLab&) = delete;
  CrashLab& operator=(const CrashLab&) = delete;

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path world() const { return root_ / "lab"; }
  std::filesystem::path plan() const { return world() / "plan.yaml"; }
  /// The program, run to its end with this state directory and `environment` added.
  Finished run(std::vector<std::string> arguments,
               std::map<std::string, std::string> environment = {}) const;
  /// What is to be equal after two rollouts that ended alike.
  std::map<std::string, std::string> lasting() const;
  /// The folder stays when the object goes, for a person to look at.
  void keep() { keep_ = true; }

 private:
  std::filesystem::path root_;
  bool keep_ = false;
};

/// Makes copies of a scenario's lab and has them played. One thread makes it and lets it go; copies
/// may be asked for by any.
class CrashLabs {
 public:
  /// `looks_every` is how often the rollouts look at servers and clients, such as `20ms`.
  CrashLabs(const CrashScenario& scenario, const std::string& looks_every);
  ~CrashLabs();
  CrashLabs(const CrashLabs&) = delete;
  CrashLabs& operator=(const CrashLabs&) = delete;

  std::unique_ptr<CrashLab> copy(const std::string& name) const;
  /// The same files in every copy as it is made.
  const std::map<std::string, std::string>& original() const { return original_files_; }
  bool is_of_hotfix(const std::string& bytes) const;

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::string> original_files_, hotfix_;
  std::unique_ptr<Program> player_;
};

}  // namespace sitewide::test
