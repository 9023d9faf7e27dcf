#include "orchestrator/views/outlook.h"

#include <algorithm>

namespace sitewide {

std::string describe_expected(Timestamp at, Timestamp now) {
  using Days = std::chrono::days;
  const std::string text = format_timestamp(std::chrono::round<std::chrono::minutes>(at));
  const bool same_day = std::chrono::floor<Days>(at) == std::chrono::floor<Days>(now);
  return "~" + (same_day ? std::string() : text.substr(0, 10) + " ") + text.substr(11, 5) + " UTC";
}

std::string describe_left(Timestamp at, Timestamp now) {
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(at - now);
  return "~" + describe_duration(std::max(minutes, std::chrono::minutes(1)));
}

}  // namespace sitewide
