// The burn-up chart of the report: how many clients were on target, and how many had failed, over
// time, beside what the plan foresaw. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "orchestrator/views/reporter.h"

namespace sitewide {

/// From `at` on, so many clients were on target, and so many had failed, were lost, needed hands or
/// were put back.
struct ProgressPoint {
  Timestamp at{};
  std::uint32_t on_target = 0;
  std::uint32_t failed = 0;
  friend bool operator==(const ProgressPoint&, const ProgressPoint&) = default;
};

/// A point a change, the first and the last event included; at most about `limit` of them, evenly
/// over time. `events` begin with the rollout's first one. O(events).
std::vector<ProgressPoint> progress_of(const Schedule& schedule,
                                       std::span<const JournaledEvent> events,
                                       std::size_t limit = 600);

/// `planned` may be empty. Empty when nothing has happened.
std::string progress_svg(std::uint32_t clients, const std::vector<ProgressPoint>& made,
                         const std::vector<ProgressPoint>& planned);

}  // namespace sitewide
