// When the rate of triggers doubles.
#include "orchestrator/core/decider.h"
#include "orchestrator/core/ramp.h"

namespace sitewide {

std::optional<Event> Decider::ramp() const {
  if (!r.schedule().limits.ramp || !may_start_client()) return std::nullopt;
  const RampStand stand = ramp_stand(r);
  if (!stand.doubles(active_)) return std::nullopt;
  return RateRaised{rate_after(r.schedule().limits, r.ramp().doublings + 1), stand.triggered,
                    stand.proven};
}

Timestamp Decider::ramp_wake() const {
  if (!r.schedule().limits.ramp) return kNever;
  const RampStand stand = ramp_stand(r);
  return stand.at_top ? kNever : r.wall(stand.held);
}

}  // namespace sitewide
