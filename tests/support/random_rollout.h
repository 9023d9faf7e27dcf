// A whole random rollout: a random plan, a world that goes wrong, an operator who gives random
// orders, and controllers that die at any commit. The real core and the real engine drive it to its
// end, with RolloutCheck looking on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sitewide {

struct RandomRollout {
  std::uint64_t seed = 0;
  bool crashes = true;
  bool orders = true;
  bool keep_events = false;  ///< for reading what happened
};

struct RandomResult {
  std::vector<std::string> violations;  ///< empty: all is well
  std::vector<std::string> events;
  std::string end;  ///< the state it ended in; empty when chance made no plan
  std::uint32_t event_count = 0;
  std::uint32_t controllers = 0;
};

RandomResult run_random_rollout(const RandomRollout& what);

}  // namespace sitewide
