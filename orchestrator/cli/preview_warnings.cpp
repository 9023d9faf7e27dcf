#include "orchestrator/cli/preview_warnings.h"

#include "orchestrator/cli/what_if_text.h"
#include "orchestrator/preview/confidence.h"

namespace sitewide {

std::vector<std::string> warnings_of(const PreviewFacts& facts) {
  std::vector<std::string> warnings = facts.probe.warnings;
  const Schedule& schedule = facts.plan.compiled.schedule;
  for (std::string& sentence : small_samples(schedule)) warnings.push_back(std::move(sentence));
  for (const ScheduledGroup& group : schedule.groups) {
    if (group.plan.method == Method::command && !group.plan.command.repeatable) {
      const Transport& transport = schedule.transports[group.transport];
      if (transport.type != "local" && transport.records.empty()) {
        warnings.push_back("group " + group.plan.name + ": transport " + transport.name +
                           " keeps no attempt records, so its upgrade may run again after a crash");
      }
    }
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
