// Small text functions that several folders need: case-blind comparison, escaping of hostile text,
// UTF-8, counting words, near misses. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sitewide {

/// ASCII lower case; other bytes stay.
std::string to_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
/// Less-than that ignores ASCII case: for sorted containers of SMS names.
struct LessIgnoringCase {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);

/// True when `text` is well-formed UTF-8 (no overlong forms, no surrogates).
bool is_utf8(std::string_view text);
/// True when `text` holds a C0 or C1 control character, DEL, or a bidirectional override.
bool has_control_character(std::string_view text);
/// Makes hostile text safe for a terminal or a log: control characters, escape sequences,
/// bidirectional overrides and bytes that are not UTF-8 become visible (`\x1b`, `\n`, `\u202e`);
/// tabs too. Never longer than `limit` bytes plus `…`.
std::string escaped(std::string_view text, std::size_t limit = SIZE_MAX);
/// Bytes that are not UTF-8 become U+FFFD; the rest stays: what a JSON string or an HTML page may
/// carry.
std::string to_utf8(std::string_view bytes);
/// For HTML text and attribute values.
std::string html_escaped(std::string_view text);

/// `1 client`, `2 clients`, `0 clients`.
std::string count_of(std::uint64_t count, std::string_view noun);
/// With a thin separator every three digits: `470,448`.
std::string with_separators(std::uint64_t number);

/// The candidate nearest to `word` if it is near enough to be a likely typo (optimal string
/// alignment distance at most max(1, length/3)), else empty.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace sitewide
