// How triggers and proofs move the ramp of the rate.
#include "orchestrator/core/applier.h"
#include "orchestrator/core/ramp.h"

namespace sitewide {

// Called before the client's own trigger counts.
void Applier::count_trigger(std::uint32_t c) {
  const Limits& limits = r.schedule_.limits;
  if (limits.rate.count == 0) return;
  RampRecord& ramp = r.ramp_;
  const Rate rate = rate_after(limits, ramp.doublings);
  r.rate_next_ = std::max(r.rate_next_, at) + rate.per / rate.count;
  if (!limits.ramp) return;
  // From here on clients are too young to prove anything of the rate as it has held so far.
  const bool held = ramp.since != Timestamp{} && active >= ramp.since + limits.ramp->double_every;
  if (held && ramp.mark == 0) {
    ramp.mark = ramp.clients;
    ramp.mark_proven = ramp.proven;
  }
  if (ramp.since == Timestamp{}) ramp.since = active;
  ClientRecord& client = r.clients_[c];
  if (client.first_trigger == 0) client.first_trigger = ++ramp.clients;
}

void Applier::count_proven(std::uint32_t c, int change) {
  const std::uint32_t first = r.clients_[c].first_trigger;
  if (first == 0) return;
  RampRecord& ramp = r.ramp_;
  ramp.proven += static_cast<std::uint32_t>(change);
  if (first <= ramp.mark) ramp.mark_proven += static_cast<std::uint32_t>(change);
}

void Applier::operator()(const RateRaised&) {
  RampRecord& ramp = r.ramp_;
  ++ramp.doublings;
  ramp.since = {};
  ramp.mark = ramp.mark_proven = 0;
  ramp.begun_at = ramp.clients;
  for (std::uint32_t lane = 0; lane < r.lanes_.size(); ++lane) r.lane_marks_.insert(lane);
}

}  // namespace sitewide
