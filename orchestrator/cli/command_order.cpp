#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/post_order.h"
#include "orchestrator/cli/preview_steps.h"

namespace sitewide {
namespace {

Error nobody_takes_it(const RolloutDirectory& directory) {
  return {ErrorKind::refused,
          "rollout " + directory.id() +
              " has no controller that could take the order; `sitewide resume " + directory.id() +
              "` starts one"};
}

}  // namespace

Result<ExitCode> command_order(const Options& options, const Console& console) {
  const auto directory = find_rollout(options.state_dir, options.target);
  if (!directory) return directory.error();
  Order order;
  order.verb = options.command;
  order.subject = options.subject;
  order.name = order.verb == "abort" ? options.policy : options.name;
  order.count = options.acknowledge;
  order.by = this_operator(options.reason);
  const auto stored = read_rollout(*directory);
  if (!stored) return stored.error();
  // What cannot apply is said at once, without troubling the controller; it judges again when it
  // takes the order.
  const auto meant = to_events((*stored)->rollout, (*stored)->subjects, order, wall_clock());
  if (!meant) return meant.error();
  const auto controller = Lease::holder(directory->lock());
  if (!controller) return controller.error();
  if (!*controller && when_unattended(order.verb) == Unattended::refused)
    return nobody_takes_it(*directory);
  if (meant->empty()) {
    tell_order(console, *directory, order, "has nothing to do: it is so already");
    return ExitCode::on_target;
  }
  const auto code = post_order(*directory, order, console);
  if (!code) return code.error();
  if (*code) return **code;
  return nobody_takes_it(*directory);
}

}  // namespace sitewide
