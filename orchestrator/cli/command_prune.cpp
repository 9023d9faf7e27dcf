#include <filesystem>

#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/stored_rollout.h"

namespace sitewide {
namespace {

// Why a rollout is kept; empty when it may go.
std::string kept_because(const StoredRollout& stored, const Options& options, Timestamp now) {
  const Rollout& rollout = stored.rollout;
  if (!rollout.ended()) return "it has not ended";
  if (now - rollout.last_event() < options.older_than)
    return "it is younger than " + format_duration(options.older_than);
  for (std::uint32_t c = 0; c < stored.schedule.clients.size(); ++c) {
    const bool could =
        rollout.client(c).trigger_order != 0 && rollout.client(c).state != ClientState::restored;
    if (could && !options.force)
      return "it could still be rolled back (--force removes it all the same)";
  }
  return {};
}

}  // namespace

Result<ExitCode> command_prune(const Options& options, const Console& console) {
  const auto state = state_directory(options.state_dir);
  if (!state) return state.error();
  const auto rollouts = state->rollouts();
  if (!rollouts) return rollouts.error();
  const Timestamp now = wall_clock();
  for (const RolloutDirectory& directory : *rollouts) {
    auto lease = take_lease(directory, now);
    if (!lease) {
      console.out("keep   " + directory.id() + ": " + lease.error().message + "\n");
      continue;
    }
    const auto stored = read_rollout(directory);
    const std::string why = stored ? kept_because(**stored, options, now) : stored.error().message;
    if (!why.empty()) {
      console.out("keep   " + directory.id() + ": " + why + "\n");
      continue;
    }
    if (!options.yes) {
      console.out("would remove " + directory.id() + " (say --yes)\n");
      continue;
    }
    std::error_code error;
    std::filesystem::remove_all(directory.path(), error);
    if (error)
      return Error{ErrorKind::io,
                   "cannot remove " + directory.path().string() + ": " + error.message()};
    console.out("removed " + directory.id() + "\n");
  }
  return ExitCode::on_target;
}

}  // namespace sitewide
