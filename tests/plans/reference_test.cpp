// plans/README.md holds a row for each key of the plan language, as the loader knows it.
#include <gtest/gtest.h>

#include <set>

#include "plans/keys.h"
#include "tests/plans/loading.h"

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

std::string row(const Key& key) {
  std::string fallback = key.fallback.empty() ? "" : "`" + std::string(key.fallback) + "`";
  if (key.required) fallback = "required";
  if (key.choice) fallback = "one of these";
  return "| `" + std::string(key.name) + "` | " + type_of(key) + " | " + fallback + " | " +
         std::string(key.description) + " |\n";
}

void collect(const Section& section, std::set<const Section*>& seen, std::string& reference) {
  if (!seen.insert(&section).second) return;
  reference += "\n### " + std::string(section.noun) + "\n\n" + std::string(section.description) +
               "\n\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n";
  for (const Key& key : section.keys) reference += row(key);
  for (const Key& key : section.keys) {
    if (key.section != nullptr) collect(*key.section, seen, reference);
  }
}

TEST(Reference, Readme_HasEveryKeyAsTheLoaderKnowsIt) {
  std::string reference;
  std::set<const Section*> seen;
  // Defaults are the group's own policy keys: one table is enough.
  seen.insert(&defaults_section());
  collect(plan_section(), seen, reference);
  collect(catalogue_section(), seen, reference);
  const std::string readme = testing::contents(testing::source_file("plans/README.md"));
  EXPECT_NE(readme.find(reference), std::string::npos) << "plans/README.md should hold:\n"
                                                       << reference;
}

}  // namespace
}  // namespace sitewide
