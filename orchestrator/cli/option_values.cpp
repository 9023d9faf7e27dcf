#include "orchestrator/cli/option_values.h"

namespace sitewide {
namespace {

ManualOption described(const CLI::Option& option, const Choices& choices) {
  ManualOption result;
  for (const std::string& name : option.get_snames()) result.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) result.names.push_back("--" + name);
  const bool flag = !option.get_positional() && option.get_items_expected_max() == 0;
  result.value = option.get_positional() ? option.get_name(true) : option.get_option_text();
  if (flag) result.value.clear();
  result.description = option.get_description();
  const auto found = choices.find(&option);
  if (found != choices.end()) result.choices = found->second;
  result.required = option.get_required();
  result.repeatable = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll && !flag;
  return result;
}

std::vector<ManualOption> entries_of(const CLI::App& app, const Choices& choices, bool positional) {
  std::vector<ManualOption> result;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional() == positional) result.push_back(described(*option, choices));
  }
  return result;
}

}  // namespace

std::vector<ManualOption> options_of(const CLI::App& app, const Choices& choices) {
  return entries_of(app, choices, false);
}
std::vector<ManualOption> words_of(const CLI::App& app, const Choices& choices) {
  return entries_of(app, choices, true);
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
  return names;
}
std::vector<std::string> option_names(const CLI::App& app, const CLI::App& sub) {
  std::vector<std::string> names;
  for (const CLI::App* owner : {&app, &sub}) {
    for (const CLI::Option* option : owner->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::string missing_word(const CLI::App& app, const std::string& command,
                         const std::string& error) {
  if (error != "RequiredError") return {};
  for (const CLI::Option* option : app.get_subcommand(command)->get_options()) {
    if (!option->get_positional() || !option->get_required() || option->count() > 0) continue;
    return option->get_name(true) + " is missing: " + option->get_description();
  }
  return {};
}

}  // namespace sitewide
