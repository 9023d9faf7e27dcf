// Waves and budgets of groups as whole numbers. Part of compile(); not for others to include.
#pragma once

#include "orchestrator/core/plan.h"
#include "orchestrator/core/schedule.h"

namespace sitewide {

/// Resolves each group's counts, and divides its first wave, which holds all its clients, into the
/// waves that the plan names.
void cut_waves(const Plan& written, Schedule& schedule);

}  // namespace sitewide
