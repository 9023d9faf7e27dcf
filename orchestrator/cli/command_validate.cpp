#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/preview_text.h"
#include "plans/catalogue.h"
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

}  // namespace

Result<ExitCode> command_validate(const Options& options, const Console& console) {
  const CompiledPlan plan = compile_plan(options.target, options.only, wall_clock());
  if (const auto code = show_problems(plan, options, console)) return *code;
  if (console.json() || options.format != "full") return ExitCode::on_target;
  const Schedule& schedule = plan.compiled.schedule;
  std::string text = escaped(options.target) + ": valid; " +
                     count_of(schedule.clients.size(), "client") + " in " +
                     count_of(schedule.groups.size(), "group") + "\n";
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    const ScheduledGroup& group = schedule.groups[g];
    text += "  " + group.plan.name + ": " + budget_in_words(group) + "; it " +
            rollback_in_words(schedule, g) + "\n";
  }
  if (const auto refused = refusal(plan)) text += "  run will refuse: " + refused->message + "\n";
  console.out(text);
  return ExitCode::on_target;
}

Result<ExitCode> command_schema(const Options&, const Console& console) {
  console.out(plan_schema());
  return ExitCode::on_target;
}

Result<ExitCode> command_catalogue(const Options& options, const Console& console) {
  if (options.target.empty()) {
    for (const std::string_view article : catalogue_articles()) {
      const auto entry = find_catalogue_entry(article);
      console.out(std::string(article) + "  " + (entry ? entry->title : "") + "\n");
    }
    return ExitCode::on_target;
  }
  const auto text = catalogue_text(options.target);
  if (!text) {
    const auto articles = catalogue_articles();
    const std::string_view near = nearest(options.target, articles);
    return Error{ErrorKind::refused,
                 "no article `" + escaped(options.target, 40) + "` in the catalogue" +
                     (near.empty() ? "; `sitewide catalogue` lists them"
                                   : "; did you mean `" + std::string(near) + "`?")};
  }
  console.out(*text);
  return ExitCode::on_target;
}

}  // namespace sitewide
