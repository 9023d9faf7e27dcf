// What a preview says of a hotfix's parts: the steps besides the copying of its files, and what the
// force makes of System.map. Pure.
#pragma once

#include <string>

#include "orchestrator/cli/preview_text.h"

namespace sitewide {

/// Empty when the hotfix has none.
std::string parts_in_words(const PreviewFacts& facts);

}  // namespace sitewide
