// Violations: what contradicted an invariant, by its number in README.md. 0 is the audit of the
// core by itself.
#pragma once

#include <string>
#include <vector>

namespace sitewide::simulation {

struct Violation {
  int invariant = 0;
  std::string what;
};

/// Collects them. With `only` set, others do not count: a mutation's test asks for its own
/// invariant.
class Violations {
 public:
  void add(int invariant, std::string what) {
    if (only_ < 0 || only_ == invariant) found_.push_back({invariant, std::move(what)});
  }
  void only(int invariant) { only_ = invariant; }
  bool wants(int invariant) const { return only_ < 0 || only_ == invariant; }
  bool empty() const { return found_.empty(); }
  const std::vector<Violation>& found() const { return found_; }

 private:
  std::vector<Violation> found_;
  int only_ = -1;
};

}  // namespace sitewide::simulation
