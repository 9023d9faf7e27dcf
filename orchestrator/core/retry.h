// Backoff between attempts. Pure and deterministic: the jitter comes from the client and the
// attempt.
#pragma once

#include <cstdint>

#include "orchestrator/core/plan.h"

namespace sitewide {

/// How long to wait after the `tries`-th attempt: backoff, doubled each time, at most backoff_max,
/// and up to a tenth more so that many clients that failed together do not come back together.
Duration backoff(const StepPolicy& policy, std::uint32_t tries, std::uint32_t subject);

}  // namespace sitewide
