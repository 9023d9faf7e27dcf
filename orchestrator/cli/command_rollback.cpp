#include <algorithm>
#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/foreground.h"
#include "orchestrator/cli/post_order.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/core/rollback_scope.h"

namespace sitewide {
namespace {

// A command group whose plan gives no `restore`.
bool has_no_way_back(const StoredRollout& stored, std::uint32_t client) {
  const ScheduledGroup& group = stored.schedule.groups[stored.rollout.owner_group(client)];
  return group.restore.policy.attempts == 0;
}

// Says no to a rollback that could only end in clients that need hands.
Result<> check_way_back(const StoredRollout& stored, const std::vector<std::uint32_t>& clients,
                        bool undoes_sites) {
  if (clients.empty() && undoes_sites) return {};
  const bool none = std::all_of(clients.begin(), clients.end(),
                                [&](std::uint32_t c) { return has_no_way_back(stored, c); });
  if (!none) return {};
  return Error{
      ErrorKind::refused,
      stored.directory.id() +
          " cannot be rolled back: its plan gives no `restore` for the clients in question"};
}

std::string names_of(const Schedule& schedule, const std::vector<std::uint32_t>& clients) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(clients.size(), 50); ++i)
    text += " " + std::string(schedule.clients.name(clients[i]));
  return clients.size() > 50 ? text + " …" : text;
}

// What the order would undo, in words.
std::string undo_in_words(const StoredRollout& stored, const RollbackStarted& event,
                          const std::vector<std::uint32_t>& meant) {
  const Schedule& schedule = stored.schedule;
  std::vector<std::uint32_t> clients;
  std::vector<std::uint32_t> stuck;
  for (const std::uint32_t c : meant) (has_no_way_back(stored, c) ? stuck : clients).push_back(c);
  std::string text = "puts back " + count_of(clients.size(), "client") +
                     ", newest trigger first:" + names_of(schedule, clients) + "\n";
  if (!stuck.empty()) {
    text += "cannot put back " + count_of(stuck.size(), "client") +
            ", for the plan gives no `restore`:" + names_of(schedule, stuck) + "\n";
  }
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
  if (meant->empty()) {
    tell_order(console, *directory, order, "has nothing to do: it is under way already");
    return ExitCode::on_target;
  }
  const auto& undo = std::get<RollbackStarted>(meant->back());
  const std::vector<std::uint32_t> clients =
      clients_to_restore((*looked)->rollout, undo.scope, undo.subject);
  const bool undoes_sites = !undo.undo_sites.empty();
  if (auto possible = check_way_back(**looked, clients, undoes_sites); !possible)
    return possible.error();
  const std::string words = undo_in_words(**looked, undo, clients);
  if (options.show_preview) {
    if (console.json()) {
      boost::json::array names;
      for (const std::uint32_t c : clients) names.emplace_back((*looked)->schedule.clients.name(c));
      console.line("rollback.preview",
                   {{"rollout", directory->id()}, {"clients", std::move(names)}, {"msg", words}});
    } else {
      console.out(words);
    }
    return ExitCode::on_target;
  }
  if (!options.yes) {
    if (!console.json()) console.err(words);
    if (!console.interactive())
      return Error{ErrorKind::refused, "there is no terminal to ask on; say --yes"};
    if (!console.confirm("Roll this back?"))
      return Error{ErrorKind::refused, "not confirmed; nothing was done"};
  }
  const auto taken = post_order(*directory, order, console);
  if (!taken) return taken.error();
  if (*taken) return **taken;
  auto process = ControllerProcess::split(console);
  if (!process) return process.error();
  if (process->watches()) return watch_controller(*process, options, console);
  const auto state = state_directory(options.state_dir);
  if (!state) return state.error();
  auto lease = take_lease(*directory, now);
  if (!lease) return lease.error();
  auto opened = reopen_rollout(*directory);
  if (!opened) return opened.error();
  auto claims = take_claims(*state, *directory, opened->stored->schedule);
  if (!claims) return claims.error();
  const ControllerStarted started = controller_started(*opened->stored, now);
  std::vector<Event> first;
  first.emplace_back(started);
  auto events = to_events(opened->stored->rollout, opened->stored->subjects, order, now);
  if (!events) return events.error();
  for (Event& event : *events) {
    // The time without a controller is counted already.
    if (auto* lifted = std::get_if<Continued>(&event))
      lifted->idle = idle_time(opened->stored->rollout, now, started.idle);
    first.push_back(std::move(event));
  }
  return drive(*opened->stored, *opened->journal, std::move(first), options, console, *process);
}

}  // namespace sitewide
