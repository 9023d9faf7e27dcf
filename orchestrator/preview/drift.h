// Drift: what is no longer as a saved preview found it. Pure: both sides were looked at before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "orchestrator/preview/saved_preview.h"

namespace sitewide {

/// How things are now, for what a saved preview speaks of.
struct PresentState {
  std::string program;
  Timestamp now{};
  std::string plan_trouble;  ///< why the plan cannot be read or compiled any more; or empty
  Digest plan;               ///< of its bytes
  const Schedule* schedule = nullptr;  ///< compiled anew; null: plan_trouble says why not
  Digest inventory;
  Digest catalogue;
  std::vector<SavedArtifact> artifacts;             ///< of the saved paths, in that order
  std::vector<SavedFile> files;                     ///< of the saved schedule's sites
  std::optional<std::vector<SavedClient>> clients;  ///< when the saved preview has seen clients
};

/// One thing that changed.
struct DriftItem {
  enum class Kind : std::uint8_t {
    age,
    program,
    plan,
    catalogue,
    artifact,
    client,    ///< added, removed, or other labels, address, group or wave
    site,      ///< a file on a site or a share of it
    standing,  ///< a client was seen to be in another state
  };
  Kind kind = Kind::plan;
  std::string words;  ///< one sentence, then → now; escaped
  bool gone = false;  ///< what was approved is not there any more: nobody can accept this
};
/// `artifact`, `site_file` …, for programs.
std::string_view name_of(DriftItem::Kind kind);

/// Every item, in the order of Kind, but for changes of the inventory that concern no client of the
/// rollout; empty: a run does what was previewed. O(clients log clients).
std::vector<DriftItem> drift_since(const SavedPreview& saved, const PresentState& present);

/// `470,448 bytes of 1999-06-22T13:12:00Z (sha256 0123456789ab)`, `no such file`; escaped.
std::string file_in_words(const SavedFile& file);

}  // namespace sitewide
