// Copy lists: a version is digits that stand in the text, and the first one counts.
#include "adapters/sms/copy_list.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {

void copy_list(std::string_view input) {
  const auto version = sms::copy_list_version(input);
  const std::string behind = std::string(input) + "\nCopyListVersion=424242\n";
  const std::string before = "CopyListVersion=424242\n" + std::string(input);
  holds(sms::copy_list_version(before) == "424242", "the first version counts", input);
  if (version) {
    holds(!version->empty() && version->size() <= 20, "a version is short", *version);
    holds(version->find_first_not_of("0123456789") == std::string::npos, "a version is digits",
          *version);
    holds(input.find(*version) != std::string_view::npos, "a version stands there", *version);
    holds(sms::copy_list_version(behind) == version, "a later version does not count", input);
  } else {
    holds(sms::copy_list_version(behind) == "424242", "a text without one hides none", input);
  }
  const std::string_view os = sms::os_from_number(input);
  holds(os.empty() || !sms::copy_lists_of(os).empty(), "an OS has copy lists", os);
  holds(sms::copy_lists_of(input).size() <= 2, "an OS has at most two copy lists", input);
}

}  // namespace sitewide::fuzz
