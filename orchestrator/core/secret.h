// A text of a plan that may be a secret: given there, or only where it is to be found. A reference
// is resolved at the moment of use (adapters/secret.h); what it stands for is never journaled,
// shown or put into an argv. Plain values.
#pragma once

#include <string>

namespace sitewide {

/// Exactly one of `text`, `env` and `file` is set; all empty: nothing was given.
struct SecretText {
  std::string text;    ///< as the plan has it
  std::string env;     ///< name of a variable of the controller's environment
  std::string file;    ///< path of a file; absolute after loading
  std::string prefix;  ///< put before what a reference stands for, such as `Bearer `

  bool is_reference() const { return !env.empty() || !file.empty(); }
  bool is_given() const { return is_reference() || !text.empty(); }
  friend bool operator==(const SecretText&, const SecretText&) = default;
};

/// A header of an HTTP request.
struct PlannedHeader {
  std::string name;
  SecretText value;
  friend bool operator==(const PlannedHeader&, const PlannedHeader&) = default;
};

/// `variable HOOK_TOKEN`, `file /etc/sitewide/token`: where a reference points, for messages. Not
/// escaped; `the plan` for a text.
inline std::string where_is(const SecretText& secret) {
  if (!secret.env.empty()) return "variable " + secret.env;
  return secret.file.empty() ? "the plan" : "file " + secret.file;
}

}  // namespace sitewide
