#include "orchestrator/cli/preview_warnings.h"

#include "orchestrator/cli/what_if_text.h"
#include "orchestrator/preview/confidence.h"

namespace sitewide {

std::vector<std::string> warnings_of(const PreviewFacts& facts) {
  std::vector<std::string> warnings = facts.probe.warnings;
  const Schedule& schedule = facts.plan.compiled.schedule;
  for (std::string& sentence : small_samples(schedule)) warnings.push_back(std::move(sentence));
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    if (!schedule.may_arrive_late(g)) continue;
    const ScheduledGroup& group = schedule.groups[g];
    const bool once = group.plan.method == Method::command && !group.plan.command.repeatable;
    const bool goes_back = group.restore.policy.attempts > 0;
    if (!once && !goes_back) continue;
    std::string text =
        "group " + group.plan.name + ": transport " + schedule.transports[group.transport].name +
        (once ? " keeps no attempt records, so " : " keeps no record of its upgrade, so ");
    if (once) text += "its upgrade may run again after a crash";
    if (once && goes_back) text += ", and ";
    if (goes_back)
      text +=
          "one that was never heard of may arrive after its client was put back; such a "
          "client gets its originals once more";
    warnings.push_back(std::move(text));
  }
  if (facts.what_if != nullptr) {
    if (std::string cut = cut_short_in_words(*facts.what_if); !cut.empty())
      warnings.push_back(std::move(cut));
  }
  if (!schedule.limits.rollout_within)
    warnings.push_back("no rollout_within: the rollout may last as long as its clients take");
  return warnings;
}

}  // namespace sitewide
