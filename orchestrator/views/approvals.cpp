#include "orchestrator/views/approvals.h"

#include "orchestrator/base/text.h"

namespace sitewide {

std::vector<AwaitedApproval> awaited_approvals(const Rollout& rollout) {
  std::vector<AwaitedApproval> result;
  const Schedule& schedule = rollout.schedule();
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    const GroupRecord& record = rollout.group(g);
    if (!record.gate_open) continue;
    const Group& plan = schedule.groups[g].plan;
    const std::vector<Gate>& gates = record.started ? plan.after_wave : plan.before;
    if (record.gate >= gates.size()) continue;
    const Gate& gate = gates[record.gate];
    if (gate.kind != Gate::Kind::approval) continue;
    AwaitedApproval awaited;
    awaited.order.verb = "approve";
    awaited.order.name = gate.approval;
    awaited.order.subject = plan.name;
    awaited.words = escaped(gate.approval);
    if (record.started) {  // the wave before the next one is what is approved
      awaited.order.subject += "/" + std::to_string(record.wave);
      awaited.words += ", after wave " + std::to_string(record.wave) + " of " + escaped(plan.name);
    } else {
      awaited.words += ", before " + escaped(plan.name) + " starts";
    }
    result.push_back(std::move(awaited));
  }
  return result;
}

}  // namespace sitewide
