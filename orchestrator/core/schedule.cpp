#include "orchestrator/core/schedule.h"

#include <algorithm>

#include "orchestrator/base/check.h"

namespace sitewide {

std::uint32_t Schedule::wave_of(std::uint32_t client) const {
  const Lane& lane = lanes[lane_of[client]];
  if (lane.adopted_by != kNone || lane.group == kNone) return 0;
  const std::vector<Range>& waves = groups[lane.group].waves;
  if (waves.size() <= 1) return 0;
  const auto after =
      std::upper_bound(waves.begin(), waves.end(), client,
                       [](std::uint32_t c, const Range& wave) { return c < wave.begin; });
  return static_cast<std::uint32_t>(after - waves.begin() - 1);
}

// Over `local` the program is this machine's own: a look finds it while it runs. Upgrade.bat is
// never run under a record, and what is repeatable needs none to be done again.
bool Schedule::may_arrive_late(std::uint32_t g) const {
  const Group& plan = groups[g].plan;
  const Transport& transport = transports[groups[g].transport];
  if (transport.type == "local" || plan.method == Method::site_wide) return false;
  return plan.method == Method::upgrade_bat || plan.command.repeatable || transport.records.empty();
}

std::string subject_name(const Schedule& schedule, const Subject& subject) {
  switch (subject.kind) {
    case Subject::Kind::rollout:
      return "rollout";
    case Subject::Kind::site:
      return "site/" + schedule.sites[subject.index].plan.name;
    case Subject::Kind::group:
      return "group/" + schedule.groups[subject.index].plan.name;
    case Subject::Kind::wave:
      return "wave/" + schedule.groups[subject.index].plan.name + "/" +
             std::to_string(subject.wave + 1);
    case Subject::Kind::client:
      return "client/" + std::string(schedule.clients.name(subject.index));
    case Subject::Kind::gate:
      return "gate/" + schedule.groups[subject.index].plan.name + "/" +
             (subject.wave == kNone ? "before" : std::to_string(subject.wave + 1)) + "/" +
             std::to_string(subject.position + 1);
  }
  check_failed("a subject of no kind");
}

}  // namespace sitewide
