// Reading whole files that a plan names: regular files only, so that a pipe or a device cannot hang
// the program. Blocking; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "orchestrator/base/result.h"

namespace sitewide {

/// The bytes of the regular file at `path`. More than `limit` bytes, or no such file, is an Error
/// of kind `invalid` whose message does not repeat the path.
Result<std::string> read_file(const std::string& path, std::uint64_t limit);

}  // namespace sitewide
