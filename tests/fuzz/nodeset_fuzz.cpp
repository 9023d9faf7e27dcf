// Nodesets: the count is the number of names, it is bounded, and it is what the ranges multiply to.
#include "plans/nodeset.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

// How many numbers `1-3,7,10-20/5` stands for, counted one by one.
std::uint64_t numbers_in(std::string_view ranges) {
  std::uint64_t count = 0;
  while (true) {
    const std::size_t comma = ranges.find(',');
    std::uint64_t value[3] = {0, 0, 1};
    std::size_t part = 0;
    bool digits[3] = {false, false, false};
    for (const char c : ranges.substr(0, comma)) {
      if (c == '-') part = 1;
      if (c == '/') part = 2;
      if (c < '0' || c > '9') continue;
      if (!digits[part]) value[part] = 0;
      digits[part] = true;
      value[part] = value[part] * 10 + static_cast<std::uint64_t>(c - '0');
    }
    if (!digits[1]) value[1] = value[0];
    for (std::uint64_t n = value[0]; n <= value[1]; n += value[2]) ++count;
    if (comma == std::string_view::npos) return count;
    ranges.remove_prefix(comma + 1);
  }
}

std::uint64_t names_in(std::string_view pattern) {
  std::uint64_t names = 1;
  while (true) {
    const std::size_t open = pattern.find('[');
    if (open == std::string_view::npos) return names;
    const std::size_t close = pattern.find(']', open);
    names *= numbers_in(pattern.substr(open + 1, close - open - 1));
    pattern.remove_prefix(close + 1);
  }
}

}  // namespace

void nodeset(std::string_view input) {
  if (input.size() > 4096) return;  // a plan holds no longer pattern
  std::uint64_t called = 0;
  std::string first;
  std::string last;
  const auto count = expand_nodeset(input, [&](const std::string& name) {
    if (++called == 1) first = name;
    if (called % 1024 == 0) return;
    last = name;
  });
  if (!count) {
    holds(called == 0, "a refused nodeset yields no name", input);
    holds(!count.error().message.empty(), "a refusal says why", input);
    return;
  }
  holds(*count == called, "the count is the number of names", input);
  holds(*count >= 1 && *count <= kNodesetNames, "the number of names is bounded", input);
  holds(*count == names_in(input), "it is what the ranges multiply to", input);
  for (const std::string& name : {first, last}) {
    holds(name.find_first_of("[],") == std::string::npos, "a name holds no range", name);
    const auto itself = expand_nodeset(name, [&](const std::string& again) {
      holds(again == name, "a name stands for itself", name);
    });
    holds(itself && *itself == 1, "a name is a nodeset of one", name);
  }
}

}  // namespace sitewide::fuzz
