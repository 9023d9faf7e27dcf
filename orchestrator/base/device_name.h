// The names that Windows takes for devices in every folder: no file may be called so, whatever a
// plan, an Sms.ini or a client says. Pure; any thread.
#pragma once

#include <string_view>

namespace sitewide {

/// True for `CON`, `nul.txt`, `COM1`, `lpt9.log`, `clock$` …: in any case, with any extension, with
/// blanks before it.
bool is_device_name(std::string_view name);

}  // namespace sitewide
