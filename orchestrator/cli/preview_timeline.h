// The predicted timeline: as lines for a screen, and as bars for a page. Pure.
#pragma once

#include <string>
#include <string_view>

#include "orchestrator/cli/preview_text.h"

namespace sitewide {

/// A line a moment, with the end; many moments are cut in the middle.
std::string timeline_in_words(const PreviewFacts& facts);
/// A bar a group and a table of moments, as HTML.
std::string timeline_section(const PreviewFacts& facts);
/// CSS of that.
std::string_view timeline_style();

}  // namespace sitewide
