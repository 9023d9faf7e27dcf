#include "orchestrator/cli/compiled_plan.h"

#include "orchestrator/core/schedule_codec.h"
#include "plans/inventory.h"
#include "plans/payload.h"
#include "plans/zones.h"

namespace sitewide {

CompiledPlan compile_plan(const std::string& path, const std::string& only, Timestamp now) {
  CompiledPlan result;
  result.loaded = load_plan(path);
  result.problems = result.loaded.problems;
  check_payload(result.loaded.plan, result.problems);
  ClientTable inventory = read_inventory(result.loaded.sources, result.problems);
  CompileOptions options;
  options.only = only;
  options.zones = [now](const std::string& zone) { return zone_offsets(zone, now); };
  // A broken inventory would only repeat itself as selectors that match nothing.
  if (inventory.size() > 0) {
    result.compiled = compile(result.loaded.plan, std::move(inventory), options);
    result.problems.insert(result.problems.end(), result.compiled.problems.begin(),
                           result.compiled.problems.end());
  }
  sort_problems(result.problems);
  if (!result.ok()) return result;
  Schedule& schedule = result.compiled.schedule;
  schedule.plan_path = result.loaded.path;
  schedule.plan_digest = result.loaded.digest;
  schedule.digest = sha256(encode_schedule(schedule));
  return result;
}

}  // namespace sitewide
