// The preview as a person reads it, and as NDJSON. Pure: everything it shows was found out before.
#pragma once

#include <string>

#include "orchestrator/cli/compiled_plan.h"
#include "orchestrator/cli/site_probe.h"
#include "orchestrator/preview/forecast.h"

namespace sitewide {

struct PreviewFacts {
  const CompiledPlan& plan;
  const SiteProbe& probe;
  const Forecast& forecast;
};

std::string preview_text(const PreviewFacts& facts);
std::string preview_json(const PreviewFacts& facts);
/// "tolerates 1 of 30; the 2nd failure halts".
std::string budget_in_words(const ScheduledGroup& group);

}  // namespace sitewide
