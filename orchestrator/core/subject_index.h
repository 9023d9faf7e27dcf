// SubjectIndex: from a subject's name back to its place in the schedule, in constant time. Pure;
// borrows the schedule.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "orchestrator/core/schedule.h"

namespace sitewide {

class SubjectIndex {
 public:
  explicit SubjectIndex(const Schedule& schedule);

  /// Reads what subject_name() writes.
  std::optional<Subject> find(std::string_view subject_name) const;
  std::optional<std::uint32_t> client(std::string_view name) const;
  std::optional<std::uint32_t> group(std::string_view name) const;
  std::optional<std::uint32_t> site(std::string_view name) const;
  /// The client, group and site of that name, as far as there are; `client/NAME`, `group/NAME` and
  /// `site/NAME` mean that one alone. No name holds a `/`.
  std::vector<Subject> named(std::string_view word) const;
  const Schedule& schedule() const { return schedule_; }

 private:
  std::optional<Subject> gate(std::string_view name) const;

  const Schedule& schedule_;
  std::vector<std::uint32_t> slots_;  // open addressing over client names; kNone: free
  std::size_t mask_ = 0;
};

}  // namespace sitewide
