#include <filesystem>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/stored_rollout.h"
#include "orchestrator/core/rollback_scope.h"

namespace sitewide {
namespace {

// Says what becomes of a rollout.
void tell(const Console& console, const RolloutDirectory& directory, const char* action,
          const std::string& because) {
  if (console.json()) {
    console.line("prune",
                 {{"rollout", directory.id()}, {"action", action}, {"because", to_utf8(because)}});
    return;
  }
  console.out(pad(action, 12) + " " + directory.id() + (because.empty() ? "" : ": " + because) +
              "\n");
}

// Why a rollout is kept; empty when it may go.
std::string kept_because(const StoredRollout& stored, const Options& options, Timestamp now) {
  const Rollout& rollout = stored.rollout;
  if (!rollout.ended())
    return "it has not ended (sitewide abort " + rollout.id() + " would end it)";
  if (now - rollout.last_event() < options.older_than)
    return "it is younger than " + format_duration(options.older_than);
  if (could_be_rolled_back(rollout) && !options.force)
    return "it could still be rolled back (--force removes it all the same)";
  return {};
}

}  // namespace

Result<ExitCode> command_prune(const Options& options, const Console& console) {
  const auto state = state_directory(options.state_dir);
  if (!state) return state.error();
  const auto rollouts = state->rollouts();
  if (!rollouts) return rollouts.error();
  if (rollouts->empty() && !console.json())
    console.out("no rollouts in " + state->path().string() + "\n");
  const Timestamp now = wall_clock();
  bool some = false;
  for (const RolloutDirectory& directory : *rollouts) {
    auto lease = take_lease(directory, now);
    if (!lease) {
      tell(console, directory, "keep", lease.error().message);
      continue;
    }
    // One whose making was cut off has no journal, and has touched nothing.
    const bool begun = std::filesystem::exists(directory.journal());
    const auto stored = read_rollout(directory);
    std::string why = stored ? kept_because(**stored, options, now) : stored.error().message;
    if (!begun) why.clear();
    if (!why.empty()) {
      tell(console, directory, "keep", why);
      continue;
    }
    if (!options.yes) {
      tell(console, directory, "would remove", "");
      some = true;
      continue;
    }
    std::error_code error;
    std::filesystem::remove_all(directory.path(), error);
    if (error)
      return Error{ErrorKind::io,
                   "cannot remove " + directory.path().string() + ": " + error.message()};
    tell(console, directory, "removed", begun ? "" : "it was never begun");
  }
  if (some && !console.json()) console.out("to remove them: the same with --yes\n");
  return ExitCode::on_target;
}

}  // namespace sitewide
