#include "orchestrator/journal/claims_file.h"

#include <algorithm>
#include <cstring>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::string_view kFirstLine = "sitewide claims 1\n";
constexpr std::size_t kMostClaimant = 800;

}  // namespace

std::string encode_claims(std::string_view claimant, const ClaimHashes& hashes) {
  std::string bytes(kFirstLine);
  bytes += claimant;
  bytes += "\n\n";
  bytes.append(reinterpret_cast<const char*>(hashes.data()), hashes.size() * sizeof hashes[0]);
  return bytes;
}

std::optional<PublishedClaims> parse_claims(std::string_view bytes) {
  if (!bytes.starts_with(kFirstLine)) return std::nullopt;
  bytes.remove_prefix(kFirstLine.size());
  const std::size_t end = bytes.find("\n\n");
  if (end == std::string_view::npos) return std::nullopt;
  PublishedClaims found{escaped(bytes.substr(0, end), kMostClaimant), {}};
  bytes.remove_prefix(end + 2);
  // Half a number would be a claim that is lost.
  if (bytes.size() % sizeof(std::uint64_t) != 0) return std::nullopt;
  found.hashes.resize(bytes.size() / sizeof(std::uint64_t));
  if (!bytes.empty()) std::memcpy(found.hashes.data(), bytes.data(), bytes.size());
  std::sort(found.hashes.begin(), found.hashes.end());  // others' word is not taken for it
  return found;
}

}  // namespace sitewide
