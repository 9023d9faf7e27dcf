// Coverage: how far Sitewide carries each article of the family, from plans/catalogue/coverage.tsv.
// What the rows claim is checked: `expressible` against the catalogue, and `runs` and `rolls_back`
// name the test that shows it (tests/catalogue). Pure; any thread.
#pragma once

#include <string>
#include <vector>

namespace sitewide {

struct Coverage {
  std::string article;
  std::string expressible;  ///< `yes`, `in part`, `no`
  /// `Suite.Name` of the test that rolled it out and back in the lab, `not yet run`, or `no`.
  std::string runs, rolls_back;
  std::string why;  ///< what is left to hands, or why it is not expressible; may be empty

  /// `yes`, `not yet run` or `no`: what a person is told of `runs` or `rolls_back`.
  static std::string in_words(const std::string& claim);
};

/// In the order of the file: the families one after the other.
std::vector<Coverage> catalogue_coverage();

}  // namespace sitewide
