// The preview as a person reads it, and as NDJSON. Pure: everything it shows was found out before.
#pragma once

#include <string>

#include "orchestrator/cli/client_probe.h"
#include "orchestrator/cli/compiled_plan.h"
#include "orchestrator/cli/site_probe.h"
#include "orchestrator/preview/forecast.h"
#include "orchestrator/preview/what_if.h"

namespace sitewide {

struct PreviewFacts {
  const CompiledPlan& plan;
  const SiteProbe& probe;
  const Forecast& forecast;
  const ClientProbe* clients = nullptr;  ///< null: no client was asked
  const WhatIf* what_if = nullptr;       ///< null: nothing was supposed
};

std::string preview_text(const PreviewFacts& facts);
std::string preview_json(const PreviewFacts& facts);
/// "tolerates 1 of 30; the 2nd failure halts".
std::string budget_in_words(const ScheduledGroup& group);

}  // namespace sitewide
