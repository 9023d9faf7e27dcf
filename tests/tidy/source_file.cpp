#include "tests/tidy/source_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace sitewide::tidy {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolders[] = {"orchestrator", "plans", "adapters", "tests", "examples"};

// Blanks comments and the insides of literals, one construct a call.
class Blanker {
 public:
  explicit Blanker(std::string text) : text_(std::move(text)) {}

  std::string blanked() {
    while (at_ < text_.size()) {
      if (starts("//")) {
        blank_to(text_.find('\n', at_));
      } else if (starts("/*")) {
        blank_to(after(text_.find("*/", at_ + 2), 2));
      } else if (starts("R\"") && !follows_word()) {
        raw_literal();
      } else if (text_[at_] == '"' || (text_[at_] == '\'' && !follows_word())) {
        literal(text_[at_]);
      } else {
        ++at_;
      }
    }
    return std::move(text_);
  }

 private:
  bool starts(std::string_view what) const { return text_.compare(at_, what.size(), what) == 0; }
  // A quote in 10'000 belongs to the number, an R in FOOR"x" to the word.
  bool follows_word() const { return at_ > 0 && is_word_character(text_[at_ - 1]); }
  std::size_t after(std::size_t found, std::size_t length) const {
    return found == std::string::npos ? found : found + length;
  }
  void blank_to(std::size_t end) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) {
      if (text_[at_] != '\n') text_[at_] = ' ';
    }
  }
  void raw_literal() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string::npos) return blank_to(open);
    const std::string close = ")" + text_.substr(at_ + 2, open - at_ - 2) + "\"";
    at_ += 2;
    blank_to(text_.find(close, open) + close.size() - 1);
    ++at_;
  }
  void literal(char quote) {
    // An include's path is no literal to a reader of includes.
    const std::size_t line = text_.rfind('\n', at_) + 1;
    const bool keep = text_.compare(line, 8, "#include") == 0;
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    ++at_;
    if (!keep) blank_to(end);
    at_ = std::min(end, text_.size()) + 1;
  }

  std::string text_;
  std::size_t at_ = 0;
};

bool has_shell_or_python_head(const std::string& text) {
  const std::string head = text.substr(0, text.find('\n'));
  return head.starts_with("#!") &&
         (head.find("sh") != std::string::npos || head.find("python") != std::string::npos);
}

}  // namespace

SourceFile::SourceFile(std::string path_of_it, std::string text_of_it)
    : path(std::move(path_of_it)), text(std::move(text_of_it)) {
  if (is_cpp()) code = Blanker(text).blanked();
}

std::size_t SourceFile::line_of(std::size_t offset) const {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
  return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

std::string to_string(const Finding& finding) {
  return finding.path + ":" + std::to_string(finding.line) + ": " + finding.what;
}

std::vector<SourceFile> load_sources(const std::string& root) {
  std::vector<SourceFile> files;
  for (const char* folder : kFolders) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(root) / folder)) {
      if (!entry.is_regular_file()) continue;
      const std::string ending = entry.path().extension();
      if (ending != ".h" && ending != ".cpp" && ending != ".py" && ending != ".sh" &&
          ending != ".js" && ending != ".css" && !ending.empty())
        continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::ostringstream text;
      text << in.rdbuf();
      if (ending.empty() && !has_shell_or_python_head(text.str())) continue;
      files.emplace_back(fs::relative(entry.path(), root).generic_string(), text.str());
    }
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  for (std::size_t at = text.find(word, from); at != text.npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool open = at > 0 && is_word_character(word.front()) && is_word_character(text[at - 1]);
    const bool runs_on =
        end < text.size() && is_word_character(word.back()) && is_word_character(text[end]);
    if (!open && !runs_on) return at;
  }
  return text.npos;
}

}  // namespace sitewide::tidy
