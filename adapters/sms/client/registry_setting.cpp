#include "adapters/sms/client/registry_setting.h"

#include <algorithm>

#include "orchestrator/base/text.h"

namespace sitewide::sms {

std::optional<SettingRecord> registry_setting(std::string_view printed) {
  for (std::string_view line : split(printed, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::size_t at = line.find("REG_");
    while (at != std::string_view::npos && at > 0 && line[at - 1] != ' ' && line[at - 1] != '\t')
      at = line.find("REG_", at + 1);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = line.substr(at);
    const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
    return SettingRecord{true, std::string(trim(rest.substr(end))),
                         std::string(rest.substr(0, end)), true};
  }
  return std::nullopt;
}

}  // namespace sitewide::sms
