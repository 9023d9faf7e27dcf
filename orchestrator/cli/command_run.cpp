#include "orchestrator/base/text.h"
#include "orchestrator/cli/begin_rollout.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/missing_logins.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/preview_text.h"
#include "orchestrator/cli/run_saved.h"

namespace sitewide {

Result<ExitCode> command_run(const Options& options, const Console& console) {
  if (names_saved_preview(options.target)) return run_saved(options, console);
  if (options.accept_drift) {
    return Error{ErrorKind::usage, "--accept-drift is for a saved preview, and " +
                                       escaped(options.target) +
                                       " is none; `sitewide preview --save FILE PLAN` makes one"};
  }
  const Timestamp now = wall_clock();
  CompiledPlan plan = compile_plan(options.target, options.only, now);
  if (const auto code = show_problems(plan, options, console)) return *code;
  if (const auto refused = refusal(plan)) return *refused;
  if (auto ready = check_logins(plan.compiled.schedule, Deed::upgrade); !ready)
    return ready.error();
  if (!options.yes && !console.interactive()) {
    return Error{ErrorKind::refused, "there is no terminal to ask on; look at `sitewide preview " +
                                         escaped(options.target) + "`, then `sitewide run --yes " +
                                         escaped(options.target) + "`"};
  }
  if (!console.json() && !options.yes) {
    const Preview preview = look_ahead(plan, now);
    console.out(preview_text({plan, preview.probe, preview.forecast}));
    if (!console.confirm("Run this?"))
      return Error{ErrorKind::refused, "not confirmed; nothing was done"};
  }
  ApprovedSchedule approved;
  approved.schedule = std::move(plan.compiled.schedule);
  approved.plan = std::move(plan.loaded.bytes);
  return begin_rollout(std::move(approved), now, options, console);
}

}  // namespace sitewide
