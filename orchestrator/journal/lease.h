// Lease: the right to be the one controller of a rollout: a kernel lock on a file, which vanishes
// with the process however it dies and cannot be outlived by a child (close-on-exec). A stopped
// holder keeps it; there are no timeouts. Asking who holds it takes nothing, so a look never gets
// in the way of a controller.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "orchestrator/journal/durable_file.h"
#include "orchestrator/journal/owner.h"

namespace sitewide {

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
