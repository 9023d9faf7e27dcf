// Lease: the right to be the one controller of a rollout: a kernel lock on a file, which vanishes
// with the process however it dies and cannot be outlived by a child (close-on-exec). A stopped
// holder keeps it; there are no timeouts. Asking who holds it takes nothing, so a look never gets
// in the way of a controller.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "orchestrator/core/time.h"
#include "orchestrator/journal/durable_file.h"

namespace sitewide {

/// Who holds a lock, as the holder wrote it down.
struct Owner {
  std::string host;
  std::int64_t pid = 0;
  std::string user;
  Timestamp since{};

  friend bool operator==(const Owner&, const Owner&) = default;
};

/// This process.
Owner this_process(Timestamp now);
/// `pid 4711 of alice on hq1, since 2026-11-22T23:01:02Z`. Safe for a terminal.
std::string describe(const Owner& owner);

/// The bare kernel lock, without an owner's name: on an open file, for as long as it stays open.
/// False: another has it.
Result<bool> try_lock(const OpenFile& file, const std::filesystem::path& path);
/// Whether anybody else holds the lock of `path` now. A missing file: nobody.
Result<bool> is_locked(const std::filesystem::path& path);

class Lease {
 public:
  /// Takes the lock of `path`, made if missing, and writes `owner` into it. Held already:
  /// ErrorKind::held with a message that names the holder; `what` is what is held, for instance
  /// `rollout q237690-3`.
  static Result<Lease> acquire(const std::filesystem::path& path, std::string_view what,
                               const Owner& owner);
  /// Who holds it now; nothing when nobody does.
  static Result<std::optional<Owner>> holder(const std::filesystem::path& path);

 private:
  explicit Lease(OpenFile file) : file_(std::move(file)) {}
  OpenFile file_;
};

}  // namespace sitewide
