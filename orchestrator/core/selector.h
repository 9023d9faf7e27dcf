// Selector: which clients a group takes, in the grammar of Kubernetes label selectors: `site=HQ,
// ring notin (canary)`. Parsed once, then compiled against a ClientTable, so that a match is a few
// integer compares. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/core/client_table.h"

namespace sitewide {

/// One requirement; all requirements of a selector must hold. As in Kubernetes, `not_in` (and `!=`)
/// also holds where the label is not set.
struct Requirement {
  enum class Operator : std::uint8_t { in, not_in, exists, absent };
  std::string key;  ///< a label, or `name`, or `address`
  Operator test = Operator::exists;
  std::vector<std::string> values;  ///< for in and not_in; `a=b` is `a in (b)`
  std::uint32_t column = 0;         ///< of the key in the selector's text, counted from 1
};

/// What is wrong in a selector, and where in its text (bytes, counted from 1).
struct SelectorError {
  std::uint32_t column = 0;
  std::uint32_t length = 1;
  std::string message;
};

struct Selector {
  std::vector<Requirement> requirements;
  std::optional<SelectorError>
      error;  ///< set: the text is not a selector, and there are no requirements
};

/// Reads a selector. An empty text is an error: a group that takes every client says `name`.
Selector parse_selector(std::string_view text);

/// A selector bound to one table, which must outlive it and not change.
class Matcher {
 public:
  Matcher(const Selector& selector, const ClientTable& clients);

  bool matches(std::uint32_t client) const;
  /// Requirements whose key is neither `name` nor `address` nor a label of the table.
  const std::vector<Requirement>& unknown() const { return unknown_; }

 private:
  enum class Source : std::uint8_t { label, name, address, nothing };
  struct Test {
    Source source = Source::nothing;
    Requirement::Operator test = Requirement::Operator::exists;
    std::uint32_t column = 0;
    std::vector<std::uint32_t> ids;   // sorted; values that no client has are left out
    std::vector<std::string> values;  // sorted; for name and address
  };

  bool passes(const Test& test, std::uint32_t client) const;

  const ClientTable& clients_;
  std::vector<Test> tests_;
  std::vector<Requirement> unknown_;
};

}  // namespace sitewide
