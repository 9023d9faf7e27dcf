#include <csignal>

#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/watching.h"

namespace sitewide {
namespace {

Seat seat_of_a_visitor() {
  Seat seat;
  if (has_keyboard()) {
    seat.leave = "leave";
    seat.hint.clear();
  } else {
    seat.hint = "ctrl-c ends the view; the rollout goes on";
  }
  return seat;
}

}  // namespace

// Follows the journal and shows each new event as `run` would; it holds nothing. On a terminal its
// keys give orders as any other process may.
Result<ExitCode> command_watch(const Options& options, const Console& console) {
  const auto directory = find_rollout(options.state_dir, options.target);
  if (!directory) return directory.error();
  auto opened = Watching::open(*directory, options, console, seat_of_a_visitor());
  if (!opened) return opened.error();
  Watching& watching = **opened;
  const StoredRollout& stored = watching.stored();
  ViewSignals signals;
  for (;;) {
    const auto seen = watching.turn();
    if (!seen) return seen.error();
    const auto controller = Lease::holder(directory->lock());
    if (!controller) return controller.error();
    const bool gone = !controller->has_value() && !*seen;
    if (gone || stored.rollout.ended()) break;
    watching.heed(signals);
    const bool interrupted = signals.taken(SIGINT) + signals.taken(SIGTERM) > 0;
    const bool closed = signals.taken(SIGHUP) + signals.taken(SIGQUIT) > 0;
    if (!interrupted && !closed && !watching.wants_to_leave()) continue;
    watching.give_back_keyboard();
    watching.views().close();
    if (interrupted) return ExitCode::interrupted;
    console.out("\n" + directory->id() + " goes on\n");
    return ExitCode::waiting;
  }
  watching.give_back_keyboard();
  const ExitCode code = exit_code_seen(stored.rollout, false);
  watching.views().finish(
      code, stored.rollout.ended()
                ? ""
                : "  no controller drives it:  sitewide resume " + directory->id() + "\n");
  return code;
}

}  // namespace sitewide
