// A rollout to hold events, orders and schedules against: two sites, three groups of all methods, a
// gate, a window. Made once, from a plan's text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/core/event.h"
#include "orchestrator/core/schedule.h"

namespace sitewide::fuzz {

/// The plan, and what stands beside it.
inline constexpr std::string_view kPlanPath = "/plans/plan.yaml";

/// The schedule of the sample plan.
const Schedule& sample_schedule();

/// How the sample rollout begins when all goes well: its first `count` events, or fewer.
std::vector<Event> sample_story(std::size_t count);

/// The text of an accepted schedule must be usable: clients, lanes, groups and sites that it names
/// are there. Builds what a controller builds of it; anything wrong ends the program.
void use(const Schedule& schedule);

}  // namespace sitewide::fuzz
