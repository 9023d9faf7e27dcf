#include <algorithm>
#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/foreground.h"
#include "orchestrator/cli/missing_logins.h"
#include "orchestrator/cli/opening.h"
#include "orchestrator/cli/post_order.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/rollback_look.h"
#include "orchestrator/core/rollback_scope.h"
#include "orchestrator/views/json_text.h"

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

namespace json = boost::json;

json::value file_json(const std::optional<FileState>& state) {
  if (!state) return nullptr;
  return json::object{{"sha256", state->digest.hex()},
                      {"size", state->size},
                      {"modified", format_timestamp(state->modified)}};
}

json::array texts(const std::vector<std::string>& all) {
  json::array list;
  for (const std::string& text : all) list.emplace_back(json_string(text));
  return list;
}

json::array names(const Schedule& schedule, const std::vector<std::uint32_t>& clients) {
  json::array list;
  for (const std::uint32_t c : clients) list.emplace_back(json_string(schedule.clients.name(c)));
  return list;
}

json::object site_json(const Schedule& schedule, const SiteGoingBack& back) {
  json::array files;
  for (const FileGoingBack& file : back.files) {
    files.emplace_back(json::object{{"path", json_string(file.path)},
                                    {"from", file_json(file.now)},
                                    {"to", file_json(file.then)},
                                    {"trouble", json_string(file.trouble)}});
  }
  return {{"site", schedule.sites[back.site].plan.name},
          {"undone", back.undone},
          {"forced", back.undone && back.forced},
          {"files", std::move(files)},
          {"system_map", texts(back.map_diff)},
          {"steps", texts(back.steps)},
          {"stays", texts(back.stays)}};
}

// The same as the words, whole.
json::object preview_json_of(const StoredRollout& stored, const RollbackLook& look,
                             const std::vector<std::uint32_t>& clients, const std::string& words) {
  const Schedule& schedule = stored.schedule;
  json::array stuck, sites, settings;
  for (const Stuck& each : look.stuck) {
    stuck.emplace_back(
        json::object{{"reason", each.why}, {"clients", names(schedule, each.clients)}});
  }
  for (const SiteGoingBack& site : look.sites) sites.emplace_back(site_json(schedule, site));
  for (const SettingGoingBack& setting : look.settings) {
    json::object then;
    for (const auto& [what, count] : setting.then) then[to_utf8(what)] = count;
    settings.emplace_back(
        json::object{{"setting", json_string(setting.what)}, {"then", std::move(then)}});
  }
  return {{"rollout", stored.directory.id()},
          {"clients", names(schedule, clients)},
          {"restored", names(schedule, look.restored)},
          {"by_site", names(schedule, look.by_site)},
          {"stuck", std::move(stuck)},
          {"sites", std::move(sites)},
          {"settings", std::move(settings)},
          {"msg", json_string(words)}};
}

Order order_of(const Options& options) {
  Order order;
  order.verb = "rollback";
  if (!options.group.empty()) order.subject = "group/" + options.group;
  if (!options.client.empty()) order.subject = "client/" + options.client;
  order.by = this_operator(options.reason);
  return order;
}

std::string list_of(const std::vector<IncomingOrder>& orders) {
  std::string text;
  for (const IncomingOrder& one : orders) {
    const Order& order = one.order;
    text += (text.empty() ? "" : ", ") + escaped(order.verb, 40);
    for (const std::string* word : {&order.subject, &order.name})
      text += word->empty() ? "" : " " + escaped(*word, 80);
    text += " by " + escaped(order.by.user, 80) + " on " + escaped(order.by.host, 80);
  }
  return text;
}

// The events of a controller that begins with this rollback. Orders that wait were given before,
// and come first; after an abort that is still to be carried out nothing would be put back.
Result<std::vector<Event>> opening_of(const StoredRollout& stored, const Order& order,
                                      const std::vector<IncomingOrder>& waiting, Timestamp now) {
  const std::string& id = stored.directory.id();
  Opening opening(stored, now, order.by);
  (void)opening.take(waiting);
  const auto given = opening.give(order);
  if (given && *given) return opening.events();
  if (given) {
    return Error{ErrorKind::refused,
                 "the rollback is under way already, and nothing drives it; "
                 "it goes on with:  sitewide resume " +
                     id};
  }
  if (!opening.has_orders() || !to_events(stored.rollout, stored.subjects, order, now))
    return given.error();
  return Error{ErrorKind::refused, "orders wait that come before a rollback (" + list_of(waiting) +
                                       "): " + given.error().message + "; `sitewide resume " + id +
                                       "` carries them out, then roll back. Nothing was done"};
}

// What the rollback does, as far as can be told before the lease is ours.
Result<std::vector<Event>> meaning_of(const StoredRollout& stored, const Order& order,
                                      bool controlled, Timestamp now) {
  if (controlled) return to_events(stored.rollout, stored.subjects, order, now);
  const auto waiting = waiting_orders(stored.directory);
  if (!waiting) return waiting.error();
  return opening_of(stored, order, *waiting, now);
}

// Nothing drives the rollout: this process does.
Result<ExitCode> drive_back(const RolloutDirectory& directory, const Order& order,
                            const Options& options, const Console& console) {
  auto process = ControllerProcess::split(console);
  if (!process) return process.error();
  if (process->watches()) return watch_controller(*process, options, console);
  const auto state = state_directory(options.state_dir);
  if (!state) return state.error();
  const Timestamp now = wall_clock();
  auto lease = take_lease(directory, now);
  if (!lease) return lease.error();
  auto opened = reopen_rollout(directory);
  if (!opened) return opened.error();
  StoredRollout& stored = *opened->stored;
  auto claims = take_claims(*state, directory, stored.schedule);
  if (!claims) return claims.error();
  // An order that came too late for the end must not hit the rollback.
  if (auto left = refuse_left_orders(stored, *opened->journal, now); !left) return left.error();
  const auto waiting = waiting_orders(directory);
  if (!waiting) return waiting.error();
  auto first = opening_of(stored, order, *waiting, now);
  if (!first) return first.error();
  return drive(stored, *opened->journal, std::move(*first), options, console, *process);
}

}  // namespace

Result<ExitCode> command_rollback(const Options& options, const Console& console) {
  const auto directory = find_rollout(options.state_dir, options.target);
  if (!directory) return directory.error();
  const Order order = order_of(options);
  const auto controller = Lease::holder(directory->lock());
  if (!controller) return controller.error();
  const bool controlled = controller->has_value();
  const auto looked = read_rollout(*directory);
  if (!looked) return looked.error();
  const auto meant = meaning_of(**looked, order, controlled, wall_clock());
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
  const RollbackLook look = look_at_rollback(**looked, undo, clients);
  const std::string words = rollback_in_words(**looked, look);
  if (options.show_preview) {
    if (console.json()) {
      console.line("rollback.preview", preview_json_of(**looked, look, clients, words));
    } else {
      console.out(words);
    }
    return ExitCode::on_target;
  }
  // A controller has its own environment.
  if (!controlled) {
    if (auto ready = check_logins((*looked)->schedule, Deed::rollback); !ready)
      return ready.error();
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
  if (auto ready = check_logins((*looked)->schedule, Deed::rollback); !ready) return ready.error();
  return drive_back(*directory, order, options, console);
}

}  // namespace sitewide
