#include "adapters/ssh/config_check.h"

#include <glob.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "orchestrator/base/text.h"

namespace sitewide::ssh {
namespace {

constexpr int kDeepest = 16;  // as libssh has it
constexpr const char* kSystemConfig = "/etc/ssh/ssh_config";

// The words of a line; blanks in quotes do not part them, and a `=` may stand after the first.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::size_t at = 0;
  const auto is_blank = [&](char letter) {
    return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\f' ||
           (letter == '=' && words.size() <= 1);
  };
  while (at < line.size()) {
    if (is_blank(line[at])) {
      ++at;
      continue;
    }
    std::string word;
    bool quoted = false;
    for (; at < line.size() && (quoted || !is_blank(line[at])); ++at) {
      if (line[at] == '"') {
        quoted = !quoted;
      } else {
        word += line[at];
      }
    }
    words.push_back(std::move(word));
  }
  return words;
}

std::string user_config() {
  std::array<char, 16384> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const bool known = ::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
                     found != nullptr;
  const char* home = known ? entry.pw_dir : std::getenv("HOME");
  return std::string(home != nullptr ? home : "") + "/.ssh/config";
}

std::optional<std::string> find_in(const std::string& path, int depth);

std::optional<std::string> find_in_all(const std::string& pattern, int depth) {
  glob_t found{};
  std::optional<std::string> place;
  if (::glob(pattern.c_str(), GLOB_TILDE, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc && !place; ++i)
      place = find_in(found.gl_pathv[i], depth);
  }
  ::globfree(&found);
  return place;
}

std::optional<std::string> find_in(const std::string& path, int depth) {
  if (depth > kDeepest) return std::nullopt;
  std::ifstream file(path);
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (is_match_exec(line)) return path + " line " + std::to_string(number);
    const std::vector<std::string> words = words_of(line);
    if (words.size() < 2 || !equals_ignoring_case(words.front(), "include")) continue;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (auto place = find_in_all(words[i], depth + 1)) return place;
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_match_exec(std::string_view line) {
  const std::vector<std::string> words = words_of(line);
  if (words.empty() || !equals_ignoring_case(words.front(), "match")) return false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::string_view criterion = words[i];
    if (criterion.starts_with('!')) criterion.remove_prefix(1);
    if (equals_ignoring_case(criterion, "exec")) return true;
    const bool is_alone = equals_ignoring_case(criterion, "all") ||
                          equals_ignoring_case(criterion, "final") ||
                          equals_ignoring_case(criterion, "canonical");
    if (!is_alone) ++i;  // its pattern
  }
  return false;
}

std::optional<std::string> find_match_exec(const std::string& config) {
  if (!config.empty()) return find_in(config, 0);
  if (auto place = find_in(user_config(), 0)) return place;
  return find_in(kSystemConfig, 0);
}

}  // namespace sitewide::ssh
