// What an operator can do about a rollout that stands still.
#include "orchestrator/base/text.h"
#include "orchestrator/core/summary.h"
#include "orchestrator/core/why.h"

namespace sitewide {

std::string what_to_do(const Rollout& rollout, const WhyOptions& options) {
  if (rollout.ended()) return {};
  const std::string id = escaped(rollout.id(), 80);
  const RolloutState state = state_seen(rollout, options.controlled);
  if (state == RolloutState::interrupted) return "`sitewide resume " + id + "` goes on";
  if (state == RolloutState::paused) {
    return options.controlled ? "`sitewide continue " + id + "` goes on"
                              : "`sitewide resume " + id + "` goes on";
  }
  if (state != RolloutState::halted) return {};
  std::uint32_t over = 0;
  std::uint32_t to_retry = rollout.counts()[static_cast<std::size_t>(ClientState::restored)];
  bool needs_proof = false;  // accepting failures would only halt again
  for (std::uint32_t g = 0; g < rollout.schedule().groups.size(); ++g) {
    const GroupRecord& group = rollout.group(g);
    const std::uint32_t tolerated =
        rollout.schedule().groups[g].tolerate_failed + group.acknowledged;
    to_retry += group.failed;
    if (group.failed <= tolerated) continue;
    over += group.failed - tolerated;
    needs_proof = needs_proof || group.wave < group.prove_until;
  }
  const std::string resume = "`sitewide resume " + id;
  const std::string back = "`sitewide rollback " + id + "` puts everything back";
  if (over == 0)
    return resume + (to_retry > 0 ? " --retry-failed` tries again, " : "` tries again, ") + back;
  const std::string accept =
      resume + " --acknowledge " + std::to_string(over) + " --reason …` accepts it, ";
  return resume + " --retry-failed` tries what failed again, " + (needs_proof ? "" : accept) + back;
}

}  // namespace sitewide
