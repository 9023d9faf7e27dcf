// Typed: a line of text that a person types, key by key. Pure.
#pragma once

#include <string>

#include "orchestrator/views/keys.h"

namespace sitewide {

/// Does what the key does to the text: a character comes to its end, backspace takes one away,
/// ctrl-u all. At most `most` bytes. Whether the text is another now.
bool type(std::string& text, const Key& key, std::size_t most);

}  // namespace sitewide
