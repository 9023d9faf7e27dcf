#include "tests/fuzz/problems.h"

#include <algorithm>

#include "tests/fuzz/property.h"

namespace sitewide::fuzz {
namespace {

std::string_view line_of(std::string_view text, std::uint32_t number) {
  for (; number > 1; --number) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

void check_place(const Place& place, const std::vector<std::string_view>& texts) {
  holds(place.source < texts.size(), "a place names a file");
  if (place.line == 0) return;
  const std::string_view text = texts[place.source];
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  holds(place.line <= lines, "a place's line is in the file", text);
  const std::string_view line = line_of(text, place.line);
  holds(place.column >= 1 && place.column <= line.size() + 1, "a place's column is in its line",
        line);
  holds(place.length >= 1 && place.length <= text.size() + 1, "a place is no longer than the file",
        text);
}

}  // namespace

void check_problems(const Problems& problems, const std::vector<SourceFile>& files,
                    const std::vector<std::string_view>& texts) {
  for (const Problem& problem : problems) {
    holds(!problem.message.empty(), "a problem says what is wrong");
    check_place(problem.place, texts);
    if (problem.related) check_place(*problem.related, texts);
  }
  // The plan's own name comes from the command line.
  std::vector<SourceFile> named = files;
  named.front().path = "pl\x1b]0;t\a\xc2\x9b\xe2\x80\xae\xff.yaml";
  for (const auto format :
       {DiagnosticFormat::full, DiagnosticFormat::concise, DiagnosticFormat::json}) {
    holds_safe_lines(render(problems, named, {format, false, 20}));
  }
}

}  // namespace sitewide::fuzz
