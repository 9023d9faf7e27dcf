// plans/README.md holds a row for each key of the plan language, as the loader knows it.
#include "plans/reference.h"

#include <gtest/gtest.h>

#include "tests/plans/loading.h"

namespace sitewide {
namespace {

std::string table(const ReferenceSection& section) {
  std::string text = "\n### " + section.noun + "\n\n" + section.description +
                     "\n\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n";
  for (const ReferenceKey& key : section.keys)
    text +=
        "| `" + key.name + "` | " + key.value + " | " + key.fallback + " | " + key.meaning + " |\n";
  return text;
}

TEST(Reference, Readme_HasEveryKeyAsTheLoaderKnowsIt) {
  std::string reference;
  for (const ReferenceSection& section : plan_reference()) reference += table(section);
  for (const ReferenceSection& section : catalogue_reference()) reference += table(section);
  const std::string readme = testing::contents(testing::source_file("plans/README.md"));
  EXPECT_NE(readme.find(reference), std::string::npos) << "plans/README.md should hold:\n"
                                                       << reference;
}

}  // namespace
}  // namespace sitewide
