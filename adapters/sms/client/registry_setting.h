// What a client's `reg query` says of a value of the registry. Hostile: a client prints what it
// likes. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "adapters/sms/manifest.h"

namespace sitewide::sms {

/// What `reg query` printed: the first line with a type, `  Name    REG_SZ    value`; nothing when
/// there is none.
std::optional<SettingRecord> registry_setting(std::string_view printed);

}  // namespace sitewide::sms
