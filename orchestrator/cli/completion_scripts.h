// The scripts that make a shell ask `sitewide __complete` what may come next. Constants.
#pragma once

#include <string_view>

namespace sitewide {

/// For `bash`, `zsh` or `fish`; empty for any other name.
std::string_view completion_script(std::string_view shell);

}  // namespace sitewide
