// The preview as one HTML file that needs nothing but itself: no script, nothing from elsewhere.
// Pure.
#pragma once

#include <string>

#include "orchestrator/cli/preview_text.h"

namespace sitewide {

/// Says what preview_text says, in the look of a rollout's report. All that plans, sites and
/// clients name is escaped.
std::string preview_page(const PreviewFacts& facts);

}  // namespace sitewide
