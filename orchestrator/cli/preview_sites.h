// What a preview says of sites, and of what a force reaches. Pure.
#pragma once

#include <string>

#include "orchestrator/cli/preview_text.h"

namespace sitewide {

/// Each file that staging writes, old → new; empty when there is none.
std::string writes_in_words(const PreviewFacts& facts);
/// `0123abcd 470,448 of 1999-06-22`.
std::string state_in_words(const FileState& state);
/// One file of a site: path, then what stands there and what will. Absent: no file.
std::string write_in_words(const std::string& site, const std::string& path,
                           const std::optional<FileState>& now,
                           const std::optional<FileState>& then);
/// Who is reached by each force besides the group that asks for it.
std::string reach_in_words(const Compiled& compiled);

}  // namespace sitewide
