#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/post_order.h"
#include "orchestrator/cli/preview_steps.h"

namespace sitewide {
namespace {

// What the order would undo, in words.
std::string undo_in_words(const StoredRollout& stored, const RollbackStarted& event) {
  const Schedule& schedule = stored.schedule;
  std::vector<std::uint32_t> clients;
  for (std::uint32_t c = 0; c < schedule.clients.size(); ++c) {
    if (stored.rollout.client(c).trigger_order == 0 ||
        stored.rollout.client(c).state == ClientState::restored)
      continue;
    const bool meant =
        event.scope == Scope::rollout ||
        (event.scope == Scope::group && stored.rollout.owner_group(c) == event.subject.index) ||
        (event.scope == Scope::client && c == event.subject.index);
    if (meant) clients.push_back(c);
  }
  std::sort(clients.begin(), clients.end(), [&](std::uint32_t a, std::uint32_t b) {
    return stored.rollout.client(a).trigger_order > stored.rollout.client(b).trigger_order;
  });
  std::string text = "puts back " + count_of(clients.size(), "client") + ", newest trigger first:";
  for (std::size_t i = 0; i < std::min<std::size_t>(clients.size(), 50); ++i)
    text += " " + std::string(schedule.clients.name(clients[i]));
  if (clients.size() > 50) text += " …";
  text += "\n";
  for (std::uint32_t s = 0; s < schedule.sites.size(); ++s) {
    if (!stored.rollout.site(s).ever_staged) continue;
    const bool undone =
        std::find(event.undo_sites.begin(), event.undo_sites.end(), s) != event.undo_sites.end();
    text +=
        "site " + schedule.sites[s].plan.name +
        (undone ? stored.rollout.site(s).ever_forced
                      ? ": undone as a whole; its clients converge on the old files by themselves\n"
                      : ": its files are put back\n"
                : ": stays staged, for clients outside the rollback are upgraded there\n");
  }
  return text;
}

}  // namespace

Result<ExitCode> command_rollback(const Options& options, const Console& console) {
  const auto directory = find_rollout(options.state_dir, options.target);
  if (!directory) return directory.error();
  Order order;
  order.verb = "rollback";
  order.subject = options.group.empty() ? options.client : options.group;
  order.by = this_operator(options.reason);
  const auto looked = read_rollout(*directory);
  if (!looked) return looked.error();
  const Timestamp now = wall_clock();
  const auto meant = to_events((*looked)->rollout, (*looked)->subjects, order, now);
  if (!meant) return meant.error();
  const std::string words = undo_in_words(**looked, std::get<RollbackStarted>(meant->front()));
  if (options.show_preview) {
    console.out(words);
    return ExitCode::on_target;
  }
  if (!options.yes) {
    console.err(words);
    if (!console.interactive())
      return Error{ErrorKind::refused, "nobody can be asked here; say --yes"};
    if (!console.confirm("Roll this back?"))
      return Error{ErrorKind::refused, "not confirmed; nothing was done"};
  }
  const auto controller = Lease::holder(directory->lock());
  if (!controller) return controller.error();
  if (*controller) return post_order(*directory, order, console);
  const auto state = state_directory(options.state_dir);
  if (!state) return state.error();
  auto lease = take_lease(*directory, now);
  if (!lease) return lease.error();
  auto opened = reopen_rollout(*directory);
  if (!opened) return opened.error();
  auto claims = take_claims(*state, *directory, opened->stored->schedule);
  if (!claims) return claims.error();
  std::vector<Event> first;
  first.emplace_back(controller_started(opened->stored->rollout, now));
  auto events = to_events(opened->stored->rollout, opened->stored->subjects, order, now);
  if (!events) return events.error();
  for (Event& event : *events) first.push_back(std::move(event));
  return drive(*opened->stored, *opened->journal, std::move(first), options, console);
}

}  // namespace sitewide
