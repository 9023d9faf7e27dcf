#include "orchestrator/cli/paragraphs.h"

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::size_t kColumns = 96;

/// `text` broken at blanks; every line begins with `indent` blanks.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string out;
  std::string line(indent, ' ');
  for (const std::string_view word : split(text, ' ')) {
    const bool begins = line.size() == indent;
    if (!begins && line.size() + 1 + word.size() > kColumns) {
      out += line + "\n";
      line.assign(indent, ' ');
    }
    line += (line.size() == indent ? "" : " ") + std::string(word);
  }
  return out + line + "\n";
}

}  // namespace

std::string paragraphs(std::string_view head, const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  std::string text = std::string(head) + "\n";
  for (const std::string& item : texts) text += "  -" + wrapped(item, 4).substr(3);
  return text;
}

}  // namespace sitewide
