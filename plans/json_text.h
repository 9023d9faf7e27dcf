// Writing JSON text without a JSON library: diagnostics and the schema are small and flat. Pure.
#pragma once

#include <string>
#include <string_view>

namespace sitewide {

/// `text` as a JSON string with its quotes: control and bidirectional characters are escapes, bytes
/// that are not UTF-8 become U+FFFD.
std::string json_text(std::string_view text);

}  // namespace sitewide
