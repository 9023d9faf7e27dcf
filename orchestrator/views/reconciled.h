// The final reconciliation as text and JSON: every client in one list, with its reason. Pure;
// everything that came from a client or an operator is escaped.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>

#include "orchestrator/core/reconciliation.h"

namespace sitewide {

/// `  50 clients, each once: 44 on target, 3 late for good, 3 failed` and `\n`.
std::string reconciliation_counts(const Rollout& rollout);

/// The same, then a line for each client that is not on target, `most` of a list at most. Those
/// that are under way or have not begun get one only once the rollout has ended.
std::string reconciliation_text(const Rollout& rollout, std::size_t most = 20);

/// `{"clients":50,"lists":[{"list":"on_target","count":44,"clients":["pc1",…]},
/// {"list":"failed","count":1,"clients":[{"client":"pc9","reason":"…"}]}]}`; lists without a client
/// are left out. Of a list longer than `most` the rest is counted in `left_out`.
boost::json::object reconciliation_json(const Rollout& rollout, std::size_t most = 10000);

}  // namespace sitewide
