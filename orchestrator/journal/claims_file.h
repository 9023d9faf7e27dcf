// The bytes of a file of claims: a first line, who publishes in words, an empty line, then the
// hashes. It is read on the machine that wrote it, so the numbers lie as the machine has them.
// Anybody may have put one there, so nothing in it is taken on trust. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sitewide {

using ClaimHashes = std::vector<std::uint64_t>;

struct PublishedClaims {
  std::string claimant;  ///< safe to show
  ClaimHashes hashes;    ///< sorted
};

/// `claimant` is one line.
std::string encode_claims(std::string_view claimant, const ClaimHashes& hashes);
/// Nothing when the bytes are none that this version writes.
std::optional<PublishedClaims> parse_claims(std::string_view bytes);

}  // namespace sitewide
