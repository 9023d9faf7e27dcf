// Makes the state directory of a rollout that was run to its end, without running anything: the
// real engine and the real journal on the preview's simulated clients. Prints the events.
// Usage: finished_rollout PLAN STATE_DIRECTORY
#include <cstdio>
#include <cstdlib>

#include "orchestrator/cli/compiled_plan.h"
#include "orchestrator/core/event_codec.h"
#include "orchestrator/core/schedule_codec.h"
#include "orchestrator/core/subject_index.h"
#include "orchestrator/engine/engine.h"
#include "orchestrator/journal/rollout_directory.h"
#include "orchestrator/journal/sqlite_journal.h"
#include "orchestrator/preview/simulator.h"
#include "plans/diagnostics.h"

namespace {

using namespace sitewide;

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "finished_rollout: %s\n", result.error().message.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::unique_ptr<SqliteJournal> make_journal(const RolloutDirectory& directory,
                                            const Schedule& schedule, Timestamp now) {
  JournalHeader header;
  header.rollout = directory.id();
  header.created = now;
  header.engine_version = SITEWIDE_VERSION;
  header.event_format = kEventFormat;
  header.plan_path = schedule.plan_path;
  header.plan_digest = schedule.plan_digest;
  header.schedule_digest = schedule.digest;
  return must(SqliteJournal::create(directory.journal(), header, encode_schedule(schedule)));
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  const Timestamp now{std::chrono::seconds(1'800'000'000)};
  const CompiledPlan plan = compile_plan(words[1], "", now);
  if (!plan.ok()) {
    std::fprintf(stderr, "finished_rollout: %s has problems\n", words[1]);
    return 1;
  }
  const Schedule& schedule = plan.compiled.schedule;
  const auto state = must(StateDirectory::create(words[2]));
  const auto directory = must(state.create_rollout(schedule.name, now));
  const auto journal = make_journal(directory, schedule, now);
  Rollout rollout(schedule);
  const SubjectIndex subjects(schedule);
  Simulator simulator(now);
  Engine engine({rollout, subjects, simulator, simulator, journal.get(), nullptr, {}});
  RolloutCreated created;
  created.id = directory.id();
  created.schedule = schedule.digest;
  ControllerStarted controller;
  controller.fence = 1;
  std::vector<Event> first{std::move(created), std::move(controller)};
  must(engine.run(std::move(first)));
  if (!rollout.ended()) {
    std::fprintf(stderr, "finished_rollout: the rollout did not end\n");
    return 1;
  }
  std::printf("%lld\n", static_cast<long long>(journal->head().seq));
  return 0;
}
