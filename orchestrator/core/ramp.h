// The ramp of the trigger rate: how fast triggers may start, and when that doubles. Pure, O(1).
//
// The rollout begins at the plan's `from`. A rate is held for `double_every`, counted from the
// first trigger at it; pauses, halts and time without a controller do not count. It then doubles,
// up to `to`, as soon as both hold:
//   - nine in ten of all clients that were triggered by then are proven; failures that an operator
//     has acknowledged are left out of the count;
//   - it was used: as many clients as one period of it allows were first triggered at it.
// A rate that was reached stays: what goes wrong at it is for the budgets to stop.
#pragma once

#include <string>

#include "orchestrator/core/rollout.h"

namespace sitewide {

/// The rate after so many doublings; `to` once they reach it.
Rate rate_after(const Limits& limits, std::uint32_t doublings);
/// `600/m`, `5/10s`: as the plan writes it.
std::string format_rate(const Rate& rate);

/// Where the ramp stands.
struct RampStand {
  Rate rate;                ///< in force now; count 0: no limit
  bool at_top = true;       ///< it does not double any more, or there is no ramp
  Timestamp held = kNever;  ///< active: when the rate has held long enough; kNever: not used yet
  std::uint32_t triggered = 0;  ///< clients triggered by then, or so far
  std::uint32_t proven = 0;     ///< of those
  std::uint32_t needed = 0;     ///< how many of them must be proven
  std::uint32_t used = 0;       ///< clients first triggered at this rate
  /// True at active time `active`.
  bool doubles(Timestamp active) const {
    return !at_top && active >= held && proven >= needed && used >= rate.count;
  }
};
RampStand ramp_stand(const Rollout& rollout);

}  // namespace sitewide
