// Reference: the tables of keys in words, as plans/README.md and the manual page of plans have
// them. Pure.
#pragma once

#include <string>
#include <vector>

namespace sitewide {

struct ReferenceKey {
  std::string name;
  std::string value;     ///< what it takes: `a list, each …`
  std::string fallback;  ///< its default as JSON, `required`, `one of these`, or nothing
  std::string meaning;
};

struct ReferenceSection {
  std::string noun;
  std::string description;
  std::vector<ReferenceKey> keys;
};

/// Every section of a plan, in the order in which they are first met. `defaults` is not among them:
/// it has the keys of a group.
std::vector<ReferenceSection> plan_reference();
/// Those of a catalogue entry that a plan does not have.
std::vector<ReferenceSection> catalogue_reference();

}  // namespace sitewide
