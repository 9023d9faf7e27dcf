// Admission: two live rollouts never share a site or a client. An admitted controller publishes
// what it uses as sorted 64-bit hashes in one file that it keeps locked; a newcomer compares its
// own with those of every file that is locked now. That is linear in the clients, takes one
// descriptor, and ends with the process. A rollout without a controller holds nothing. Rollouts
// know of each other that publish in the same folder. Blocks; one thread an object.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "orchestrator/journal/claims_folder.h"
#include "orchestrator/journal/durable_file.h"
#include "orchestrator/journal/lease.h"

namespace sitewide {

/// What a rollout uses: sites and clients by a key that is equal for the same machine, such as a
/// site's canonical root, a client's folder, or its address in lower case.
class Claims {
 public:
  /// A claim is numbered from 0 in the order of adding. The number is for describing it.
  void add_site(std::string_view key) { add('s', key); }
  void add_client(std::string_view key) { add('c', key); }
  void reserve(std::size_t claims) { claims_.reserve(claims); }
  std::size_t size() const { return claims_.size(); }

 private:
  friend class Admission;
  void add(char kind, std::string_view key);

  // The first 64 bits of SHA-256: two of a million keys are equal by chance once in thirty million
  // rollouts.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> claims_;  // hash, number
  std::string bytes_;
};

/// Who publishes, for those that are refused.
struct Claimant {
  std::string rollout;  ///< its id
  Owner owner;
  std::filesystem::path state;  ///< its state directory
};

class Admission {
 public:
  /// `describe(number)` names a claim for a person: `site HQ`, `client pc001`.
  using Describe = std::function<std::string(std::uint32_t claim)>;

  /// Holds the claims until the object goes or the process dies. Something of it is in use:
  /// ErrorKind::held, naming the other claimant and one thing they share. No room for the claims:
  /// ErrorKind::refused, with what helps. The caller holds the lease of its rollout.
  static Result<Admission> admit(const ClaimsFolder& folder, const Claimant& claimant,
                                 Claims claims, const Describe& describe);

 private:
  /// A file of claims, locked; removed when it goes.
  struct Published {
    ~Published();
    OpenFile file;
    std::filesystem::path path;
  };
  explicit Admission(std::unique_ptr<Published> published) : published_(std::move(published)) {}
  std::unique_ptr<Published> published_;
};

}  // namespace sitewide
