#include <algorithm>

#include "tests/tidy/checks.h"

namespace sitewide::tidy {
namespace {

constexpr std::string_view kWholeWords[] = {"now(",       "rand",    "random_device", "getenv",
                                            "std::time(", "system(", "thread_local",  "asio"};
constexpr std::string_view kParts[] = {"thread",     "mutex",        "fstream",     "iostream",
                                       "filesystem", "unordered_",   "spdlog",      "asio_",
                                       "co_await",   "system_clock", "steady_clock"};

std::string head_comment_of(const SourceFile& file) {
  const auto lines = lines_of(file.text);
  std::string comment;
  for (const std::string_view line : lines) {
    if (!line.starts_with("//")) break;
    comment += line;
  }
  return comment;
}

// `TODO(#12)` names its issue.
bool names_an_issue(std::string_view rest) {
  return rest.starts_with("(#") && rest.size() > 2 && rest[2] >= '0' && rest[2] <= '9';
}

}  // namespace

std::vector<Finding> check_core_words(const SourceFile& file) {
  std::vector<Finding> findings;
  if (!file.is_cpp() || !file.path.starts_with("orchestrator/core/")) return findings;
  const auto report = [&](std::string_view word, std::size_t at) {
    findings.push_back(
        {file.path, file.line_of(at), "`" + std::string(word) + "` is banned from the core"});
  };
  for (const std::string_view word : kWholeWords) {
    for (std::size_t at = find_word(file.code, word); at != file.code.npos;
         at = find_word(file.code, word, at + 1)) {
      report(word, at);
    }
  }
  for (const std::string_view part : kParts) {
    for (std::size_t at = file.code.find(part); at != file.code.npos;
         at = file.code.find(part, at + 1)) {
      report(part, at);
    }
  }
  return findings;
}

std::vector<Finding> check_header(const SourceFile& file) {
  std::vector<Finding> findings;
  if (!file.is_header()) return findings;
  if (head_comment_of(file).size() < 20)
    findings.push_back({file.path, 1, "a header begins with a comment that says its job"});
  const std::size_t once = file.code.find("#pragma once");
  if (once == file.code.npos || once > file.code.find("#include"))
    findings.push_back({file.path, 1, "no #pragma once before the first include"});
  return findings;
}

std::vector<Finding> check_promises(const SourceFile& file) {
  std::vector<Finding> findings;
  // This folder has to spell the words.
  if (file.path.starts_with("tests/tidy/")) return findings;
  for (const std::string_view word : {"TODO", "FIXME", "XXX"}) {
    for (std::size_t at = find_word(file.text, word); at != file.text.npos;
         at = find_word(file.text, word, at + 1)) {
      const std::string_view rest = std::string_view(file.text).substr(at + word.size());
      if (!names_an_issue(rest))
        findings.push_back(
            {file.path, file.line_of(at), std::string(word) + " without an issue: TODO(#12)"});
    }
  }
  return findings;
}

std::vector<Finding> check_lab_apart(const SourceFile& file) {
  std::vector<Finding> findings;
  const bool lab = file.path.starts_with("examples/lab/");
  const bool product = file.is_cpp() && !file.path.starts_with("tests/");
  std::size_t number = 0;
  for (const std::string_view line : lines_of(file.text)) {
    ++number;
    const bool to_product =
        lab &&
        (line.find("adapters/") != line.npos || line.find("import adapters") != line.npos ||
         line.find("from adapters") != line.npos || line.find("plans/catalogue") != line.npos);
    const bool to_lab = product && line.find("examples/lab") != line.npos;
    if (to_product) findings.push_back({file.path, number, "the lab shares nothing with adapters"});
    if (to_lab) findings.push_back({file.path, number, "the product shares nothing with the lab"});
  }
  return findings;
}

}  // namespace sitewide::tidy
