#include "orchestrator/views/typed.h"

namespace sitewide {

bool type(std::string& text, const Key& key, std::size_t most) {
  if (key.kind == Key::Kind::text && text.size() + key.text.size() <= most) {
    text += key.text;
    return true;
  }
  if (text.empty()) return false;
  if (key.kind == Key::Kind::clear) {
    text.clear();
    return true;
  }
  if (key.kind != Key::Kind::backspace) return false;
  while (text.size() > 1 && (static_cast<unsigned char>(text.back()) & 0xc0U) == 0x80)
    text.pop_back();
  text.pop_back();
  return true;
}

}  // namespace sitewide
