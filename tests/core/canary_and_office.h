// A canary of one client that stays upgraded, so that a rollback of the office is no end; behind it
// an office in waves.
#pragma once

#include <utility>
#include <vector>

#include "tests/support/scene.h"

namespace sitewide {

inline ScenePlan canary_and_office(std::uint32_t clients, std::vector<Count> sizes) {
  ScenePlan plan;
  plan.group("canary", 1);
  Group& office = plan.group("office", clients);
  office.after = {"canary"};
  office.waves = std::move(sizes);
  return plan;
}

inline Group& office(ScenePlan& plan) { return plan.plan.groups[1]; }

}  // namespace sitewide
