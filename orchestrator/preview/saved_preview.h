// SavedPreview: what a preview found, frozen, so that a run can be held to it: the plan's bytes,
// the schedule with its clients, the artifacts, and what stood on sites and clients. Plain values;
// pure. One file of text, written by encode_saved_preview. Whoever passes such a file to `run`
// approves what it says, so reading one trusts nothing: size, nesting and counts are bounded, every
// digest is checked again, and what does not fit together is an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/digest.h"
#include "orchestrator/base/result.h"
#include "orchestrator/core/schedule.h"
#include "orchestrator/core/time.h"

namespace sitewide {

/// A file that the rollout will stage or merge, as it was.
struct SavedArtifact {
  std::string path;
  Digest digest;  ///< all zero: it could not be read
  friend bool operator==(const SavedArtifact&, const SavedArtifact&) = default;
};

/// One file on a site or a share, as it was seen.
struct SavedFile {
  std::string place;    ///< `site HQ`, `logon server S768AA0 of site HQ`
  std::string path;     ///< below its root
  std::string trouble;  ///< why it could not be seen; empty: it could
  bool present = false;
  Digest digest;
  std::uint64_t size = 0;
  Timestamp modified{};
  friend bool operator==(const SavedFile&, const SavedFile&) = default;
};

/// What a look at a client says of it.
enum class ClientStanding : std::uint8_t { to_upgrade, current, unreachable, unknown };
inline constexpr std::size_t kClientStandings = 4;
/// `to upgrade`, `already current`, `unreachable`, `unknown`.
std::string_view name_of(ClientStanding standing);

/// Beside the client of the same index in the schedule.
struct SavedClient {
  ClientStanding standing = ClientStanding::unknown;
  std::string why;  ///< unreachable, unknown: what was said
  friend bool operator==(const SavedClient&, const SavedClient&) = default;
};

struct SavedPreview {
  std::string program;  ///< version that wrote it
  Timestamp at{};       ///< when the look was over
  std::string only;     ///< the selector that narrowed it; or empty
  std::string plan;     ///< the plan's bytes
  Schedule schedule;    ///< with path and digest of the plan, and the clients
  Digest inventory;     ///< of the whole inventory, in canonical form
  Digest catalogue;     ///< of the article's entry; all zero: the plan names none
  std::vector<SavedArtifact> artifacts;
  std::vector<SavedFile> files;
  std::optional<std::vector<SavedClient>> clients;  ///< with --probe: one for each of the schedule
  Digest digest;  ///< of the content, once it was written or read; names the preview
};

/// The most that a saved preview may have: a plan of a million clients fits.
inline constexpr std::size_t kMostPreviewBytes = std::size_t{512} << 20;
/// How long one holds: sites and clients move on.
inline constexpr Duration kPreviewHolds = std::chrono::hours(24);

/// Whether a file that begins with these bytes means to be a saved preview, of whatever format; a
/// plan never does.
bool is_saved_preview(std::string_view beginning);

/// The file's text; also sets `digest`.
std::string encode_saved_preview(SavedPreview& preview);
/// Reads it back. An error of kind invalid says what is wrong, safe to show.
Result<SavedPreview> decode_saved_preview(std::string_view text);

}  // namespace sitewide
