// Approvals: those that a rollout waits for now, as the orders that would give them. Pure;
// O(groups).
#pragma once

#include <string>
#include <vector>

#include "orchestrator/core/order.h"

namespace sitewide {

struct AwaitedApproval {
  std::string words;  ///< `change-board, before head-office starts`; escaped
  Order order;        ///< what gives it; who and why are not filled in
};

std::vector<AwaitedApproval> awaited_approvals(const Rollout& rollout);

}  // namespace sitewide
