#include "orchestrator/core/compile_waves.h"

#include <algorithm>

#include "orchestrator/base/mutation.h"
#include "orchestrator/core/compile.h"

namespace sitewide {

void cut_waves(const Plan& written, Schedule& schedule) {
  for (std::uint32_t g = 0; g < written.groups.size(); ++g) {
    ScheduledGroup& group = schedule.groups[g];
    const Group& plan = written.groups[g];
    const Range all = group.waves.front();
    group.waves.clear();
    const bool tolerates_more = mutated(Mutation::tolerances_round_up);
    group.tolerate_failed = tolerates_more
                                ? resolve_up(plan.tolerate_failed, group.clients.size())
                                : resolve_down(plan.tolerate_failed, group.clients.size());
    group.tolerate_late = resolve_down(plan.tolerate_late, group.clients.size());
    if (plan.unproven)
      group.unproven = std::max(1U, resolve_down(*plan.unproven, group.clients.size()));
    if (plan.unproven && mutated(Mutation::unproven_one_more)) ++group.unproven;
    // One force is one wave, and it cannot be held back client by client.
    const bool forced = plan.method == Method::site_wide;
    group.strict_first = !forced && plan.strict.value_or(true);
    group.strict_later = !forced && plan.strict.value_or(false);
    std::uint32_t at = all.begin;
    for (std::size_t i = 0; at < all.end; ++i) {
      const Count whole{100, true};
      const Count& count =
          plan.waves.empty() || forced ? whole : plan.waves[std::min(i, plan.waves.size() - 1)];
      const std::uint32_t wanted = mutated(Mutation::waves_round_down)
                                       ? resolve_down(count, all.size())
                                       : resolve_up(count, all.size());
      const std::uint32_t size = std::max(1U, std::min(wanted, all.end - at));
      group.waves.push_back({at, at + size});
      at += size;
    }
  }
}

std::uint32_t resolve_down(const Count& count, std::uint32_t total) {
  if (!count.percent) return count.value;
  return static_cast<std::uint32_t>(std::uint64_t{total} * count.value / 100);
}

std::uint32_t resolve_up(const Count& count, std::uint32_t total) {
  if (!count.percent) return count.value;
  return static_cast<std::uint32_t>((std::uint64_t{total} * count.value + 99) / 100);
}

}  // namespace sitewide
