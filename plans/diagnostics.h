// Diagnostics: Problems as a person or a program reads them, with the offending line and a caret.
// Text from files is hostile and is escaped. Reads an inventory file again to show its line;
// otherwise pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "orchestrator/core/problem.h"

namespace sitewide {

/// A file that places point into; its number in a list is Place::source.
struct SourceFile {
  std::string path;                  ///< as it is shown
  std::optional<std::string> bytes;  ///< nothing: read from `path` when a line must be shown
};

enum class DiagnosticFormat : std::uint8_t {
  full,     ///< with the line, a caret and help
  concise,  ///< `plan.yaml:7:5: error: …`, one line each
  json,     ///< NDJSON, one `diagnostic` a line
};

struct DiagnosticOptions {
  DiagnosticFormat format = DiagnosticFormat::full;
  bool colour = false;
  std::size_t cap = 20;  ///< problems shown of one file; the others are counted
};

/// Sorts by file and place, and drops what is said twice of the same place.
void sort_problems(Problems& problems);

bool has_errors(const Problems& problems);

/// The problems sorted by place, then one line a file: `plan.yaml: 3 errors, 1 warning`. Empty for
/// no problems. JSON has neither cap nor last line.
std::string render(Problems problems, const std::vector<SourceFile>& files,
                   const DiagnosticOptions& options = {});

}  // namespace sitewide
