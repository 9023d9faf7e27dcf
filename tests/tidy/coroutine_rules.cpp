#include <algorithm>

#include "tests/tidy/checks.h"

namespace sitewide::tidy {
namespace {

// Reads one statement outwards from its co_await or co_spawn. g++ 12.2 destroys some temporaries of
// such a statement twice; a named value, moved in, is safe.
class Statement {
 public:
  Statement(std::string_view code, std::size_t keyword) : code_(code), keyword_(keyword) {}

  /// What is wrong, or nothing.
  std::string_view fault() const {
    const std::string_view before = leading();
    if (before.find('?') != before.npos) return "a condition";
    for (std::size_t at = keyword_; at < code_.size() && code_[at] != ';'; ++at) {
      const char c = code_[at];
      if (c == '?') return "a condition";
      if (c == '{') {
        if (is_value(at)) return "a braced value";
        if (is_block(at)) return {};
      }
      if (c == '[' && is_lambda(at)) return "a lambda";
    }
    return {};
  }

 private:
  // From the end of the statement before this one; a braced value earlier in the same argument list
  // hides what stands before it, but shows itself by the comma.
  std::string_view leading() const {
    const std::size_t end = code_.find_last_of(";{}", keyword_);
    const std::size_t from = end == code_.npos ? 0 : end + 1;
    const std::string_view text = code_.substr(from, keyword_ - from);
    const std::size_t first = text.find_first_not_of(" \n");
    const bool after_value = end != code_.npos && code_[end] == '}' && first != text.npos &&
                             (text[first] == ',' || text[first] == ')');
    return after_value ? std::string_view("?") : text;
  }

  std::size_t before(std::size_t at) const {  // the last character before `at` that is not blank
    return at == 0 ? code_.npos : code_.find_last_not_of(" \n", at - 1);
  }

  // `(…{`, `,…{` and `co_await Type{`, where … is nothing or a type's name.
  bool is_value(std::size_t brace) const {
    std::size_t at = before(brace);
    if (at != code_.npos && code_[at] == '>') at = before(code_.rfind('<', at));
    while (at != code_.npos && (is_word_character(code_[at]) || code_[at] == ':')) --at;
    if (at != code_.npos && (code_[at] == ' ' || code_[at] == '\n')) {
      const bool awaited = code_.substr(0, at).ends_with("co_await");
      at = awaited ? at : before(at + 1);
      if (awaited) return true;
    }
    return at != code_.npos && (code_[at] == '(' || code_[at] == ',');
  }

  bool is_block(std::size_t brace) const {
    const std::size_t at = before(brace);
    return at != code_.npos && code_[at] == ')';
  }

  // `[…](` or `[…]{` where a value may begin, so not after a name, which would be an index.
  bool is_lambda(std::size_t bracket) const {
    const std::size_t earlier = before(bracket);
    const bool keyword = code_.substr(0, earlier + 1).ends_with("co_await");
    const bool index =
        is_word_character(code_[earlier]) || code_[earlier] == ')' || code_[earlier] == ']';
    const std::size_t close = code_.find(']', bracket);
    if (close == code_.npos || (index && !keyword)) return false;
    const std::size_t next = code_.find_first_not_of(" \n", close + 1);
    return next != code_.npos && (code_[next] == '(' || code_[next] == '{');
  }

  std::string_view code_;
  std::size_t keyword_;
};

}  // namespace

std::vector<Finding> check_coroutines(const SourceFile& file) {
  std::vector<Finding> findings;
  if (!file.is_cpp()) return findings;
  for (const std::string_view keyword : {"co_await", "co_spawn"}) {
    for (std::size_t at = find_word(file.code, keyword); at != file.code.npos;
         at = find_word(file.code, keyword, at + 1)) {
      const std::string_view fault = Statement(file.code, at).fault();
      if (!fault.empty())
        findings.push_back({file.path, file.line_of(at),
                            std::string(fault) + " inside this " + std::string(keyword) +
                                " statement: name it on the line before"});
    }
  }
  return findings;
}

}  // namespace sitewide::tidy
