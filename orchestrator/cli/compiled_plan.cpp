#include "orchestrator/cli/compiled_plan.h"

#include <algorithm>
#include <iterator>

#include "adapters/sms/site/map_edit.h"
#include "orchestrator/base/text.h"
#include "orchestrator/cli/inventory_world.h"
#include "orchestrator/cli/missing_logins.h"
#include "orchestrator/cli/telling.h"
#include "orchestrator/core/schedule_codec.h"
#include "plans/inventory.h"
#include "plans/payload.h"
#include "plans/zones.h"

namespace sitewide {
namespace {

bool is_error(const Problem& problem) { return problem.severity == Problem::Severity::error; }

// Keeps only the further problems that lie on other lines than the errors found first: a wrong
// platform would come again as a wrong payload. A warning has no echoes.
void drop_echoes(std::vector<Problem>& problems, std::size_t first) {
  const auto echoes = [&](const Problem& later) {
    return std::any_of(problems.begin(), problems.begin() + static_cast<std::ptrdiff_t>(first),
                       [&](const Problem& found) {
                         return is_error(found) && found.place.source == later.place.source &&
                                found.place.line == later.place.line;
                       });
  };
  std::vector<Problem> kept(problems.begin(),
                            problems.begin() + static_cast<std::ptrdiff_t>(first));
  std::copy_if(problems.begin() + static_cast<std::ptrdiff_t>(first), problems.end(),
               std::back_inserter(kept), [&](const Problem& later) { return !echoes(later); });
  problems = std::move(kept);
}

/// A fragment of System.map that cannot be merged would only be found when every logon server holds
/// the files.
void check_fragments(const Plan& plan, std::vector<Problem>& problems) {
  for (const MapEdit& edit : plan.hotfix.parts.map) {
    if (edit.fragment_text.empty()) continue;
    const std::string fault = sms::fault_of_fragment(edit.fragment_text);
    if (fault.empty()) continue;
    problems.push_back({Problem::Severity::error,
                        edit.place,
                        "the fragment " + escaped(edit.fragment, 400) + ": " + fault,
                        "it has blocks as System.map has them",
                        {},
                        {}});
  }
}

// Names, addresses and labels in their order; no value holds a NUL.
Digest digest_of(const ClientTable& inventory) {
  Sha256 digest;
  std::string row;
  for (const std::string& column : inventory.columns()) row += column + '\0';
  for (std::uint32_t c = 0; c < inventory.size(); ++c) {
    row += '\n';
    row += inventory.name(c);
    row += '\0';
    row += inventory.address(c);
    for (std::uint32_t i = 0; i < inventory.columns().size(); ++i) {
      row += '\0';
      row += inventory.cell(c, i);
    }
    digest.update(row);
    row.clear();
  }
  digest.update(row);
  return digest.finish();
}

// Else nobody is asked: a whole inventory it would not be.
bool has_secrets_to_ask(CompiledPlan& plan) {
  for (Problem& missing : missing_for(plan.loaded.sources)) {
    missing.severity = Problem::Severity::error;
    missing.help = "put it there, then say this again; nothing was done";
    plan.problems.push_back(std::move(missing));
    plan.lacks_secrets = true;
  }
  return !plan.lacks_secrets;
}

// What has to be asked is asked only of a plan that has no errors of its own: a run would not start
// anyway.
ClientTable take_inventory(CompiledPlan& plan, const CompileHow& how) {
  const std::vector<InventorySource>& sources = plan.loaded.sources;
  bool merges = false;
  InventoryWorld world;
  const bool ask = how.ask && std::none_of(plan.problems.begin(), plan.problems.end(), is_error) &&
                   has_secrets_to_ask(plan);
  for (const InventorySource& source : sources) {
    if (ask || !source.is_asked()) continue;
    plan.not_asked.push_back(source.name);
    merges = merges || source.merge;
  }
  ClientTable clients = read_inventory(sources, plan.problems, ask ? &world : nullptr);
  // Labels that are still to come may change where every client belongs.
  return merges ? ClientTable() : std::move(clients);
}

}  // namespace

CompiledPlan compile_plan(const std::string& path, const std::string& only, Timestamp now,
                          const CompileHow& how) {
  CompiledPlan result;
  result.loaded = load_plan(path);
  result.problems = result.loaded.problems;
  check_payload(result.loaded.plan, result.problems);
  check_fragments(result.loaded.plan, result.problems);
  ClientTable inventory = take_inventory(result, how);
  if (how.digest_inventory) result.inventory = digest_of(inventory);
  CompileOptions options;
  options.only = only;
  options.partial = !result.not_asked.empty();
  options.zones = [now](const std::string& zone) { return zone_offsets(zone, now); };
  // Broken groups and a broken inventory would only repeat themselves, as selectors that match
  // nothing and names that are unknown.
  const bool readable =
      std::none_of(result.loaded.problems.begin(), result.loaded.problems.end(), is_error);
  drop_echoes(result.problems, result.loaded.problems.size());
  if (readable && (inventory.size() > 0 || options.partial)) {
    result.compiled = compile(result.loaded.plan, std::move(inventory), options);
    result.problems.insert(result.problems.end(), result.compiled.problems.begin(),
                           result.compiled.problems.end());
  }
  const Problems missing = missing_for(result.loaded.plan.notify);
  result.problems.insert(result.problems.end(), missing.begin(), missing.end());
  if (!result.not_asked.empty() && !result.lacks_secrets) {
    const Problems needed = missing_for(result.loaded.sources);
    result.problems.insert(result.problems.end(), needed.begin(), needed.end());
  }
  const Problems logins = missing_logins(result.loaded.plan.sites, result.loaded.plan.transports);
  result.problems.insert(result.problems.end(), logins.begin(), logins.end());
  const Problems gates = missing_for(result.loaded.plan.groups);
  result.problems.insert(result.problems.end(), gates.begin(), gates.end());
  sort_problems(result.problems);
  if (!result.ok()) return result;
  Schedule& schedule = result.compiled.schedule;
  schedule.plan_path = result.loaded.path;
  schedule.plan_digest = result.loaded.digest;
  schedule.digest = sha256(encode_schedule(schedule));
  return result;
}

}  // namespace sitewide
