// The sources that the tidy checks read, and what a check says of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sitewide::tidy {

/// One source file. `code` is `text` with comments and the insides of literals blanked: same
/// length, same lines, so that a place in one is a place in the other.
struct SourceFile {
  std::string path;  ///< relative to the root, with `/`
  std::string text;
  std::string code;

  SourceFile(std::string path, std::string text);

  bool is_header() const { return path.ends_with(".h"); }
  bool is_cpp() const { return is_header() || path.ends_with(".cpp"); }
  /// The line, counted from 1, that holds the byte at `offset`.
  std::size_t line_of(std::size_t offset) const;
};

/// One broken rule: `path:line: what`.
struct Finding {
  std::string path;
  std::size_t line = 0;
  std::string what;
};

std::string to_string(const Finding& finding);

/// Every C++, Python and shell source under the root's source folders, sorted by path.
std::vector<SourceFile> load_sources(const std::string& root);

/// The lines of `text`, without their ends.
std::vector<std::string_view> lines_of(std::string_view text);
bool is_word_character(char c);
/// The offset of the first `word` in `text` from `from` on that stands alone, or npos. Only its
/// ends that are word characters must stand alone: `now(` is found in `x.now()`, not in `known(`.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0);

}  // namespace sitewide::tidy
