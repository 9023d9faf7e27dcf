// Parts in words, the same in the catalogue, in a preview and in that of a rollback.
#pragma once

#include <string>

#include "orchestrator/core/parts.h"

namespace sitewide {

/// `stop SMS_EXECUTIVE, SMS_HIERARCHY_MANAGER`; not escaped.
std::string words_of(const SitePart& part);
/// `Sms.ini [Local] Key=Value`, `registry HKLM\Software\… Name=Value (REG_SZ)`; not escaped.
std::string words_of(const ClientPart& part);

}  // namespace sitewide
