// Where rollouts live on the disk: the state directory and one directory a rollout in it. Names and
// paths only; what is in the files is others' work. Calls block; nothing here is held open.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/result.h"
#include "orchestrator/core/time.h"

namespace sitewide {

/// `<state>/<id>/`, 0700.
class RolloutDirectory {
 public:
  RolloutDirectory(std::filesystem::path path, Timestamp created)
      : path_(std::move(path)), created_(created) {}

  std::string id() const { return path_.filename().string(); }
  const std::filesystem::path& path() const { return path_; }
  Timestamp created() const { return created_; }

  std::filesystem::path journal() const { return path_ / "journal.db"; }
  std::filesystem::path lock() const { return path_ / "lock"; }  ///< see Lease
  std::filesystem::path backups() const { return path_ / "backups"; }
  std::filesystem::path payload() const { return path_ / "payload"; }
  std::filesystem::path orders() const { return path_ / "orders"; }
  std::filesystem::path notified() const { return path_ / "notified"; }  ///< see notify/marks.h

 private:
  std::filesystem::path path_;
  Timestamp created_;
};

/// What the environment says about where state belongs.
struct StateEnvironment {
  std::string sitewide_state_dir;  ///< $SITEWIDE_STATE_DIR
  std::string xdg_state_home;      ///< $XDG_STATE_HOME
  std::string home;                ///< $HOME
};
StateEnvironment read_environment();

/// `option` (--state-dir), else $SITEWIDE_STATE_DIR, else $XDG_STATE_HOME/sitewide, else
/// ~/.local/state/sitewide; made absolute. An XDG directory that is not absolute is ignored, as the
/// XDG specification says. Touches nothing.
Result<std::filesystem::path> state_path(std::string_view option,
                                         const StateEnvironment& environment);

class StateDirectory {
 public:
  /// For readers: the directory need not exist; then there are no rollouts.
  explicit StateDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  /// For writers: makes the directory where it is missing. Refuses one that others could write, or
  /// that lies on a network file system, where locks and the journal's shared memory do not hold.
  /// Errors are of kind journal.
  static Result<StateDirectory> create(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path locks() const { return path_ / "locks"; }

  /// Makes the directory of a new rollout with the next free number: `q237690-3`. Safe against
  /// others that do the same. Errors are of kind journal.
  Result<RolloutDirectory> create_rollout(std::string_view plan_name, Timestamp now) const;

  /// All rollouts whose directory was finished, oldest first.
  Result<std::vector<RolloutDirectory>> rollouts() const;

  /// The rollout `word` means: an id, the one id that begins with it, or `latest` (the newest).
  /// None or several: ErrorKind::refused with the candidates.
  Result<RolloutDirectory> find(std::string_view word) const;

 private:
  std::filesystem::path path_;
};

}  // namespace sitewide
