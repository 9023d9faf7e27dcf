// SHA-256 digests of bytes and files. Values; every function may be called from any thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/base/result.h"

namespace sitewide {

/// A SHA-256 digest. Default-constructed: all zero, which no content has in practice.
struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  friend auto operator<=>(const Digest&, const Digest&) = default;

  /// 64 lowercase hexadecimal digits.
  std::string hex() const;
  /// The first `digits` hexadecimal digits, for screens.
  std::string brief(std::size_t digits = 12) const { return hex().substr(0, digits); }
  /// Reads 64 hexadecimal digits of either case; nothing else is a digest.
  static std::optional<Digest> parse(std::string_view text);
};

/// Computes one SHA-256 over pieces that arrive in turn.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::string_view bytes);
  /// The digest of what was added so far; afterwards the object starts anew.
  Digest finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// The digest of `bytes`.
Digest sha256(std::string_view bytes);

}  // namespace sitewide
