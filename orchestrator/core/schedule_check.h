// Whether a schedule that was read is whole: everything it names by number is there, so that nobody
// who folds or decides by it reaches beyond its tables. compile() makes no other. Pure.
#pragma once

#include <string>

#include "orchestrator/core/schedule.h"

namespace sitewide {

/// What is wrong, in words; empty when nothing is.
std::string fault_of(const Schedule& schedule);

}  // namespace sitewide
