#include "orchestrator/cli/man_page.h"

#include <algorithm>

#include "orchestrator/cli/exit_code.h"
#include "orchestrator/cli/roff.h"

namespace sitewide {
namespace {

using roff::bold;
using roff::italic;

std::string option_entry(const ManualOption& option) {
  std::string head;
  for (const std::string& name : option.names) head += (head.empty() ? "" : ", ") + bold(name);
  if (!option.value.empty()) head += (head.empty() ? "" : " ") + italic(option.value);
  std::string what = roff::marked(option.description);
  const bool said = !option.choices.empty() &&
                    option.description.find(option.choices.front()) != option.description.npos;
  if (!said) {
    for (const std::string& choice : option.choices)
      what += (&choice == &option.choices.front() ? ": " : ", ") + bold(choice);
  }
  return roff::entry(head, what);
}

// All codes when `codes` is empty.
std::string exit_codes(const std::vector<int>& codes) {
  std::string text = roff::section("EXIT STATUS");
  for (const auto& [code, meaning] : exit_code_meanings()) {
    if (codes.empty() || std::find(codes.begin(), codes.end(), code) != codes.end())
      text += roff::entry(bold(std::to_string(code)), roff::text(meaning));
  }
  return text;
}

std::string synopsis(const ManualCommand& command) {
  std::string text = roff::section("SYNOPSIS") + bold("sitewide " + command.name) + " [" +
                     italic("OPTION") + "]...";
  for (const ManualOption& word : command.words)
    text += word.required ? " " + italic(word.value) : " [" + italic(word.value) + "]";
  return text + "\n";
}

std::string environment() {
  std::string text = roff::section("ENVIRONMENT");
  for (const auto& [name, meaning] : {
           std::pair{"SITEWIDE_STATE_DIR",
                     "where rollouts are kept, when --state-dir is not given"},
           std::pair{"XDG_STATE_HOME", "else they are kept in its folder sitewide"},
           std::pair{"SITEWIDE_CLAIMS_DIR",
                     "where rollouts of this machine say which sites and clients they hold; else "
                     "/run/lock/sitewide"},
           std::pair{"NO_COLOR", "any value: no colour"},
       })
    text += roff::entry(bold(name), roff::text(meaning));
  return text;
}

std::string files() {
  return roff::section("FILES") +
         roff::entry(
             italic("~/.local/state/sitewide"),
             "The rollouts, unless one of the variables says otherwise; a folder each, with "
             "the journal, the originals that were kept, and the plan as it was.") +
         roff::entry(
             italic("/var/lib/sitewide"),
             "The rollouts that the service " + bold("sitewide-resume@ID") + " goes on with.") +
         roff::entry(italic("/usr/share/sitewide/plan.schema.json"),
                     "What " + bold("sitewide schema") + " prints, for editors.") +
         roff::entry(italic("/usr/share/sitewide/catalogue"),
                     "The articles that the program knows, as it has them inside.");
}

}  // namespace

std::string man_page(const Manual& manual) {
  std::string text =
      roff::head("sitewide", 1, "roll a client hotfix out, prove it, or put it back");
  text += roff::section("SYNOPSIS") + bold("sitewide") + " [" + italic("OPTION") + "]... " +
          italic("COMMAND") + " ...\n";
  text += roff::section("DESCRIPTION") + roff::text(manual.description) +
          "\n.PP\nA plan says what goes out, to whom and in which order; " + bold("sitewide-plan") +
          "(5) has its language. " + bold("sitewide preview") + " tells what it would do, " +
          bold("sitewide run") + " does it, and " + bold("sitewide resume") +
          " goes on after an interruption. A rollout is named by its id, "
          "the beginning of one, or " +
          bold("latest") + ".\n";
  text += roff::section("COMMANDS");
  std::string family;
  for (const ManualCommand& command : manual.commands) {
    if (command.hidden) continue;
    if (command.family != family) text += roff::subsection(command.family);
    family = command.family;
    text += roff::entry(bold("sitewide-" + command.name) + "(1)", roff::text(command.description));
  }
  text += roff::section("OPTIONS") + "Every command takes these, before or after its name.\n";
  for (const ManualOption& option : manual.options) text += option_entry(option);
  text += exit_codes({}) + environment() + files();
  return text + roff::section("SEE ALSO") + bold("sitewide-plan") + "(5), " +
         bold("sitewide-events") + "(5)\n";
}

std::string man_page(const Manual& manual, const ManualCommand& command) {
  std::string text =
      roff::head("sitewide-" + command.name, 1, command.description) + synopsis(command);
  text += roff::section("DESCRIPTION") +
          roff::marked(command.paragraph.empty() ? command.description + "." : command.paragraph) +
          "\n";
  for (const ManualOption& word : command.words) text += option_entry(word);
  text += roff::section("OPTIONS");
  for (const ManualOption& option : command.options) text += option_entry(option);
  text += ".PP\nEvery command takes these too:\n";
  for (const ManualOption& option : manual.options) {
    const bool is_help = option.names.back() == "--help" || option.names.back() == "--version";
    if (!is_help) text += option_entry(option);
  }
  if (!command.examples.empty()) text += roff::section("EXAMPLES") + roff::lines(command.examples);
  text += exit_codes(command.exit_codes);
  return text + roff::section("SEE ALSO") + bold("sitewide") + "(1), " + bold("sitewide-plan") +
         "(5)\n";
}

}  // namespace sitewide
