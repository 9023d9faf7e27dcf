#include "orchestrator/base/device_name.h"

#include <algorithm>
#include <array>
#include <string>

#include "orchestrator/base/text.h"

namespace sitewide {

bool is_device_name(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kNames{"con",    "prn",    "aux",    "nul",
                                                          "clock$", "conin$", "conout$"};
  const std::string stem = to_lower(trim(name.substr(0, name.find('.'))));
  if (std::find(kNames.begin(), kNames.end(), stem) != kNames.end()) return true;
  const bool port = stem.starts_with("com") || stem.starts_with("lpt");
  return port && stem.size() == 4 && stem[3] >= '0' && stem[3] <= '9';
}

}  // namespace sitewide
