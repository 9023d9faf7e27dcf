// What a preview says of a hotfix's parts: the steps besides the copying of its files, and what the
// force makes of System.map. Pure.
#pragma once

#include <string>
#include <vector>

#include "orchestrator/cli/preview_text.h"

namespace sitewide {

/// The hotfix's parts, what the force makes of System.map, and what the article notes beside; empty
/// when there is nothing of all that.
std::string parts_in_words(const PreviewFacts& facts);
/// The lines of a diff, indented, as many as a screen takes; then how many more there are.
std::string map_diff_in_words(const std::vector<std::string>& diff);
/// What the catalogue says of conditions and of work by hand.
std::vector<std::string> article_notes(const Schedule& schedule);

}  // namespace sitewide
