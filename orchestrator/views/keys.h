// Keys: what a person types, from the bytes that a terminal sends for it. A small state machine
// that takes any bytes: what it does not know it swallows, so that garbage never becomes a key.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sitewide {

struct Key {
  enum class Kind : std::uint8_t {
    text,  ///< one character
    enter,
    escape,
    backspace,
    clear,   ///< ctrl-u: what was typed so far goes
    redraw,  ///< ctrl-l
    up,
    down,
    page_up,
    page_down,
    home,
    end,
  };
  Kind kind = Kind::text;
  std::string text{};   ///< kind text: the character in UTF-8; never a control character
  bool pasted = false;  ///< came in a bracketed paste: a person did not press this key

  friend bool operator==(const Key&, const Key&) = default;
};

class KeyReader {
 public:
  /// The keys that `bytes` complete. Bytes may be cut anywhere.
  std::vector<Key> read(std::string_view bytes);
  /// Nothing has come for a moment: an escape that still waits for its sequence was the key itself.
  std::vector<Key> idle();

 private:
  enum class State : std::uint8_t {
    ground,
    escape,         // ESC was read
    control,        // ESC [ and parameters
    single,         // ESC O
    string,         // ESC ] and the like: until BEL or ESC backslash
    string_escape,  // ESC within one
    character,      // within a character of several bytes
  };
  void take(std::uint8_t byte, std::vector<Key>& keys);
  void take_ground(std::uint8_t byte, std::vector<Key>& keys);
  void take_escape(std::uint8_t byte, std::vector<Key>& keys);
  void take_control(std::uint8_t byte, std::vector<Key>& keys);
  void take_character(std::uint8_t byte, std::vector<Key>& keys);
  void sequence_ends(char last, std::vector<Key>& keys);

  State state_ = State::ground;
  bool pasting_ = false;
  std::size_t missing_ = 0;  // bytes of the character that are still to come
  std::string gathered_;     // of the sequence or the character
};

}  // namespace sitewide
