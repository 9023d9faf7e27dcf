#include "orchestrator/views/json_text.h"

#include <boost/json/serialize.hpp>
#include <cstdint>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

void append_escape(std::string& text, std::uint32_t c) {
  text += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) text += "0123456789abcdef"[(c >> shift) & 15U];
}

// Characters beyond those that JSON itself escapes. They stand in strings only, so an escape is
// always allowed.
bool is_unsafe(std::uint32_t c, bool for_html) {
  if (c == 0x7F || (c >= 0x80 && c <= 0x9F)) return true;
  if (c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E)) return true;
  if (c >= 0x2066 && c <= 0x2069) return true;
  return for_html && (c == '<' || c == '>' || c == '&');
}

}  // namespace

boost::json::string json_string(std::string_view bytes) {
  const std::string text = to_utf8(bytes);
  return boost::json::string(text);
}

std::string json_text(const boost::json::value& value, bool for_html) {
  const std::string plain = boost::json::serialize(value);
  std::string text;
  text.reserve(plain.size());
  for (std::size_t i = 0; i < plain.size();) {
    const auto lead = static_cast<std::uint8_t>(plain[i]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    std::uint32_t c = bytes == 1 ? lead : lead & (0xFFU >> (bytes + 1));
    for (std::size_t k = 1; k < bytes && i + k < plain.size(); ++k) {
      c = (c << 6) | (static_cast<std::uint8_t>(plain[i + k]) & 0x3FU);
    }
    if (is_unsafe(c, for_html)) {
      append_escape(text, c);
    } else {
      text.append(plain, i, bytes);
    }
    i += bytes;
  }
  return text;
}

}  // namespace sitewide
