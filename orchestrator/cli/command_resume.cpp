#include "orchestrator/base/text.h"
#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/foreground.h"
#include "orchestrator/cli/missing_logins.h"
#include "orchestrator/cli/opening.h"
#include "orchestrator/cli/order_files.h"
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

// As it is told before the first event: what a resume does about a pause or a halt.
std::string reason_of(const std::string& reason) {
  return reason.empty() ? "" : " (" + escaped(reason, 400) + ")";
}

std::string stays(const Rollout& rollout, const std::string& id) {
  if (rollout.halted()) {
    return "rollout " + id + " is halted and stays so" + reason_of(rollout.halt_reason()) +
           "; to go on with it:  sitewide resume " + id + "\n";
  }
  return "rollout " + id + " is paused and stays so" + reason_of(rollout.pause_reason()) +
         "; to go on with it:  sitewide continue " + id + "\n";
}

// Whoever resumes a paused or halted rollout means that it goes on. One that would halt again at
// once first needs to be told what to do about its failures; what a halt has left to be put back or
// looked at is done all the same.
Result<std::string> lift(Opening& opening, const std::string& id, const Actor& by) {
  const Rollout& rollout = opening.rollout();
  const bool paused = rollout.paused();
  if (!paused && (!rollout.halted() || rollout.rollback().running)) return std::string();
  const std::string reason = reason_of(paused ? rollout.pause_reason() : rollout.halt_reason());
  const auto lifted = opening.give({"continue", "", "", 0, by});
  if (lifted)
    return "rollout " + id + (paused ? " was paused" : " was halted") + reason + "; it goes on\n";
  if (rollout.aborted()) return std::string();
  if (rollout.at_rest() && !opening.has_orders()) {
    return Error{ErrorKind::refused,
                 "rollout " + id + " would halt again: " + lifted.error().message +
                     " (--retry-failed, or --acknowledge N --reason TEXT); nothing was done"};
  }
  return stays(rollout, id);
}

struct Prepared {
  std::vector<Event> first;
  std::string note;            ///< what becomes of a pause or a halt, for the screen
  bool left_as_it_is = false;  ///< nothing is driven
};

// The orders that wait come first, then what the command line says, then the pause or halt.
Result<Prepared> prepare(const StoredRollout& stored, const Options& options, Timestamp now) {
  const std::string& id = stored.directory.id();
  const Actor by = this_operator(options.reason);
  Opening opening(stored, now, by);
  OrderFiles orders(stored.directory.orders());
  for (const std::string& order : opening.take(orders.pending())) orders.answer(order, true, "");
  Prepared prepared;
  if (options.unattended) {
    const Rollout& rollout = opening.rollout();
    const bool stands = rollout.paused() || rollout.halted();
    if (stands && !rollout.aborted()) prepared.note = stays(rollout, id);
    prepared.left_as_it_is = rollout.halted() && rollout.at_rest() && !opening.has_orders();
    prepared.first = opening.events();
    return prepared;
  }
  if (options.acknowledge > 0) {
    const Order order{"acknowledge", "", "", options.acknowledge, by};
    if (auto given = opening.give(order); !given) return given.error();
  }
  if (options.retry_failed && has_something_to_retry(opening.rollout())) {
    if (auto given = opening.give({"retry", "", "", 0, by}); !given) return given.error();
  }
  auto note = lift(opening, id, by);
  if (!note) return note.error();
  prepared.note = std::move(*note);
  prepared.first = opening.events();
  return prepared;
}

// One that has ended, or that nobody who is there lets go on.
ExitCode leave_as_it_is(StoredRollout& stored, const std::string& why, Timestamp now,
                        const Console& console) {
  const ExitCode code = exit_code_of(stored.rollout);
  if (console.json()) {
    console.out(json_summary(stored.rollout, now, static_cast<int>(code)));
  } else {
    console.err(why);
  }
  return tell_the_rest(stored, console, code);
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
    if (auto left = refuse_left_orders(stored, *opened->journal, now); !left) return left.error();
    const std::string how = spoken(name_of(stored.rollout.state()));
    return leave_as_it_is(stored, "rollout " + directory->id() + " has ended: " + how + "\n", now,
                          console);
  }
  auto prepared = prepare(stored, options, now);
  // Who is still to be told of the halt is told all the same.
  if (!prepared) return tell_the_rest(stored, console, console.fail(prepared.error()));
  if (prepared->left_as_it_is) return leave_as_it_is(stored, prepared->note, now, console);
  // Steps would be refused one by one, and the rollout halt.
  if (auto ready = check_logins(stored.schedule, Deed::upgrade); !ready) return ready.error();
  auto claims = take_claims(*state, *directory, stored.schedule);
  if (!claims) return claims.error();
  tell_of_changed_plan(stored, console);
  console.err(prepared->note);
  return drive(stored, *opened->journal, std::move(prepared->first), options, console, *process);
}

}  // namespace sitewide
