// A site's part in words, the same in the catalogue and in a preview.
#pragma once

#include <string>

#include "orchestrator/core/parts.h"

namespace sitewide {

/// `stop SMS_EXECUTIVE, SMS_HIERARCHY_MANAGER`; not escaped.
std::string words_of(const SitePart& part);

}  // namespace sitewide
