#include "plans/json_text.h"

#include <cstdint>

#include "orchestrator/base/text.h"
#include "plans/characters.h"

namespace sitewide {
namespace {

void append_escape(std::string& json, std::uint32_t c) {
  json += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) json += "0123456789abcdef"[(c >> shift) & 15U];
}

}  // namespace

std::string json_text(std::string_view text) {
  const std::string utf8 = to_utf8(text);
  std::string json = "\"";
  for (std::string_view rest = utf8; !rest.empty();) {
    const Character next = first_character(rest);
    const std::string_view bytes = rest.substr(0, next.bytes);
    rest.remove_prefix(next.bytes);
    if (next.value == '"' || next.value == '\\') {
      json += '\\';
      json += bytes;
    } else if (next.value == '\n') {
      json += "\\n";
    } else if (has_control_character(bytes)) {
      append_escape(json, next.value);
    } else {
      json += bytes;
    }
  }
  return json + '"';
}

}  // namespace sitewide
