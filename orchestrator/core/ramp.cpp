#include "orchestrator/core/ramp.h"

#include <algorithm>

#include "orchestrator/base/mutation.h"

namespace sitewide {
namespace {

bool is_slower(const Rate& one, const Rate& other) {
  return std::uint64_t{one.count} * static_cast<std::uint64_t>(other.per.count()) <
         std::uint64_t{other.count} * static_cast<std::uint64_t>(one.per.count());
}

}  // namespace

Rate rate_after(const Limits& limits, std::uint32_t doublings) {
  Rate rate = limits.rate;
  if (!limits.ramp) return rate;
  for (std::uint32_t i = 0; i < doublings && is_slower(rate, limits.ramp->to); ++i) {
    if (rate.count > UINT32_MAX / 2) return limits.ramp->to;
    rate.count *= 2;
  }
  return is_slower(rate, limits.ramp->to) ? rate : limits.ramp->to;
}

std::string format_rate(const Rate& rate) {
  const std::string per = format_duration(rate.per);
  for (const Duration unit : {Duration(std::chrono::seconds(1)), Duration(std::chrono::minutes(1)),
                              Duration(std::chrono::hours(1))}) {
    if (rate.per != unit) continue;
    return std::to_string(rate.count) + "/" + format_duration(unit).substr(1);
  }
  return std::to_string(rate.count) + "/" + per;
}

RampStand ramp_stand(const Rollout& rollout) {
  const Limits& limits = rollout.schedule().limits;
  const RampRecord& ramp = rollout.ramp();
  RampStand stand;
  stand.rate = rate_after(limits, ramp.doublings);
  if (!limits.ramp) return stand;
  stand.at_top = !is_slower(stand.rate, limits.ramp->to);
  if (ramp.since != Timestamp{}) stand.held = ramp.since + limits.ramp->double_every;
  stand.triggered = ramp.mark > 0 ? ramp.mark : ramp.clients;
  stand.proven = ramp.mark > 0 ? ramp.mark_proven : ramp.proven;
  stand.used = ramp.clients - ramp.begun_at;
  const std::uint64_t spared = std::uint64_t{stand.triggered} / 10 + ramp.acknowledged;
  stand.needed = stand.triggered -
                 static_cast<std::uint32_t>(std::min<std::uint64_t>(spared, stand.triggered));
  if (mutated(Mutation::ramp_needs_no_proof)) stand.needed = 0;
  return stand;
}

}  // namespace sitewide
