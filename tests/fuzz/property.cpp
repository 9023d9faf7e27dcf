#include "tests/fuzz/property.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace sitewide::fuzz {
namespace {

// The code point that the next bytes are, written out by the table of RFC 3629; a negative number
// when they are none. `length` becomes how many bytes it takes.
long code_point(std::string_view text, std::size_t& length) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  length = 1;
  if (first < 0x80) return static_cast<long>(first);
  if (first >= 0xC2 && first <= 0xDF && follows(1)) {
    length = 2;
    return static_cast<long>((first - 0xC0) * 64 + byte(1) - 0x80);
  }
  const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (first >= 0xE0 && first <= 0xEF && follows(1, low, high) && follows(2)) {
    length = 3;
    return static_cast<long>((first - 0xE0) * 4096 + (byte(1) - 0x80) * 64 + byte(2) - 0x80);
  }
  if (first >= 0xF0 && first <= 0xF4 && follows(1, low, high) && follows(2) && follows(3)) {
    length = 4;
    return static_cast<long>((first - 0xF0) * 262144 + (byte(1) - 0x80) * 4096 +
                             (byte(2) - 0x80) * 64 + byte(3) - 0x80);
  }
  return -1;
}

bool is_harmless(long c) {
  const bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool turns = c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
                     (c >= 0x2066 && c <= 0x2069);
  const bool breaks = c == 0x2028 || c == 0x2029;
  return !control && !turns && !breaks;
}

}  // namespace

void holds(bool condition, const char* property, std::string_view about) {
  if (condition) return;
  std::fprintf(stderr, "PROPERTY DOES NOT HOLD: %s\n  of: ", property);
  for (const char c : about.substr(0, 4000)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F) {
      std::fputc(c, stderr);
    } else {
      std::fprintf(stderr, "\\x%02x", byte);
    }
  }
  std::fputc('\n', stderr);
  std::abort();
}

void holds_safe(std::string_view text) {
  const std::string_view whole = text;
  while (!text.empty()) {
    std::size_t length = 0;
    const long c = code_point(text, length);
    holds(c >= 0, "what is shown is UTF-8", whole);
    holds(is_harmless(c), "what is shown holds no control character", whole);
    text.remove_prefix(length);
  }
}

void holds_safe_lines(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      holds_safe(line);
      line.clear();
    } else if (c != '\t') {
      line += c;
    }
  }
  holds_safe(line);
}

}  // namespace sitewide::fuzz
