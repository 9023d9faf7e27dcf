// What a preview warns of. Pure.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/cli/preview_text.h"

namespace sitewide {

/// Sentences, not escaped. What show_problems has said already is not said again.
std::vector<std::string> warnings_of(const PreviewFacts& facts);

}  // namespace sitewide
