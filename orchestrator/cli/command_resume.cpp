#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/foreground.h"
#include "orchestrator/cli/missing_logins.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/cli/telling.h"
#include "orchestrator/core/order.h"
#include "orchestrator/journal/journal_reader.h"
#include "orchestrator/views/json_lines.h"
#include "plans/loader.h"

namespace sitewide {
namespace {

// A resume never rereads the plan; when it has changed since, people want to know.
void tell_of_changed_plan(const StoredRollout& stored, const Console& console) {
  const LoadedPlan now = load_plan(stored.header.plan_path);
  if (now.bytes.empty() || now.digest == stored.header.plan_digest) return;
  console.err("note: " + stored.header.plan_path +
              " has changed since this rollout was created; the rollout goes on with what it was "
              "created from\n");
}

// Without an id the newest that has not ended, else the newest.
Result<RolloutDirectory> rollout_to_resume(const StateDirectory& state, const Options& options) {
  if (options.target.empty()) {
    const auto all = state.rollouts();
    if (!all) return all.error();
    for (auto rollout = all->rbegin(); rollout != all->rend(); ++rollout) {
      if (has_ended(*rollout)) continue;
      const auto reader = JournalReader::open(rollout->journal());
      if (reader) return *rollout;  // one that was never begun, or is damaged, is passed over
    }
  }
  return find_rollout(options.state_dir, options.target);
}

// Adds what an order means, as if it had been given to a live controller.
Result<> add_order(const StoredRollout& stored, const Order& order, Timestamp now,
                   std::vector<Event>& events) {
  auto meant = to_events(stored.rollout, stored.subjects, order, now);
  if (!meant) return meant.error();
  for (Event& event : *meant) events.push_back(std::move(event));
  return {};
}

}  // namespace

Result<ExitCode> command_resume(const Options& options, const Console& console) {
  const auto state = state_directory(options.state_dir);
  if (!state) return state.error();
  const auto directory = rollout_to_resume(*state, options);
  if (!directory) return directory.error();
  auto process = ControllerProcess::split(console);
  if (!process) return process.error();
  if (process->watches()) return watch_controller(*process, options, console);
  const Timestamp now = wall_clock();
  auto lease = take_lease(*directory, now);
  if (!lease) return lease.error();
  auto opened = reopen_rollout(*directory);
  if (!opened) return opened.error();
  StoredRollout& stored = *opened->stored;
  if (stored.rollout.ended()) {
    const ExitCode code = exit_code_of(stored.rollout);
    if (console.json()) {
      console.out(json_summary(stored.rollout, now, static_cast<int>(code)));
    } else {
      console.err("rollout " + directory->id() +
                  " has ended: " + spoken(name_of(stored.rollout.state())) + "\n");
    }
    return tell_the_rest(stored, console, code);
  }
  // Steps would be refused one by one, and the rollout halt.
  if (const Problems missing = missing_logins(stored.schedule); !missing.empty())
    return Error{ErrorKind::refused, missing.front().message + "; nothing was done"};
  auto claims = take_claims(*state, *directory, stored.schedule);
  if (!claims) return claims.error();
  tell_of_changed_plan(stored, console);
  const Actor by = this_operator(options.reason);
  std::vector<Event> first;
  if (stored.rollout.fence() == 0) {  // it died before its first event
    if (stored.rollout.id().empty())
      first.emplace_back(
          RolloutCreated{directory->id(), stored.schedule.digest, SITEWIDE_VERSION, by});
  }
  const ControllerStarted started = controller_started(stored, now);
  first.emplace_back(started);
  if (options.retry_failed && has_something_to_retry(stored.rollout)) {
    if (auto added = add_order(stored, {"retry", "", "", 0, by}, now, first); !added)
      return added.error();
  }
  if (options.acknowledge > 0) {
    if (auto added =
            add_order(stored, {"acknowledge", "", "", options.acknowledge, by}, now, first);
        !added)
      return added.error();
  }
  if (stored.rollout.paused() || (stored.rollout.halted() && !stored.rollout.rollback().running))
    first.emplace_back(Continued{by, idle_time(stored.rollout, now, started.idle)});
  return drive(stored, *opened->journal, std::move(first), options, console, *process);
}

}  // namespace sitewide
