#include "orchestrator/cli/help_text.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/exit_code.h"

namespace sitewide {
namespace {

constexpr std::size_t kColumns = 96;
constexpr std::size_t kTextColumn = 24;

// `text` broken at blanks; it begins at column `column`, and so does every further line.
std::string wrapped(std::string_view text, std::size_t column) {
  std::string result;
  std::size_t at = column;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (at > column && at + 1 + word.size() > kColumns) {
      result += "\n" + std::string(column, ' ');
      at = column;
    } else if (at > column) {
      result += ' ';
      ++at;
    }
    result += word;
    at += word.size();
  }
  return result + "\n";
}

// A name and what it is, in two columns.
std::string entry(std::string name, std::string_view text) {
  name.insert(0, 2, ' ');
  const bool fits = name.size() + 2 <= kTextColumn;
  if (fits) {
    name.resize(kTextColumn, ' ');
  } else {
    name += "\n" + std::string(kTextColumn, ' ');
  }
  return name + wrapped(text, kTextColumn);
}

std::string option_entry(const ManualOption& option) {
  std::string name = join(option.names, ", ");
  if (!option.value.empty()) name += (name.empty() ? "" : " ") + option.value;
  return entry(name, option.description);
}

std::string codes_text(const std::vector<int>& codes) {
  std::string text = "Exit codes:\n";
  for (const auto& [code, meaning] : exit_code_meanings()) {
    if (!codes.empty() && std::find(codes.begin(), codes.end(), code) == codes.end()) continue;
    std::string number = std::to_string(code);
    number.insert(0, 5 - number.size(), ' ');
    text += number + "  " + std::string(meaning) + "\n";
  }
  return text;
}

}  // namespace

std::string help_text(const Manual& manual) {
  std::string text = "sitewide [OPTION]... COMMAND ...\n\n" + wrapped(manual.description, 0);
  std::string family;
  for (const ManualCommand& command : manual.commands) {
    if (command.hidden) continue;
    if (command.family != family) text += "\n" + command.family + ":\n";
    family = command.family;
    text += entry(command.name, command.description);
  }
  text += "\nOptions of every command, before or after its name:\n";
  for (const ManualOption& option : manual.options) text += option_entry(option);
  return text + "\n" + codes_text({}) + "\nOf one command: sitewide COMMAND --help\n";
}

std::string help_text(const ManualCommand& command) {
  std::string text = "sitewide " + command.name + " [OPTION]...";
  for (const ManualOption& word : command.words)
    text += word.required ? " " + word.value : " [" + word.value + "]";
  text += "\n\n" + wrapped(command.description + ".", 0);
  if (!command.paragraph.empty()) text += "\n" + wrapped(command.paragraph, 0);
  if (!command.words.empty()) text += "\n";
  for (const ManualOption& word : command.words) text += option_entry(word);
  text += "\nOptions:\n";
  for (const ManualOption& option : command.options) text += option_entry(option);
  if (!command.examples.empty()) text += "\nFor example:\n" + command.examples + "\n";
  return text + "\n" + codes_text(command.exit_codes) +
         "\nOptions of every command: sitewide --help\n";
}

}  // namespace sitewide
