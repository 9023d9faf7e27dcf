#include "orchestrator/cli/begin_rollout.h"

#include <filesystem>

#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/foreground.h"
#include "orchestrator/cli/left_unfinished.h"
#include "orchestrator/cli/missing_logins.h"
#include "orchestrator/cli/noted_signals.h"
#include "orchestrator/cli/site_probe.h"
#include "orchestrator/cli/telling.h"
#include "orchestrator/core/event_codec.h"
#include "orchestrator/core/schedule_codec.h"
#include "orchestrator/journal/backup_store.h"

namespace sitewide {
namespace {

// Removes the directory of a rollout that could not begin, so that nothing half-made is left.
void forget(const RolloutDirectory& directory) {
  std::error_code ignored;
  std::filesystem::remove_all(directory.path(), ignored);
}

// The plan's bytes and payload as they are now: the rollout uses these and never looks at the plan
// again.
Result<> keep_payload(const RolloutDirectory& directory, const ApprovedSchedule& approved,
                      const NotedSignals& signals) {
  BackupStore store(directory.payload());
  if (auto put = store.put(approved.plan); !put)
    return Error{ErrorKind::journal, put.error().message};
  for (const PlannedFile& file : approved.schedule.hotfix.files) {
    if (signals.came()) return Error{ErrorKind::refused, "interrupted"};
    const auto put = store.put_file(file.source);
    if (!put) return Error{ErrorKind::journal, put.error().message};
    if (*put != file.digest)
      return Error{ErrorKind::refused,
                   "payload `" + file.source + "` changed while the rollout was created"};
  }
  return {};
}

struct Created {
  std::unique_ptr<StoredRollout> stored;
  std::unique_ptr<SqliteJournal> journal;
  Hold hold;
};

Result<Created> create(const RolloutDirectory& directory, const StateDirectory& state,
                       ApprovedSchedule& approved, Timestamp now, const NotedSignals& signals) {
  Schedule& schedule = approved.schedule;
  const std::string text = encode_schedule(schedule);
  JournalHeader header;
  header.rollout = directory.id();
  header.instance = new_instance();
  header.created = now;
  header.engine_version = SITEWIDE_VERSION;
  header.event_format = kEventFormat;
  header.plan_path = schedule.plan_path;
  header.plan_digest = schedule.plan_digest;
  header.schedule_digest = schedule.digest;
  auto hold = take_hold(state, directory, schedule, now);
  if (!hold) return hold.error();
  if (auto kept = keep_payload(directory, approved, signals); !kept) return kept.error();
  auto journal = SqliteJournal::create(directory.journal(), header, text);
  if (!journal) return journal.error();
  auto stored = std::make_unique<StoredRollout>(directory, std::move(header), std::move(schedule));
  return Created{std::move(stored), std::move(*journal), std::move(*hold)};
}

}  // namespace

Result<Hold> take_hold(const StateDirectory& state, const RolloutDirectory& directory,
                       const Schedule& schedule, Timestamp now) {
  auto lease = take_lease(directory, now);
  if (!lease) return lease.error();
  auto claims = take_claims(state, directory, schedule);
  if (!claims) return claims.error();
  return Hold{std::move(*lease), std::move(*claims)};
}

Result<ExitCode> begin_rollout(ApprovedSchedule approved, Timestamp now, const Options& options,
                               const Console& console) {
  if (const Problems missing = missing_for(approved.schedule.notify); !missing.empty())
    return Error{ErrorKind::refused, missing.front().message + "; nothing was done"};
  if (auto ready = check_logins(approved.schedule, Deed::upgrade); !ready) return ready.error();
  if (const SiteProbe probe = probe_sites(approved.schedule); !probe.unusable.empty())
    return Error{ErrorKind::refused, probe.unusable.front() + "; nothing was done"};
  auto process = ControllerProcess::split(console);
  if (!process) return process.error();
  if (process->watches()) return watch_controller(*process, options, console);
  const auto path = state_path(options.state_dir, read_environment());
  if (!path) return path.error();
  const auto state = StateDirectory::create(*path);
  if (!state) return state.error();
  if (const std::string why = must_wait_because(*state, approved.schedule); !why.empty())
    return Error{ErrorKind::refused, why + "; nothing was done"};
  std::optional<ExitCode> interrupted;
  std::optional<RolloutDirectory> directory;
  auto created = [&]() -> Result<Created> {
    const NotedSignals signals;  // until it can be resumed, an interruption leaves nothing behind
    auto made = state->create_rollout(approved.schedule.name, now);
    if (!made) return made.error();
    directory = std::move(*made);
    auto result = create(*directory, *state, approved, now, signals);
    interrupted = signals.came();
    if (result && interrupted) return Error{ErrorKind::refused, "interrupted"};
    return result;
  }();
  if (!created) {
    if (directory) forget(*directory);
    if (!interrupted) return created.error();
    console.err("interrupted while the rollout was created; nothing was done\n");
    return *interrupted;
  }
  StoredRollout& stored = *created->stored;
  RolloutCreated event{directory->id(), stored.schedule.digest, SITEWIDE_VERSION,
                       this_operator("")};
  event.preview = std::move(approved.preview);
  event.drift = std::move(approved.drift);
  std::vector<Event> first;
  first.emplace_back(std::move(event));
  first.emplace_back(controller_started(stored, now));
  return drive(stored, *created->journal, std::move(first), options, console, *process);
}

}  // namespace sitewide
