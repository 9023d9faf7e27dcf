#include <algorithm>

#include "tests/tidy/checks.h"

namespace sitewide::tidy {
namespace {

constexpr std::size_t kFileLines = 400;
constexpr std::size_t kFunctionLines = 70;
constexpr std::size_t kCppColumns = 100;
constexpr std::size_t kScriptColumns = 120;

std::size_t columns_of(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;  // not a continuation byte of UTF-8
  }));
}

// A raw literal stands as it is: its lines cannot be broken.
bool is_raw_literal(std::string_view line, std::string_view code) {
  const std::size_t first = line.find_first_not_of(' ');
  const bool inside = code.find_first_not_of(' ') == code.npos && line.substr(first, 2) != "//";
  return inside || line.find("R\"") != line.npos;
}

// Finds the functions of a file by its braces: a block in a namespace or a class whose head has
// parentheses. What is inside a function, lambdas too, counts with it.
class FunctionFinder {
 public:
  explicit FunctionFinder(const SourceFile& file) : file_(file), code_(file.code) {}

  std::vector<Finding> too_long() {
    for (at_ = 0; at_ < code_.size(); ++at_) {
      const char c = code_[at_];
      if (c == '#' && (at_ == 0 || code_[at_ - 1] == '\n')) {
        skip_directive();
      } else if (c == '{') {
        open();
      } else if (c == '}') {
        close();
      } else if (c == ';') {
        head_ = at_ + 1;
      }
    }
    return std::move(findings_);
  }

 private:
  enum class Kind { scope, function, other };
  struct Block {
    Kind kind;
    std::size_t head;
  };

  void skip_directive() {
    for (; at_ < code_.size(); ++at_) {
      if (code_[at_] == '\n' && code_[at_ - 1] != '\\') break;
    }
    head_ = at_ + 1;
  }

  void open() {
    const bool inside = !blocks_.empty() && blocks_.back().kind != Kind::scope;
    blocks_.push_back({inside ? Kind::other : kind_of(head()), head_});
    head_ = at_ + 1;
  }

  void close() {
    if (blocks_.empty()) return;
    const Block block = blocks_.back();
    blocks_.pop_back();
    head_ = at_ + 1;
    if (block.kind != Kind::function) return;
    const std::size_t next = code_.find_first_not_of(" \n", at_ + 1);
    const bool member = next != code_.npos && (code_[next] == ',' || code_[next] == '{');
    if (member) {  // an initialiser `: a_{1},` of a constructor: the head goes on
      head_ = block.head;
      return;
    }
    const std::size_t first = file_.line_of(code_.find_first_not_of(" \n", block.head));
    const std::size_t lines = file_.line_of(at_) - first + 1;
    if (lines <= kFunctionLines) return;
    findings_.push_back(
        {file_.path, first, "a function of " + std::to_string(lines) + " lines; at most 70"});
  }

  std::string_view head() const { return std::string_view(code_).substr(head_, at_ - head_); }

  static Kind kind_of(std::string_view head) {
    const std::size_t parenthesis = head.find('(');
    for (const std::string_view word : {"namespace", "class", "struct", "union", "extern"}) {
      if (find_word(head.substr(0, parenthesis), word) != head.npos && head.find(')') == head.npos)
        return Kind::scope;
    }
    const std::size_t equals = head.find('=');
    const bool value = equals < parenthesis && find_word(head, "operator") == head.npos;
    return parenthesis == head.npos || value ? Kind::other : Kind::function;
  }

  const SourceFile& file_;
  const std::string& code_;
  std::size_t at_ = 0;
  std::size_t head_ = 0;  // where what stands before the next brace begins
  std::vector<Block> blocks_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_sizes(const SourceFile& file) {
  std::vector<Finding> findings;
  const auto lines = lines_of(file.text);
  const auto code = lines_of(file.code);
  if (lines.size() > kFileLines)
    findings.push_back({file.path, lines.size(), "a file of more than 400 lines"});
  const std::size_t columns = file.is_cpp() ? kCppColumns : kScriptColumns;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (columns_of(lines[i]) <= columns) continue;
    if (file.is_cpp() && is_raw_literal(lines[i], code[i])) continue;
    findings.push_back(
        {file.path, i + 1, "a line of more than " + std::to_string(columns) + " columns"});
  }
  if (!file.is_cpp()) return findings;
  const auto functions = FunctionFinder(file).too_long();
  findings.insert(findings.end(), functions.begin(), functions.end());
  return findings;
}

}  // namespace sitewide::tidy
