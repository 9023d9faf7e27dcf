#include "orchestrator/views/keys.h"

#include <optional>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::uint8_t kEscape = 0x1b;
constexpr std::uint8_t kBell = 0x07;
constexpr std::uint8_t kDelete = 0x7f;
// Longer sequences are no key of any keyboard.
constexpr std::size_t kSequenceMax = 32;

// The last byte of ESC [ … and ESC O … for keys that have one of their own.
std::optional<Key::Kind> kind_of_letter(char last) {
  switch (last) {
    case 'A':
      return Key::Kind::up;
    case 'B':
      return Key::Kind::down;
    case 'H':
      return Key::Kind::home;
    case 'F':
      return Key::Kind::end;
    default:
      return std::nullopt;
  }
}

// The number before `~`.
std::optional<Key::Kind> kind_of_number(std::string_view number) {
  if (number == "1" || number == "7") return Key::Kind::home;
  if (number == "4" || number == "8") return Key::Kind::end;
  if (number == "5") return Key::Kind::page_up;
  if (number == "6") return Key::Kind::page_down;
  return std::nullopt;
}

std::optional<Key::Kind> kind_of_control(std::uint8_t byte) {
  switch (byte) {
    case '\r':
    case '\n':
      return Key::Kind::enter;
    case 0x08:
    case kDelete:
      return Key::Kind::backspace;
    case 0x0c:
      return Key::Kind::redraw;
    case 0x15:
      return Key::Kind::clear;
    default:
      return std::nullopt;
  }
}

std::size_t bytes_after(std::uint8_t lead) {
  if (lead >= 0xc2 && lead <= 0xdf) return 1;
  if (lead >= 0xe0 && lead <= 0xef) return 2;
  if (lead >= 0xf0 && lead <= 0xf4) return 3;
  return 0;
}

}  // namespace

std::vector<Key> KeyReader::read(std::string_view bytes) {
  std::vector<Key> keys;
  for (const char byte : bytes) take(static_cast<std::uint8_t>(byte), keys);
  return keys;
}

std::vector<Key> KeyReader::idle() {
  const bool alone = state_ == State::escape;
  state_ = State::ground;
  gathered_.clear();
  if (!alone) return {};
  return {Key{Key::Kind::escape, {}, pasting_}};
}

void KeyReader::take(std::uint8_t byte, std::vector<Key>& keys) {
  switch (state_) {
    case State::ground:
      return take_ground(byte, keys);
    case State::escape:
      return take_escape(byte, keys);
    case State::control:
      return take_control(byte, keys);
    case State::single:
      gathered_.clear();
      state_ = State::ground;
      if (byte == kEscape) return take_ground(byte, keys);
      if (byte == 'M') keys.push_back({Key::Kind::enter, {}, pasting_});  // the keypad's
      return sequence_ends(static_cast<char>(byte), keys);
    case State::string:
      if (byte == kBell) state_ = State::ground;
      if (byte == kEscape) state_ = State::string_escape;
      return;
    case State::string_escape:
      state_ = byte == '\\' ? State::ground : byte == kEscape ? state_ : State::string;
      return;
    case State::character:
      return take_character(byte, keys);
  }
}

void KeyReader::take_ground(std::uint8_t byte, std::vector<Key>& keys) {
  if (byte == kEscape) {
    state_ = State::escape;
    return;
  }
  if (const auto kind = kind_of_control(byte)) {
    keys.push_back({*kind, {}, pasting_});
  } else if (byte >= 0x80) {
    missing_ = bytes_after(byte);
    gathered_.assign(1, static_cast<char>(byte));
    if (missing_ > 0) state_ = State::character;
  } else if (byte >= 0x20) {
    keys.push_back({Key::Kind::text, std::string(1, static_cast<char>(byte)), pasting_});
  }
}

void KeyReader::take_escape(std::uint8_t byte, std::vector<Key>& keys) {
  gathered_.clear();
  state_ = State::ground;
  if (byte == '[') {
    state_ = State::control;
  } else if (byte == 'O') {
    state_ = State::single;
  } else if (byte == ']' || byte == 'P' || byte == '_' || byte == '^' || byte == 'X') {
    state_ = State::string;
  } else if (byte == kEscape) {
    keys.push_back({Key::Kind::escape, {}, pasting_});
    state_ = State::escape;
  }
  // Else alt and a key, which means nothing here.
}

void KeyReader::take_control(std::uint8_t byte, std::vector<Key>& keys) {
  if (byte == kEscape) {  // the sequence was cut short
    state_ = State::escape;
  } else if (byte >= 0x40 && byte <= 0x7e) {
    state_ = State::ground;
    sequence_ends(static_cast<char>(byte), keys);
  } else if (byte < 0x20 || byte > 0x7e || gathered_.size() == kSequenceMax) {
    state_ = State::ground;
  } else {
    gathered_ += static_cast<char>(byte);
  }
}

void KeyReader::sequence_ends(char last, std::vector<Key>& keys) {
  if (last == '~' && (gathered_ == "200" || gathered_ == "201")) {
    pasting_ = gathered_ == "200";
    return;
  }
  const std::string_view first = std::string_view(gathered_).substr(0, gathered_.find(';'));
  const auto kind = last == '~' ? kind_of_number(first) : kind_of_letter(last);
  if (kind) keys.push_back({*kind, {}, pasting_});
}

void KeyReader::take_character(std::uint8_t byte, std::vector<Key>& keys) {
  if ((byte & 0xc0U) != 0x80) {  // the character was cut short
    state_ = State::ground;
    return take_ground(byte, keys);
  }
  gathered_ += static_cast<char>(byte);
  if (--missing_ > 0) return;
  state_ = State::ground;
  if (is_utf8(gathered_) && !has_control_character(gathered_))
    keys.push_back({Key::Kind::text, gathered_, pasting_});
}

}  // namespace sitewide
