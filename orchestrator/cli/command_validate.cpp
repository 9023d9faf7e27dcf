#include <boost/json.hpp>

#include "adapters/sms/steps.h"
#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/preview_text.h"
#include "orchestrator/cli/readiness.h"
#include "plans/schema.h"

namespace sitewide {
namespace {

// Whether the rollback of a group can undo its sites as a whole, or must restore client by client
// (design 5).
std::string rollback_in_words(const Schedule& schedule, std::uint32_t g) {
  const ScheduledGroup& group = schedule.groups[g];
  if (group.plan.on_breach == Scope::none) return "is not rolled back on a breach";
  if (group.plan.method == Method::command) {
    return group.restore.policy.attempts == 0 ? "cannot be rolled back: the plan gives no `restore`"
                                              : "is restored client by client";
  }
  for (const Lane& lane : schedule.lanes) {
    if (lane.group != g) continue;
    for (const Lane& other : schedule.lanes) {
      const bool shares = other.site == lane.site && other.group != g && other.group != kNone &&
                          other.adopted_by == kNone;
      if (shares)
        return "is restored client by client; its sites stay staged as long as clients of other "
               "groups there are upgraded";
    }
  }
  return group.plan.method == Method::site_wide
             ? "is rolled back by undoing its sites as a whole"
             : "is restored client by client, and its sites are unstaged";
}

// What its transport cannot take back.
std::string lateness_in_words(const Schedule& schedule, std::uint32_t g) {
  const ScheduledGroup& group = schedule.groups[g];
  const bool goes_back = group.restore.policy.attempts > 0;
  if (!goes_back || !schedule.may_arrive_late(g)) return {};
  return "; an upgrade that was never heard of may arrive after that, since transport " +
         schedule.transports[group.transport].name + " keeps no record of it";
}

// Whom a force reaches beside its own group.
std::string reach_in_words(const Compiled& compiled) {
  std::string text;
  for (const BlastRadius& radius : compiled.blast_radius) {
    if (radius.clients.empty()) continue;
    text += "  " + compiled.schedule.groups[radius.group].plan.name + ": its force of site " +
            compiled.schedule.sites[radius.site].plan.name + " also reaches";
    for (std::size_t i = 0; i < radius.clients.size() && i < 50; ++i)
      text += " " + std::string(compiled.schedule.clients.name(radius.clients[i]));
    text += radius.clients.size() > 50 ? " …\n" : "\n";
  }
  return text;
}

// Whole numbers of a part of the clients would only mislead.
void say_what_was_not_judged(const CompiledPlan& plan, bool json, const Options& options,
                             const Console& console) {
  const Schedule& schedule = plan.compiled.schedule;
  if (json) {
    boost::json::array sources;
    for (const std::string& source : plan.not_asked) sources.emplace_back(to_utf8(source));
    console.line("valid", {{"plan", to_utf8(schedule.plan_path)},
                           {"clients", nullptr},
                           {"not_asked", std::move(sources)}});
    return;
  }
  std::string text = escaped(options.target) + ": valid, as far as it was judged; " +
                     count_of(plan.not_asked.size(), "source") + " of the inventory " +
                     (plan.not_asked.size() == 1 ? "was" : "were") + " not asked:\n";
  for (const std::string& source : plan.not_asked) text += "  " + source + "\n";
  text +=
      "  not judged: which clients there are, so selectors that match nothing, labels that no "
      "client has, budgets\n"
      "  to ask them:  sitewide validate --inventory " +
      escaped(options.target) + "\n";
  console.out(text);
}

// The valid plan: its groups, budgets and what a rollback does.
void show_plan(const CompiledPlan& plan, const Options& options, bool json,
               const Console& console) {
  const Schedule& schedule = plan.compiled.schedule;
  if (!plan.not_asked.empty()) return say_what_was_not_judged(plan, json, options, console);
  std::string text = escaped(options.target) + ": valid; " +
                     count_of(schedule.clients.size(), "client") + " in " +
                     count_of(schedule.groups.size(), "group") + "\n";
  boost::json::array groups;
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    const ScheduledGroup& group = schedule.groups[g];
    groups.emplace_back(boost::json::object{
        {"group", group.plan.name},
        {"clients", group.clients.size()},
        {"tolerate_failed", group.tolerate_failed},
        {"tolerate_late", group.tolerate_late},
        {"rollback", rollback_in_words(schedule, g) + lateness_in_words(schedule, g)}});
    text += "  " + group.plan.name + ": " + budget_in_words(group) + "; it " +
            rollback_in_words(schedule, g) + lateness_in_words(schedule, g) + "\n";
  }
  const auto refused = refusal(plan);
  if (json) {
    boost::json::object members{{"plan", to_utf8(schedule.plan_path)},
                                {"clients", schedule.clients.size()},
                                {"groups", std::move(groups)}};
    if (refused) members["run_will_refuse"] = to_utf8(refused->message);
    console.line("valid", members);
    return;
  }
  text += reach_in_words(plan.compiled);
  if (refused) text += "  run will refuse: " + refused->message + "\n";
  console.out(text);
}

ExitCode probe(const CompiledPlan& plan, const Options& options, bool json,
               const Console& console) {
  ProbeReach reach;
  reach.clients = options.probe_clients;
  const Readiness readiness = look_for_lacks(plan, standard_tables(run_sms_step), reach);
  const Schedule& schedule = plan.compiled.schedule;
  if (json) {
    for (const auto& [type, members] : readiness_json(schedule, readiness))
      console.line(type, members);
  } else {
    console.out(readiness_text(schedule, readiness, options.format == "concise"));
  }
  const ExitCode code = readiness.lacks_anything() ? ExitCode::refused : ExitCode::on_target;
  if (readiness.stuck) leave_stuck(static_cast<int>(code));
  return code;
}

}  // namespace

Result<ExitCode> command_validate(const Options& options, const Console& console) {
  CompileHow how;
  how.ask = options.ask_inventory || options.probe;
  const CompiledPlan plan = compile_plan(options.target, options.only, wall_clock(), how);
  if (const auto code = show_problems(plan, options, console)) return *code;
  const bool json = console.json() || options.format == "json";
  if (json || options.format == "full") show_plan(plan, options, json, console);
  return options.probe ? probe(plan, options, json, console) : ExitCode::on_target;
}

Result<ExitCode> command_schema(const Options&, const Console& console) {
  // One line for --json, as everywhere; else indented, for the file that an editor reads.
  const std::string text(plan_schema());
  console.out(console.json() ? boost::json::serialize(boost::json::parse(text)) + "\n" : text);
  return ExitCode::on_target;
}

}  // namespace sitewide
