// Runs compared as wholes: the same seed with itself, a run with its preview, also one in a world
// that knows nothing of previews, a rollout whose controllers die with one that nobody disturbs.
#include <gtest/gtest.h>

#include <map>

#include "orchestrator/core/event_codec.h"
#include "orchestrator/engine/engine.h"
#include "orchestrator/preview/forecast.h"
#include "tests/simulation/random_plan.h"
#include "tests/simulation/simulation.h"
#include "tests/simulation/store.h"

namespace sitewide::simulation {
namespace {

TEST(WholeRun, SameSeed_SameJournal) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Options options;
    options.seed = seed;
    EXPECT_EQ(simulate(options).records, simulate(options).records) << "seed " << seed;
  }
}

std::optional<Schedule> schedule_of(std::uint64_t seed) {
  Dice dice(seed);
  return random_schedule(dice);
}

// What the operator on duty would say to every question, before it is asked.
std::vector<Event> opening(const Schedule& schedule) {
  RolloutCreated created;
  created.id = schedule.name + "-preview";
  created.schedule = schedule.digest;
  ControllerStarted controller;
  controller.fence = 1;
  std::vector<Event> events{created, controller};
  const Actor by{"preview", "", ""};
  const auto add = [&](std::uint32_t g, std::uint32_t wave, const std::vector<Gate>& gates) {
    for (const Gate& gate : gates) {
      if (gate.kind == Gate::Kind::approval) events.push_back(Approved{g, wave, gate.approval, by});
    }
  };
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    add(g, kNone, schedule.groups[g].plan.before);
    for (std::uint32_t wave = 0; wave < schedule.groups[g].waves.size(); ++wave)
      add(g, wave, schedule.groups[g].plan.after_wave);
  }
  return events;
}

std::vector<Record> previewed(const Schedule& schedule) {
  ForecastOptions options;
  options.start = simulation_start();
  options.keep_events = true;
  std::vector<Record> records;
  for (const JournaledEvent& event : forecast(schedule, options).events)
    records.push_back(encode(schedule, event.event, event.at));
  return records;
}

// As a run: with a journal, in a world where all goes well.
std::vector<Record> run(const Schedule& schedule) {
  Rollout rollout(schedule);
  const SubjectIndex subjects(schedule);
  Simulator world(simulation_start());
  auto store = memory_store();
  const auto journal = store->open([](const Record&) {});
  Engine engine({rollout, subjects, world, world, journal.get(), nullptr, {}});
  EXPECT_TRUE(engine.run(opening(schedule)));
  std::vector<Record> records;
  store->open([&](const Record& record) {
    records.push_back(record);
    records.back().seq = 0;
  });
  return records;
}

TEST(WholeRun, NothingGoesWrong_EventsAndTimesAreThoseOfThePreview) {
  std::uint32_t compared = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto schedule = schedule_of(seed);
    if (!schedule) continue;
    ++compared;
    EXPECT_EQ(run(*schedule), previewed(*schedule)) << "seed " << seed;
  }
  EXPECT_GE(compared, 270U);  // nine in ten seeds make a plan, as in a soak
}

TEST(WholeRun, RunsByAnotherSchedule_PreviewDiffers) {
  std::uint32_t differ = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    auto schedule = schedule_of(seed);
    if (!schedule) continue;
    const std::vector<Record> expected = previewed(*schedule);
    for (ScheduledGroup& group : schedule->groups) ++group.plan.in_flight;
    differ += run(*schedule) == expected ? 0 : 1;
  }
  EXPECT_GT(differ, 0U);
}

// Nothing happens but that controllers die. What may be done twice and has all the time it needs
// ends where it would have ended.
Options only_deaths(std::uint64_t seed, Schedule schedule) {
  for (ScheduledGroup& group : schedule.groups) {
    group.plan.command.repeatable = true;
    for (PlannedStep& step : group.steps) {
      step.repeatable = true;
      if (step.step == Step::converge) step.policy.timeout = std::chrono::hours(24);
      if (step.step != Step::converge && step.step != Step::health) step.policy.attempts = 9;
    }
    group.plan.attempts = 9;
    group.plan.converge_within = std::chrono::hours(24);
    group.plan.lost_after.reset();
  }
  for (ScheduledSite& site : schedule.sites) {
    site.plan.replication_within = std::chrono::hours(72);
    site.replicate.policy.timeout = site.regenerate.policy.timeout = std::chrono::hours(72);
  }
  schedule.limits.rollout_within.reset();
  Options options;
  options.seed = seed;
  options.schedule = std::move(schedule);
  options.calm = true;
  options.orders = false;
  options.most_deaths = 4;
  options.on_disk = false;
  return options;
}

// What each subject goes through, times and the order between subjects aside: looks notice what
// they notice, and people approve when they do.
std::map<std::string, std::vector<std::string>> paths(const std::vector<Record>& records) {
  std::map<std::string, std::vector<std::string>> paths;
  for (const Record& record : records) {
    const bool of_time = record.kind == "step_noted" || record.kind == "client_queued" ||
                         record.kind == "warned" || record.kind == "approved" ||
                         record.kind == "rate_raised";
    if (!of_time)
      paths[record.subject].push_back(record.kind + " " + record.step + " " + record.outcome);
  }
  return paths;
}

// The world of the other tests knows nothing of the preview's: it holds files, copies them in its
// own time, and is looked at.
TEST(WholeRun, NothingGoesWrongInAWorldOfFiles_EachGoesThroughWhatThePreviewSays) {
  std::uint32_t compared = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto schedule = schedule_of(seed);
    if (!schedule) continue;
    Options options = only_deaths(seed, *schedule);
    options.crashes = false;
    ++compared;
    EXPECT_EQ(paths(simulate(options).records), paths(previewed(*options.schedule)))
        << "seed " << seed;
  }
  EXPECT_GE(compared, 270U);
}

std::uint32_t runs_that_end_otherwise(std::uint32_t& died, bool call_doubt_failure) {
  std::uint32_t otherwise = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const auto schedule = schedule_of(seed);
    if (!schedule) continue;
    Options options = only_deaths(seed, *schedule);
    options.bugs.world.calls_doubt_failure = call_doubt_failure;
    const Report disturbed = simulate(options);
    options.crashes = false;
    const Report quiet = simulate(options);
    died += disturbed.deaths > 0 ? 1 : 0;
    const bool same = disturbed.end == quiet.end && disturbed.client_states == quiet.client_states;
    otherwise += same ? 0 : 1;
    if (!same && !call_doubt_failure)
      ADD_FAILURE() << "seed " << seed << ": " << disturbed.end << " not " << quiet.end;
  }
  return otherwise;
}

TEST(WholeRun, ControllersDie_EndsWhereAnUndisturbedRunEnds) {
  std::uint32_t died = 0;
  EXPECT_EQ(runs_that_end_otherwise(died, false), 0U);
  EXPECT_GT(died, 100U);
}

TEST(WholeRun, ResumeCallsDoubtFailure_EndsOtherwise) {
  std::uint32_t died = 0;
  EXPECT_GT(runs_that_end_otherwise(died, true), 0U);
}

}  // namespace
}  // namespace sitewide::simulation
