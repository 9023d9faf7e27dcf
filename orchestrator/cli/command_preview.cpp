#include <algorithm>
#include <filesystem>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/client_probe.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/freeze.h"
#include "orchestrator/cli/missing_logins.h"
#include "orchestrator/cli/preview_events.h"
#include "orchestrator/cli/preview_page.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/preview_text.h"
#include "orchestrator/cli/result_file.h"
#include "orchestrator/cli/run_saved.h"
#include "orchestrator/journal/durable_file.h"

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
  return plan.lacks_secrets ? ExitCode::refused : ExitCode::invalid;
}

Preview look_ahead(const CompiledPlan& plan, Timestamp now, bool keep_events, const Fates& known) {
  Preview preview;
  preview.probe = probe_sites(plan.compiled.schedule);
  ForecastOptions options;
  options.start = now;
  options.keep_events = keep_events;
  options.fates = known;
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

namespace {

// Clients that are current are passed over by a run; whether others go well nobody has seen.
Fates fates_of(const ClientProbe& probe) {
  return [&probe](std::uint32_t client) {
    return probe.clients[client].standing == ClientStanding::current ? Fate::is_current
                                                                     : Fate::goes_well;
  };
}

// A client that could not be asked may need the upgrade.
bool is_work(const PreviewFacts& facts) {
  const Schedule& schedule = facts.plan.compiled.schedule;
  if (schedule.clients.size() == 0) return false;
  if (facts.clients == nullptr) return true;  // only sites were looked at
  const auto& writes = facts.probe.writes;
  return facts.clients->count(ClientStanding::current) < schedule.clients.size() ||
         !std::all_of(writes.begin(), writes.end(),
                      [](const PlannedWrite& write) { return write.same(); });
}

// What the preview found, for `sitewide run FILE`.
Result<> save(const CompiledPlan& plan, const ClientProbe* probe, const Options& options) {
  std::error_code error;  // a working directory that is gone: then the write says so
  if (std::filesystem::exists(options.save, error) && !names_saved_preview(options.save)) {
    return Error{ErrorKind::refused,
                 escaped(options.save) + " is there and is no saved preview; nothing was saved"};
  }
  if (const auto refused = refusal(plan))
    return Error{refused->kind, "nothing was saved, for run would refuse it: " + refused->message};
  std::optional<std::vector<SavedClient>> clients;
  if (probe != nullptr) clients = probe->clients;
  SavedPreview saved = freeze(plan, options.only, std::move(clients), wall_clock());
  const std::string text = encode_saved_preview(saved);
  if (text.size() > kMostPreviewBytes)
    return Error{ErrorKind::refused, "nothing was saved, for it would be too big to be read again"};
  const std::filesystem::path path = std::filesystem::absolute(options.save, error);
  const auto wrote =
      write_file(ErrorKind::io, path, path.string() + temporary_name(), text, Existing::replace);
  if (!wrote) return wrote.error();
  return {};
}

void show(const PreviewFacts& facts, const Options& options, const Console& console) {
  const Schedule& schedule = facts.plan.compiled.schedule;
  if (console.json()) {
    if (options.events) console.out(preview_events_json(schedule, facts.forecast));
    console.out(preview_json(facts));
    return;
  }
  console.out(preview_text(facts));
  if (options.events) console.out(preview_events_text(schedule, facts.forecast));
  if (const auto refused = refusal(facts.plan))
    console.out("warning: run will refuse: " + refused->message + "\n");
  console.out(options.save.empty()
                  ? "\nNothing was changed. A later run looks again and may differ.  To run:  "
                    "sitewide run " +
                        options.target + "\n"
                  : "\nNothing was changed. To do exactly this, by " +
                        format_timestamp(std::chrono::floor<std::chrono::seconds>(wall_clock() +
                                                                                  kPreviewHolds)) +
                        ":  sitewide run " + options.save + "\n");
}

}  // namespace

Result<ExitCode> command_preview(const Options& options, const Console& console) {
  const Timestamp now = wall_clock();
  Result<SupposedShares> shares = SupposedShares{};
  if (!options.what_if.empty()) shares = parse_what_if(options.what_if);
  if (!shares) return shares.error();
  CompileHow how;
  how.digest_inventory = !options.save.empty();
  const CompiledPlan plan = compile_plan(options.target, options.only, now, how);
  if (const auto code = show_problems(plan, options, console)) return *code;
  std::optional<ClientProbe> probe;
  if (options.probe) {
    if (auto ready = check_logins(plan.compiled.schedule, Deed::upgrade); !ready)
      return ready.error();
    probe = probe_clients(plan.compiled.schedule);
  }
  const ClientProbe* asked = probe ? &*probe : nullptr;
  if (!options.save.empty()) {
    if (auto saved = save(plan, asked, options); !saved) return saved.error();
  }
  const Fates known = asked == nullptr ? Fates{} : fates_of(*asked);
  const Preview preview = look_ahead(plan, now, options.events, known);
  std::optional<WhatIf> played;
  if (!options.what_if.empty())
    played = what_if(plan.compiled.schedule, {*shares, options.seeds, now, kMostPlays, known});
  const PreviewFacts facts{plan, preview.probe, preview.forecast, asked,
                           played ? &*played : nullptr};
  if (!options.html.empty()) {
    if (auto wrote = write_result(options.html, preview_page(facts), console); !wrote)
      return wrote.error();
  }
  show(facts, options, console);
  const bool work = options.exit_code && is_work(facts);
  const ExitCode code = work ? ExitCode::work_to_do : ExitCode::on_target;
  if (probe && probe->stuck) leave_stuck(static_cast<int>(code));
  return code;
}

}  // namespace sitewide
