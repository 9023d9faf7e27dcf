#include "plans/nodeset.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "orchestrator/base/text.h"
#include "plans/grammar.h"

namespace sitewide {
namespace {

constexpr std::size_t kLongestNumber = 9;
constexpr std::size_t kMostBrackets = 8;

struct Numbers {
  std::uint64_t first = 0, last = 0, step = 1;
  std::size_t width = 0;
  std::uint64_t count() const { return (last - first) / step + 1; }
};

/// Text, then one of some numbers; the numbers are missing after the last text.
struct Part {
  std::string text;
  std::vector<Numbers> numbers;
  std::uint64_t count() const {
    std::uint64_t sum = 0;
    for (const Numbers& range : numbers) sum += range.count();
    return sum;
  }
};

Error invalid(std::string message) { return {ErrorKind::invalid, std::move(message)}; }

Error too_many() {
  return invalid("more than " + with_separators(kNodesetNames) +
                 " names; put them into a CSV file");
}

Result<Numbers> parse_numbers(std::string_view text) {
  const Error wrong =
      invalid("`" + escaped(text, 40) + "` is not a range such as 1-3, 001-040 or 7");
  Numbers range;
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto step = parse_number(text.substr(slash + 1), kNodesetNames);
    if (!step || *step == 0) return wrong;
    range.step = *step;
    text = text.substr(0, slash);
  }
  const std::size_t dash = text.find('-');
  const std::string_view first = text.substr(0, dash);
  const std::string_view last = dash == std::string_view::npos ? first : text.substr(dash + 1);
  if (first.size() > kLongestNumber || last.size() > kLongestNumber) return wrong;
  const auto from = parse_number(first, UINT64_MAX);
  const auto to = parse_number(last, UINT64_MAX);
  if (!from || !to) return wrong;
  if (*from > *to) return invalid("the range `" + std::string(text) + "` runs backwards");
  // `1-010` could mean 1…10 or 001…010.
  const bool padded = first.size() > 1 && first.front() == '0';
  const bool unclear =
      padded ? last.size() != first.size() : last.size() > 1 && last.front() == '0';
  if (unclear) return invalid("the numbers of `" + std::string(text) + "` are padded differently");
  range.first = *from;
  range.last = *to;
  range.width = padded ? first.size() : 0;
  return range;
}

Result<std::vector<Part>> parse(std::string_view pattern) {
  std::vector<Part> parts(1);
  while (!pattern.empty()) {
    const std::size_t bracket = pattern.find_first_of("[],");
    parts.back().text += pattern.substr(0, bracket);
    if (bracket == std::string_view::npos) break;
    if (pattern[bracket] == ',')
      return invalid("a `,` between names; write them as two items of the list");
    const std::size_t close = pattern.find(']', bracket);
    if (pattern[bracket] == ']' || close == std::string_view::npos) {
      return invalid(std::string("a bracket `") + pattern[bracket] + "` without its other half");
    }
    for (const std::string_view text :
         split(pattern.substr(bracket + 1, close - bracket - 1), ',')) {
      auto range = parse_numbers(trim(text));
      if (!range) return range.error();
      parts.back().numbers.push_back(*range);
    }
    parts.emplace_back();
    if (parts.size() > kMostBrackets + 1) return invalid("more than 8 brackets");
    pattern.remove_prefix(close + 1);
  }
  return parts;
}

void append_padded(std::string& name, std::uint64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  name.append(width > digits.size() ? width - digits.size() : 0, '0');
  name += digits;
}

void expand(const std::vector<Part>& parts, std::size_t at, std::string& name,
            const std::function<void(const std::string&)>& take) {
  const Part& part = parts[at];
  const std::size_t before = name.size();
  name += part.text;
  if (part.numbers.empty()) take(name);
  const std::size_t begin = name.size();
  for (const Numbers& range : part.numbers) {
    for (std::uint64_t number = range.first; number <= range.last; number += range.step) {
      name.resize(begin);
      append_padded(name, number, range.width);
      expand(parts, at + 1, name, take);
    }
  }
  name.resize(before);
}

}  // namespace

Result<std::uint64_t> expand_nodeset(std::string_view pattern,
                                     const std::function<void(const std::string&)>& name,
                                     std::uint64_t limit) {
  const auto parts = parse(pattern);
  if (!parts) return parts.error();
  std::uint64_t count = 1;
  for (const Part& part : *parts) {
    if (part.numbers.empty()) continue;
    const std::uint64_t here = part.count();
    // Each factor is checked by itself first, so that the product cannot overflow.
    if (here > kNodesetNames || count * here > kNodesetNames) return too_many();
    count *= here;
  }
  if (count > limit) return too_many();
  std::string text;
  expand(*parts, 0, text, name);
  return count;
}

}  // namespace sitewide
