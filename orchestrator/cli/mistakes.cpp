#include "orchestrator/cli/mistakes.h"

#include <algorithm>
#include <string_view>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

std::string tip(std::string_view word, const std::vector<std::string>& names, const char* kind) {
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::string_view near = nearest(word, candidates);
  if (near.empty()) return {};
  return std::string("; a similar ") + kind + " exists: `" + std::string(near) + "`";
}

}  // namespace

std::vector<std::string> plain_words(int argc, const char* const* argv) {
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const bool takes_value =
        word == "--state-dir" || word == "--color" || word == "--progress" || word == "--log-file";
    if (takes_value) ++i;
    if (!word.starts_with('-')) words.emplace_back(word);
  }
  return words;
}

// CLI11 only says that a subcommand is missing; a typo deserves the near miss.
std::string unknown_command(const std::vector<std::string>& commands,
                            const std::vector<std::string>& words) {
  if (words.empty()) return {};
  if (std::find(commands.begin(), commands.end(), words.front()) != commands.end()) return {};
  return "unrecognized command `" + escaped(words.front(), 60) + "`" +
         tip(words.front(), commands, "command");
}

std::string unknown_option(const std::vector<std::string>& options, int argc,
                           const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word =
        std::string_view(argv[i]).substr(0, std::string_view(argv[i]).find('='));
    if (word == "--") break;
    if (!word.starts_with("--") || std::find(options.begin(), options.end(), word) != options.end())
      continue;
    return "unknown option `" + escaped(word, 60) + "`" + tip(word, options, "option");
  }
  return {};
}

}  // namespace sitewide
