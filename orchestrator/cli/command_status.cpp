#include "orchestrator/base/text.h"
#include "orchestrator/cli/await_rest.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/stored_rollout.h"
#include "orchestrator/core/order.h"
#include "orchestrator/core/summary.h"
#include "orchestrator/core/why.h"
#include "orchestrator/views/json_lines.h"
#include "orchestrator/views/reconciled.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

// What the site is in the middle of, or was when its controller went.
std::string under_way(const SiteSummary& site, RolloutState state) {
  if (!site.open_step) return {};
  const bool gone = state == RolloutState::interrupted && !is_watch(*site.open_step);
  const char* how = site.in_doubt || gone ? " in doubt" : "";
  return ", " + spoken(name_of(*site.open_step)) + how + " since " +
         format_timestamp(std::chrono::floor<std::chrono::seconds>(site.started));
}

std::string status_text(const StoredRollout& stored, bool controlled, Charset charset,
                        Timestamp now) {
  const Rollout& rollout = stored.rollout;
  const Summary summary = summarize(rollout, controlled);
  std::string text =
      escaped(summary.id) + "  " + std::string(glyph(summary.state, charset)) + " " +
      spoken(name_of(summary.state)) + ", " + std::to_string(summary.on_target()) + " of " +
      count_of(summary.clients, "client") + " on target, last event " +
      format_timestamp(std::chrono::floor<std::chrono::seconds>(summary.last_event)) + "\n";
  for (const GroupSummary& group : summary.groups) {
    text += "  " + std::string(glyph(group.state, charset)) + " " + pad(escaped(group.name), 16) +
            " " + pad(spoken(name_of(group.state)), 18) + " wave " + std::to_string(group.wave) +
            "/" + std::to_string(group.waves) + "  " + describe_counts(group.counts) + "\n      " +
            describe_budget(group.tolerated_failed, group.clients) + "\n";
  }
  for (const SiteSummary& site : summary.sites) {
    text += "  " + std::string(glyph(site.phase, charset)) + " site " +
            pad(escaped(site.name), 11) + " " + std::string(name_of(site.phase)) +
            under_way(site, summary.state) + (site.note.empty() ? "" : ": " + escaped(site.note)) +
            "\n";
  }
  const WhyOptions options{controlled, false};
  text += reconciliation_text(rollout);
  return text + "  " + why(rollout, Subject::rollout(), now, options) + "\n";
}

struct Look {
  std::unique_ptr<StoredRollout> stored;
  bool controlled = false;
};

Result<Look> look_at(const Options& options) {
  const auto directory = find_rollout(options.state_dir, options.target);
  if (!directory) return directory.error();
  const auto controller = Lease::holder(directory->lock());
  if (!controller) return controller.error();
  auto stored = read_rollout(*directory);
  if (!stored) return stored.error();
  return Look{std::move(*stored), controller->has_value()};
}

}  // namespace

Result<ExitCode> command_status(const Options& options, const Console& console) {
  auto look = look_at(options);
  if (!look) return look.error();
  if (options.wait || options.timeout) {
    const auto controlled = await_rest(*look->stored, options.timeout);
    if (!controlled) return controlled.error();
    look->controlled = *controlled;
  }
  ExitCode code = exit_code_seen(look->stored->rollout, look->controlled);
  const bool goes_on = !stands_still(look->stored->rollout, look->controlled);
  if (options.timeout && goes_on) code = ExitCode::waiting;
  console.out(console.json()
                  ? json_summary(look->stored->rollout, wall_clock(), static_cast<int>(code),
                                 look->controlled)
                  : status_text(*look->stored, look->controlled, console.charset(), wall_clock()));
  return code;
}

Result<ExitCode> command_why(const Options& options, const Console& console) {
  const auto look = look_at(options);
  if (!look) return look.error();
  const StoredRollout& stored = *look->stored;
  Subject subject;
  if (!options.subject.empty()) {
    const auto meant = subject_meant(stored.subjects, options.subject, true);
    if (!meant)
      return Error{ErrorKind::refused, stored.directory.id() + ": " + meant.error().message};
    subject = *meant;
  }
  const WhyOptions how{look->controlled, true};
  const std::string sentence = why(stored.rollout, subject, wall_clock(), how);
  if (console.json()) {
    console.line("why", {{"rollout", stored.directory.id()},
                         {"subject", subject_name(stored.schedule, subject)},
                         {"msg", sentence}});
    return ExitCode::on_target;
  }
  console.out(sentence + "\n");
  return ExitCode::on_target;
}

Result<ExitCode> command_list(const Options& options, const Console& console) {
  const auto state = state_directory(options.state_dir);
  if (!state) return state.error();
  auto rollouts = state->rollouts();
  if (!rollouts) return rollouts.error();
  if (rollouts->empty() && !console.json())
    console.out("no rollouts in " + state->path().string() + "\n");
  for (auto directory = rollouts->rbegin(); directory != rollouts->rend(); ++directory) {
    const auto controller = Lease::holder(directory->lock());
    const auto stored = read_rollout(*directory);
    const bool controlled = controller && controller->has_value();
    const std::string state_word = stored
                                       ? spoken(name_of(state_seen((*stored)->rollout, controlled)))
                                       : "cannot be read: " + stored.error().message;
    if (console.json()) {
      console.line("rollout", {{"rollout", directory->id()},
                               {"state", to_utf8(state_word)},
                               {"created", format_timestamp(directory->created())}});
      continue;
    }
    const std::string clients =
        stored ? count_of((*stored)->schedule.clients.size(), "client") : "";
    console.out(pad(directory->id(), 24) + " " +
                format_timestamp(std::chrono::floor<std::chrono::seconds>(directory->created())) +
                "  " + pad(clients, 14) + " " + state_word +
                (controlled ? "  (" + describe(**controller) + ")" : "") + "\n");
  }
  return ExitCode::on_target;
}

}  // namespace sitewide
