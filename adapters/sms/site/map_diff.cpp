#include <algorithm>

#include "adapters/sms/site/map_edit.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr std::size_t kMostLineBytes = 160;
/// Lines that are looked ahead for one that stands in both texts again. Edits are small.
constexpr std::size_t kLookAhead = 400;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t feed = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, feed);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(feed + 1, text.size()));
  }
  return lines;
}

std::string line(char mark, std::string_view text) { return mark + escaped(text, kMostLineBytes); }

/// The nearest place, by both distances together, from which the texts are equal again.
std::pair<std::size_t, std::size_t> meeting(const std::vector<std::string_view>& old,
                                            const std::vector<std::string_view>& now, std::size_t i,
                                            std::size_t j) {
  for (std::size_t distance = 1; distance <= kLookAhead; ++distance) {
    for (std::size_t a = 0; a <= distance; ++a) {
      const std::size_t x = i + a;
      const std::size_t y = j + distance - a;
      if (x < old.size() && y < now.size() && old[x] == now[y]) return {x, y};
    }
  }
  return {old.size(), now.size()};
}

}  // namespace

std::vector<std::string> map_diff(std::string_view before, std::string_view after,
                                  std::size_t most_lines) {
  const auto old = lines_of(before);
  const auto now = lines_of(after);
  std::vector<std::string> diff;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < old.size() || j < now.size()) {
    if (i < old.size() && j < now.size() && old[i] == now[j]) {
      ++i;
      ++j;
      continue;
    }
    const auto [x, y] = meeting(old, now, i, j);
    diff.push_back("@@ -" + std::to_string(i + 1) + "," + std::to_string(x - i) + " +" +
                   std::to_string(j + 1) + "," + std::to_string(y - j) + " @@");
    if (i > 0) diff.push_back(line(' ', old[i - 1]));
    for (; i < x; ++i) diff.push_back(line('-', old[i]));
    for (; j < y; ++j) diff.push_back(line('+', now[j]));
    if (i < old.size()) diff.push_back(line(' ', old[i]));
  }
  if (diff.size() > most_lines) {
    const std::size_t more = diff.size() - most_lines;
    diff.resize(most_lines);
    diff.push_back("and " + count_of(more, "line") + " more");
  }
  return diff;
}

}  // namespace sitewide::sms
