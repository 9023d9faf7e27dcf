// Freeze: looks at all that a saved preview holds fast, once when it is saved and again before it
// is run. Reads only. Blocks on dead mounts as long as they do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "orchestrator/cli/compiled_plan.h"
#include "orchestrator/preview/drift.h"
#include "orchestrator/preview/saved_preview.h"

namespace sitewide {

/// What `plan` and the world are now. `clients` is what a probe saw, or nothing.
SavedPreview freeze(const CompiledPlan& plan, const std::string& only,
                    std::optional<std::vector<SavedClient>> clients, Timestamp at);

/// The same world, now, for what `saved` speaks of. `plan` is its plan, compiled anew.
PresentState present_state(const SavedPreview& saved, const CompiledPlan& plan,
                           std::optional<std::vector<SavedClient>> clients, Timestamp now);

}  // namespace sitewide
