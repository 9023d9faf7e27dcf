#include "adapters/last_line.h"

#include <string_view>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::size_t kLine = 200;

std::string_view last_line_of(std::string_view text) {
  text = trim(text);
  const std::size_t start = text.find_last_of("\r\n");
  return trim(start == std::string_view::npos ? text : text.substr(start + 1));
}

}  // namespace

std::string last_line(const Output& output) {
  std::string_view line = last_line_of(output.tail);
  if (line.empty()) line = last_line_of(output.head);
  return escaped(line, kLine);
}

}  // namespace sitewide
