#include "orchestrator/core/retry.h"

#include <algorithm>

namespace sitewide {
namespace {

// splitmix64: spreads neighbouring numbers over the whole range.
std::uint64_t scramble(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

}  // namespace

Duration backoff(const StepPolicy& policy, std::uint32_t tries, std::uint32_t subject) {
  Duration wait = policy.backoff;
  for (std::uint32_t i = 1; i < tries && wait < policy.backoff_max; ++i) wait *= 2;
  wait = std::min(wait, policy.backoff_max);
  const std::uint64_t tenth = static_cast<std::uint64_t>(wait.count()) / 10 + 1;
  return wait + Duration(static_cast<Duration::rep>(
                    scramble((std::uint64_t{subject} << 32) | tries) % tenth));
}

}  // namespace sitewide
