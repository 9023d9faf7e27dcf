#include <algorithm>

#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/preview_events.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/preview_text.h"

namespace sitewide {

Timestamp wall_clock() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

std::optional<ExitCode> show_problems(const CompiledPlan& plan, const Options& options,
                                      const Console& console) {
  DiagnosticOptions how;
  how.colour = console.colour();
  if (options.format == "concise") how.format = DiagnosticFormat::concise;
  if (options.format == "json" || console.json()) how.format = DiagnosticFormat::json;
  const std::string text = render(plan.problems, plan.loaded.files, how);
  if (how.format == DiagnosticFormat::json) {
    console.out(text);
  } else {
    console.err(text);
  }
  if (plan.ok()) return std::nullopt;
  return ExitCode::invalid;
}

Preview look_ahead(const CompiledPlan& plan, Timestamp now, bool keep_events) {
  Preview preview;
  preview.probe = probe_sites(plan.compiled.schedule);
  ForecastOptions options;
  options.start = now;
  options.keep_events = keep_events;
  preview.forecast = forecast(plan.compiled.schedule, options);
  return preview;
}

std::optional<Error> refusal(const CompiledPlan& plan) {
  const Schedule& schedule = plan.compiled.schedule;
  for (const BlastRadius& radius : plan.compiled.blast_radius) {
    const Group& group = schedule.groups[radius.group].plan;
    if (group.reaches_site) continue;
    std::string message = "group " + group.name + " forces site " +
                          schedule.sites[radius.site].plan.name +
                          ", which reaches every client of the site";
    if (!radius.clients.empty()) {
      message +=
          ", among them " + std::to_string(radius.clients.size()) + " of other groups or none:";
      for (std::size_t i = 0; i < std::min<std::size_t>(radius.clients.size(), 10); ++i) {
        message += " " + std::string(schedule.clients.name(radius.clients[i]));
      }
      if (radius.clients.size() > 10) message += " …";
    }
    return Error{ErrorKind::refused,
                 message + "; say `reaches: site` in the group if that is meant"};
  }
  return std::nullopt;
}

Result<ExitCode> command_preview(const Options& options, const Console& console) {
  const Timestamp now = wall_clock();
  const CompiledPlan plan = compile_plan(options.target, options.only, now);
  if (const auto code = show_problems(plan, options, console)) return *code;
  const Preview preview = look_ahead(plan, now, options.events);
  const PreviewFacts facts{plan, preview.probe, preview.forecast};
  const Schedule& schedule = plan.compiled.schedule;
  if (options.events && console.json())
    console.out(preview_events_json(schedule, preview.forecast));
  console.out(console.json() ? preview_json(facts) : preview_text(facts));
  if (options.events && !console.json())
    console.out(preview_events_text(schedule, preview.forecast));
  const auto refused = refusal(plan);
  if (refused && !console.json())
    console.out("warning: run will refuse: " + refused->message + "\n");
  if (!console.json()) {
    console.out(
        "\nNothing was changed. A later run looks again and may differ.  To run:  sitewide run " +
        options.target + "\n");
  }
  // A preview looks at sites, not at clients: whether those are on target already it cannot say.
  const bool none = schedule.clients.size() == 0;
  return options.exit_code && !none ? ExitCode::work_to_do : ExitCode::on_target;
}

}  // namespace sitewide
