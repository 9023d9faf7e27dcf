// WhatIf: the plan's policy played many times against clients of which some fail and some are late,
// chosen by seed: how often it completes, what stops it, and how far it had come by then. The
// engine of a run on a virtual clock (forecast.h). Pure; the same seeds give the same figures.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/result.h"
#include "orchestrator/core/schedule.h"
#include "orchestrator/core/time.h"
#include "orchestrator/preview/simulator.h"

namespace sitewide {

/// Shares of a million clients.
struct SupposedShares {
  std::uint32_t failed = 0;
  std::uint32_t late = 0;
};

/// `failed=3%`, `late=10%` or both with a comma; up to two decimals. An error of kind usage.
Result<SupposedShares> parse_what_if(std::string_view text);

/// One way in which plays were stopped.
struct WhatIfStop {
  std::string where;  ///< `canary wave 1`, `site HQ`, `the rollout`
  std::string why;    ///< `more failed than tolerated` …
  std::uint32_t seeds = 0;
  std::uint32_t median_touched =
      0;  ///< clients that were triggered, or reached by a force, by then
  std::uint32_t worst_touched = 0;
  std::uint32_t worst_seed = 0;
};

struct WhatIf {
  SupposedShares shares;
  std::uint32_t seeds_asked = 0;
  std::uint32_t seeds = 0;  ///< played: fewer when the plan is too big for all
  std::uint64_t plays = 0;  ///< clients × seeds
  std::uint32_t completed = 0;
  std::vector<WhatIfStop> stops;  ///< the most frequent first
  /// The stop that touched most clients; null when nothing was stopped.
  const WhatIfStop* worst() const;
};

/// Clients × seeds that are played at most: some ten seconds.
inline constexpr std::uint64_t kMostPlays = 4'000'000;

struct WhatIfOptions {
  SupposedShares shares;
  std::uint32_t seeds = 100;
  Timestamp start{};
  std::uint64_t most_plays = kMostPlays;
  Fates known;  ///< what was seen of clients: one that is current stays so; empty: nothing
};

/// Plays seeds 1 … `seeds`, or as many of them as `most_plays` allows, at least one.
WhatIf what_if(const Schedule& schedule, const WhatIfOptions& options);

}  // namespace sitewide
