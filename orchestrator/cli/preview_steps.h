// The stages that `preview`, `run` and `validate` share.
#pragma once

#include <optional>

#include "orchestrator/cli/compiled_plan.h"
#include "orchestrator/cli/console.h"
#include "orchestrator/cli/site_probe.h"
#include "orchestrator/preview/forecast.h"

namespace sitewide {

struct Preview {
  SiteProbe probe;
  Forecast forecast;
};

/// The time now, for commands; the engine has its own clock.
Timestamp wall_clock();
/// Prints all problems and warnings; a code when there is an error among them.
std::optional<ExitCode> show_problems(const CompiledPlan& plan, const Options& options,
                                      const Console& console);
/// Looks at the sites and plays the schedule on the virtual clock. The forecast's events are kept
/// only if asked for: a million clients have ten million. `known` is what was seen of clients.
Preview look_ahead(const CompiledPlan& plan, Timestamp now, bool keep_events = false,
                   const Fates& known = {});
/// Why `run` would not even begin: a force without `reaches: site`.
std::optional<Error> refusal(const CompiledPlan& plan);

}  // namespace sitewide
