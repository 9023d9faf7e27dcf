// Admission: two live rollouts never share a site or a client. An admitted controller publishes
// what it uses as sorted 64-bit hashes in one file that it keeps locked; a newcomer compares its
// own with those of every file that is locked now. That is linear in the clients, takes one
// descriptor, and ends with the process. A rollout without a controller holds nothing. Only
// rollouts of the same state directory know of each other. Blocks; one thread an object.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "orchestrator/journal/durable_file.h"
#include "orchestrator/journal/rollout_directory.h"

namespace sitewide {

/// What a rollout uses: sites and clients by a key that is equal for the same machine, such as a
/// site's canonical root and a client's address in lower case.
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

class Admission {
 public:
  /// `describe(number)` names a claim for a person: `site HQ`, `client pc001`.
  using Describe = std::function<std::string(std::uint32_t claim)>;

  /// Holds the claims of `rollout` until the object goes or the process dies. Something of it is in
  /// use: ErrorKind::held, naming the other rollout, its owner and one thing they share. The caller
  /// holds the lease.
  static Result<Admission> admit(const StateDirectory& state, const RolloutDirectory& rollout,
                                 Claims claims, const Describe& describe);

 private:
  explicit Admission(OpenFile file) : file_(std::move(file)) {}
  OpenFile file_;
};

}  // namespace sitewide
