#include "plans/reference.h"

#include <set>

#include "plans/keys.h"

namespace sitewide {
namespace {

std::string listed(Words words) {
  std::string text;
  for (const std::string_view word : words)
    text += (text.empty() ? "`" : ", `") + std::string(word) + "`";
  return text;
}

std::string value_of(const Key& key) {
  if (key.scalar == Scalar::word) return "one of " + listed(key.words);
  return std::string(rule_of(key.scalar).expected);
}

std::string type_of(const Key& key) {
  const std::string section = key.section == nullptr ? "" : std::string(key.section->noun);
  switch (key.form) {
    case Form::scalar:
      return value_of(key);
    case Form::list:
      return "list, each " + value_of(key);
    case Form::map:
      return "map to " + value_of(key);
    case Form::section:
      return "keys of " + section;
    case Form::section_list:
      return "list, each with the keys of " + section;
    case Form::section_map:
      return "map of names to the keys of " + section;
    case Form::word_or_section:
      return listed(key.words) + " or the keys of " + section;
    case Form::scalar_or_section:
      return value_of(key) + ", or the keys of " + section;
    case Form::scalar_or_section_map:
      return "map to " + value_of(key) + ", or to the keys of " + section;
    case Form::nothing:
      return "`{}`";
  }
  return {};
}

ReferenceKey in_words(const Key& key) {
  std::string fallback = key.fallback.empty() ? "" : "`" + std::string(key.fallback) + "`";
  if (key.required) fallback = "required";
  if (key.choice) fallback = "one of these";
  return {std::string(key.name), type_of(key), fallback, std::string(key.description)};
}

using Seen = std::set<const Section*>;

void collect(const Section& section, Seen& seen, std::vector<ReferenceSection>& reference) {
  if (!seen.insert(&section).second) return;
  reference.push_back({std::string(section.noun), std::string(section.description), {}});
  for (const Key& key : section.keys) reference.back().keys.push_back(in_words(key));
  for (const Key& key : section.keys) {
    if (key.section != nullptr) collect(*key.section, seen, reference);
  }
}

}  // namespace

std::vector<ReferenceSection> plan_reference() {
  Seen seen{&defaults_section()};
  std::vector<ReferenceSection> reference;
  collect(plan_section(), seen, reference);
  return reference;
}

std::vector<ReferenceSection> catalogue_reference() {
  Seen seen{&defaults_section()};
  std::vector<ReferenceSection> plan, reference;
  collect(plan_section(), seen, plan);
  collect(catalogue_section(), seen, reference);
  return reference;
}

}  // namespace sitewide
