#include "orchestrator/cli/readiness.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/missing_logins.h"
#include "orchestrator/cli/needed_programs.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/site_looks.h"
#include "orchestrator/cli/startable.h"
#include "orchestrator/cli/telling.h"

namespace sitewide {
namespace {

void add_programs(const Schedule& schedule, std::vector<Finding>& findings) {
  for (const NeededProgram& needed : needed_programs(schedule)) {
    if (can_be_started(needed.program)) continue;
    findings.push_back({"this machine",
                        {"there is no program " + escaped(needed.program) + ", which " +
                             needed.needed_for + " needs",
                         "install it, or name where it lies"},
                        {}});
  }
}

// What `run` refuses although the plan is valid.
void add_refusals(const CompiledPlan& plan, std::vector<Finding>& findings) {
  if (const auto refused = refusal(plan))
    findings.push_back({"plan", {"run will refuse: " + refused->message, "mend the plan"}, {}});
  for (const Problem& problem : missing_for(plan.compiled.schedule.notify))
    findings.push_back({"notify", {problem.message, problem.help}, {}});
  for (const Problem& problem : missing_logins(plan.compiled.schedule))
    findings.push_back({"logins", {problem.message, problem.help}, {}});
}

std::string remedy_of(const ClientCause& cause) {
  return cause.unreachable
             ? "see whether they are on and whether the transport is right; who is off then will "
               "be late"
             : "mend it, or leave them out: a run would come to the same";
}

void add_clients(const Schedule& schedule, const ClientSample& sample,
                 std::vector<Finding>& findings) {
  for (const GroupSample& group : sample.groups) {
    const ScheduledGroup& plan = schedule.groups[group.group];
    const bool all = group.asked.size() == plan.clients.size();
    for (const ClientCause& cause : group.causes) {
      Finding finding;
      finding.about = std::to_string(cause.clients.size()) + " of " +
                      std::to_string(group.asked.size()) +
                      (all ? " clients of " : " sampled clients of ") + plan.plan.name;
      finding.lack = {cause.why.empty() ? "no answer" : cause.why, remedy_of(cause)};
      for (const std::uint32_t client : cause.clients)
        finding.clients.emplace_back(schedule.clients.name(client));
      findings.push_back(std::move(finding));
    }
    if (group.asked.empty() || group.has_inspect) continue;
    const std::string what = group.files ? "looked for in their roots alone" : "not asked at all";
    findings.push_back({"group " + plan.plan.name,
                        {"its clients were " + what + ", for the plan gives no `inspect`",
                         "give one: a program that changes nothing, and ends with 0 on a client "
                         "that needs no upgrade",
                         false},
                        {}});
  }
}

}  // namespace

bool Readiness::lacks_anything() const {
  return std::ranges::any_of(findings, [](const Finding& one) { return one.lack.stops; });
}

Readiness look_for_lacks(const CompiledPlan& plan, const AdapterTables& tables,
                         const ProbeReach& reach) {
  const Schedule& schedule = plan.compiled.schedule;
  const Timestamp begun = wall_clock();
  Readiness readiness;
  add_refusals(plan, readiness.findings);
  add_programs(schedule, readiness.findings);
  const SiteLooks places = site_looks(schedule, begun, reach.within);
  readiness.sites = places.sites;
  readiness.logon_servers = places.logon_servers;
  const Looked looked = look_at_all(places.looks, reach.within);
  for (std::size_t i = 0; i < looked.lacks.size(); ++i) {
    for (const sms::Lack& lack : looked.lacks[i])
      readiness.findings.push_back({places.looks[i].place, lack, {}});
  }
  readiness.sample = sample_clients(schedule, tables, reach.clients, reach.within);
  add_clients(schedule, readiness.sample, readiness.findings);
  std::stable_partition(readiness.findings.begin(), readiness.findings.end(),
                        [](const Finding& one) { return one.lack.stops; });
  readiness.stuck = looked.stuck || readiness.sample.stuck;
  readiness.took = wall_clock() - begun;
  return readiness;
}

}  // namespace sitewide
