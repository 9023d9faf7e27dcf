// ClaimsFolder: where the controllers of one machine publish what they use, so that two rollouts
// never share a site or a client, whoever runs them and wherever their state lies. Machines do not
// see each other's. Anybody may put a file there and nobody take another's away, as in /tmp; so
// anybody can also keep a rollout from starting, and is named for it. Blocks; any thread.
#pragma once

#include <filesystem>
#include <string>

#include "orchestrator/base/result.h"

namespace sitewide {

class ClaimsFolder {
 public:
  /// `wanted`, made (mode 1777) where it is missing. Where it cannot be made or written, or is a
  /// link or not sticky: `fallback`, made for its owner alone, and doubt() says what that means.
  /// Only where neither can be had an error, of kind journal.
  static Result<ClaimsFolder> open(const std::filesystem::path& wanted,
                                   const std::filesystem::path& fallback);
  /// `$SITEWIDE_CLAIMS_DIR`, else /run/lock/sitewide.
  static std::filesystem::path of_this_machine();

  const std::filesystem::path& path() const { return path_; }
  /// Why others might not see what is published here; empty when they do.
  const std::string& doubt() const { return doubt_; }

 private:
  ClaimsFolder(std::filesystem::path path, std::string doubt)
      : path_(std::move(path)), doubt_(std::move(doubt)) {}

  std::filesystem::path path_;
  std::string doubt_;
};

}  // namespace sitewide
