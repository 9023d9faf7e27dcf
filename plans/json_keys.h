// JsonKeys: whether a JSON text says one key of a map twice. A reader that keeps values would keep
// the last of them and lose the others without a word. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sitewide {

/// The first key that its map has twice; nothing when there is none, or the text is no JSON.
std::optional<std::string> repeated_key(std::string_view json, std::size_t most_depth);

}  // namespace sitewide
