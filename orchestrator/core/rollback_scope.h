// What a rollback names, and what it undoes. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "orchestrator/core/rollout.h"

namespace sitewide {

/// Whether a rollback of `scope` names the client. Scope `site` names none: nobody there was
/// triggered.
bool in_scope(const Rollout& rollout, Scope scope, const Subject& subject, std::uint32_t client);

/// Clients that such a rollback puts back, newest trigger first: those that this rollout triggered
/// and that do not hold their originals again. O(clients), as all here.
std::vector<std::uint32_t> clients_to_restore(const Rollout& rollout, Scope scope,
                                              const Subject& subject);

/// Sites that it undoes as a whole: nobody outside the scope would be downgraded by it. Clients
/// that are being inspected count as outside: they may turn out to be current.
std::vector<std::uint32_t> sites_to_undo(const Rollout& rollout, Scope scope,
                                         const Subject& subject);

/// True when one more site could be undone once the inspections under way have ended.
bool looks_may_keep_a_site(const Rollout& rollout, Scope scope, const Subject& subject);

/// Of each group that it puts clients of back, the first wave it does: from there on the group
/// begins anew. One client that is put back alone counts only when it was the last proof of a wave
/// that has passed.
std::vector<Subject> waves_to_begin_anew(const Rollout& rollout, Scope scope,
                                         const Subject& subject);

/// True while anything of this rollout stands on a client or site.
bool could_be_rolled_back(const Rollout& rollout);

}  // namespace sitewide
