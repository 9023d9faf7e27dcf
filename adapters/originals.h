// Originals: where the bytes that an upgrade replaces are kept, so that they can be put back: a
// content-addressed store with a manifest a subject that names them. Calls block: use them on the
// pool only; from any thread. What was put is durable when the call returns. Nothing is ever
// overwritten or removed through this interface.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "orchestrator/base/digest.h"
#include "orchestrator/base/result.h"

namespace sitewide {

class Originals {
 public:
  virtual ~Originals() = default;

  /// Keeps `bytes` under their digest. Equal bytes, put twice, are kept once.
  virtual Result<Digest> put(std::string_view bytes) = 0;
  /// The bytes of a digest that was put; verified against it. Not there or damaged: an error.
  virtual Result<std::string> get(const Digest& digest) = 0;

  /// Keeps `text` under `name` unless that name is taken, and returns what stands there afterwards:
  /// the first one put wins, so that a second attempt never overwrites the true originals by what
  /// the first attempt wrote. A name is a subject's: `client/pc001`, `site/HQ`.
  virtual Result<std::string> put_manifest(std::string_view name, std::string_view text) = 0;
  /// Nothing when no such manifest was put.
  virtual Result<std::optional<std::string>> manifest(std::string_view name) = 0;
};

}  // namespace sitewide
