// Advice: what to type next, once a controller has left a rollout. Pure.
#pragma once

#include <string>

#include "orchestrator/core/rollout.h"

namespace sitewide {

/// Whether what went wrong looks like a mistake in the plan, or in what it names: something was
/// refused, or a program or file is not there. A rollout keeps its plan, so no retry mends that.
bool looks_like_the_plan(const Rollout& rollout);

/// Lines of commands for the rollout of that id, the most useful first.
std::string next_commands(const Rollout& rollout, const std::string& id);

}  // namespace sitewide
