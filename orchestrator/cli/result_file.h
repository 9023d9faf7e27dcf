// ResultFile: where a command puts a document it was asked to write: a file, or standard output.
#pragma once

#include <string>
#include <string_view>

#include "orchestrator/cli/console.h"

namespace sitewide {

/// Writes `bytes` to the file of that name, whole or not at all; what is no file, a device or a
/// pipe, gets them as it stands, and `-` means standard output. The error names the file.
Result<> write_result(const std::string& target, std::string_view bytes, const Console& console);

}  // namespace sitewide
