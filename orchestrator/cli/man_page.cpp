#include "orchestrator/cli/man_page.h"

#include <cstdint>
#include <cstdio>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/exit_code.h"

namespace sitewide {
namespace {

// The code point that begins at `at`, which moves past it. The text is our own, so it is UTF-8.
std::uint32_t code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  std::uint32_t value = more == 0 ? lead : lead & (0x3FU >> more);
  for (std::size_t i = 1; i <= more && at + i < text.size(); ++i)
    value = (value << 6U) | (byte(at + i) & 0x3FU);
  at += more + 1;
  return value;
}

// Nothing in it is a request or an escape. Hyphens and the quotes of code stay what can be typed.
std::string roff(std::string_view text) {
  std::string result;
  bool line_begins = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t c = code_point(text, at);
    if (line_begins && (c == '.' || c == '\'')) result += "\\&";
    line_begins = c == '\n';
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else if (c == '\'') {
      result += "\\(aq";
    } else if (c == '`') {
      result += "\\(ga";
    } else if (c == '^') {
      result += "\\(ha";
    } else if (c == '~') {
      result += "\\(ti";
    } else if (c < 0x80) {
      result += static_cast<char>(c);
    } else {
      char name[16];
      std::snprintf(name, sizeof name, "\\[u%04X]", static_cast<unsigned>(c));
      result += name;
    }
  }
  return result;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }
std::string section(const char* name) { return std::string(".SH ") + name + "\n"; }

std::string head(const std::string& page, std::string_view description) {
  std::string title = page;
  for (char& c : title) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return ".\\\" Printed by `sitewide man`; the source is orchestrator/cli/options.cpp.\n.TH " +
         title + " 1 \"\" \"sitewide " SITEWIDE_VERSION "\" \"Sitewide\"\n" + section("NAME") +
         roff(page) + " \\- " + roff(description) + "\n";
}

std::string option_entry(const ManualOption& option) {
  std::string text = ".TP\n";
  for (std::size_t i = 0; i < option.names.size(); ++i)
    text += (i == 0 ? "" : ", ") + bold(option.names[i]);
  if (!option.value.empty()) text += (option.names.empty() ? "" : " ") + italic(option.value);
  text += "\n" + roff(option.description);
  const bool said = !option.choices.empty() &&
                    option.description.find(option.choices.front()) != option.description.npos;
  if (!said) {
    for (const std::string& choice : option.choices)
      text += (&choice == &option.choices.front() ? ": " : ", ") + bold(choice);
  }
  return text + "\n";
}

std::string exit_codes() {
  std::string text = section("EXIT STATUS");
  for (const auto& [code, meaning] : exit_code_meanings())
    text += ".TP\n" + bold(std::to_string(code)) + "\n" + roff(meaning) + "\n";
  return text;
}

std::string synopsis(const ManualCommand& command) {
  std::string text =
      section("SYNOPSIS") + bold("sitewide " + command.name) + " [" + italic("OPTION") + "]...";
  for (const ManualOption& word : command.words)
    text += word.required ? " " + italic(word.value) : " [" + italic(word.value) + "]";
  return text + "\n";
}

// No line of an example may be filled into the next.
std::string examples(const std::string& lines) {
  if (lines.empty()) return {};
  return section("EXAMPLES") + ".nf\n" + roff(lines) + "\n.fi\n";
}

}  // namespace

std::string man_page(const Manual& manual) {
  std::string text = head("sitewide", "roll a client hotfix out, prove it, or put it back");
  text += section("SYNOPSIS") + bold("sitewide") + " [" + italic("OPTION") + "]... " +
          italic("COMMAND") + " ...\n";
  text += section("DESCRIPTION") + roff(manual.description) +
          "\n.PP\nA plan says what goes out, to whom and in which order. " +
          bold("sitewide preview") + " tells what it would do, " + bold("sitewide run") +
          " does it, and " + bold("sitewide resume") +
          " goes on after an interruption. A rollout is named by its id, "
          "the beginning of one, or " +
          bold("latest") + ".\n";
  text += section("COMMANDS");
  for (const ManualCommand& command : manual.commands) {
    if (command.hidden) continue;
    text += ".TP\n" + bold("sitewide-" + command.name) + "(1)\n" + roff(command.description) + "\n";
  }
  text += section("OPTIONS") + "Every command takes these, before or after its name.\n";
  for (const ManualOption& option : manual.options) text += option_entry(option);
  text += exit_codes();
  text += section("ENVIRONMENT");
  for (const auto& [name, meaning] : {
           std::pair{"SITEWIDE_STATE_DIR",
                     "where rollouts are kept, when --state-dir is not given"},
           std::pair{"XDG_STATE_HOME", "else they are kept in its folder sitewide"},
           std::pair{"SITEWIDE_CLAIMS_DIR",
                     "where rollouts of this machine say which sites and clients they hold; else "
                     "/run/lock/sitewide"},
           std::pair{"NO_COLOR", "any value: no colour"},
       })
    text += ".TP\n" + bold(name) + "\n" + roff(meaning) + "\n";
  text += section("FILES") + ".TP\n" + italic("~/.local/state/sitewide") +
          "\nThe rollouts, unless one of the variables says otherwise.\n";
  return text;
}

std::string man_page(const Manual& manual, const ManualCommand& command) {
  std::string text = head("sitewide-" + command.name, command.description) + synopsis(command);
  text += section("DESCRIPTION") + "This command is one of " + bold("sitewide") +
          "(1): " + roff(command.description) + ".\n";
  for (const ManualOption& word : command.words) text += option_entry(word);
  text += section("OPTIONS");
  for (const ManualOption& option : command.options) text += option_entry(option);
  for (const ManualOption& option : manual.options) {
    const bool is_help = option.names.back() == "--help" || option.names.back() == "--version";
    if (!is_help) text += option_entry(option);
  }
  text += examples(command.examples) + exit_codes();
  return text + section("SEE ALSO") + bold("sitewide") + "(1)\n";
}

}  // namespace sitewide
