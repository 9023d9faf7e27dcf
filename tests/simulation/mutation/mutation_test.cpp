// Every invariant is broken on purpose, and the check that is for it must say so within 1,000
// seeds. A mutation is a fault of the world, of the journal, of the schedule that the engine works
// by, or of core and engine themselves (orchestrator/base/mutation.h). Only violations of the one
// invariant count. Each test prints the seed at which it was caught.
#include "orchestrator/base/mutation.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>

#include "tests/simulation/simulation.h"

namespace sitewide::simulation {
namespace {

constexpr std::uint64_t kSeeds = 1000;

struct Case {
  const char* name;
  int invariant;
  std::function<void(Options&)> apply;
  Mutation mutation = Mutation::none;
};

void PrintTo(const Case& which, std::ostream* out) { *out << which.name; }

using Records = std::vector<Record>;
using Edit = std::function<void(ScheduledGroup&)>;

std::function<void(Options&)> world(bool WorldBugs::*bug) {
  return [bug](Options& options) { options.bugs.world.*bug = true; };
}

std::function<void(Options&)> each_group(Edit edit) {
  return [edit](Options& options) {
    options.bugs.schedule = [edit](Schedule& schedule) {
      for (ScheduledGroup& group : schedule.groups) edit(group);
    };
  };
}

std::function<void(Options&)> journal(std::function<void(Records&)> edit) {
  return [edit](Options& options) { options.bugs.journal = edit; };
}

std::function<void(Options&)> journal_of_one_controller(std::function<void(Records&)> edit) {
  return [edit](Options& options) {
    options.bugs.journal = edit;
    options.crashes = options.orders = false;
  };
}

void nothing(Options&) {}

void drop_settlements(Records& records) {
  std::erase_if(records, [](const Record& record) {
    return record.kind == "client_settled" && record.subject == "client/pc0";
  });
}

void each_policy(ScheduledGroup& group, const std::function<void(StepPolicy&)>& edit) {
  for (PlannedStep& step : group.steps) edit(step.policy);
}

const Case kCases[] = {
    {"journal_counts_attempts_wrong", 1, journal([](Records& records) {
       for (Record& record : records) record.attempt += record.kind == "step_finished" ? 1 : 0;
     })},
    {"journal_forgets_notes", 2, journal([](Records& records) {
       for (Record& record : records) {
         if (record.kind == "step_noted") record.detail.clear();
       }
     })},
    {"acts_before_append", 3, nothing, Mutation::acts_before_append},
    {"commit_confirmed_and_not_there", 3,
     [](Options& options) { options.bugs.acknowledges_early = true; }},
    {"starts_over_what_runs", 4, nothing, Mutation::no_probe_on_resume},
    {"no_probe_on_resume", 5, nothing, Mutation::no_probe_on_resume},
    {"looks_back_by_starting_again", 5, world(&WorldBugs::launches_twice)},
    {"journal_says_failures_went_well", 6, journal([](Records& records) {
       for (Record& record : records) {
         if (record.step == "upgrade" && record.outcome == "failed") record.outcome = "ok";
       }
     })},
    {"lost_is_late", 7, nothing, Mutation::lost_is_late},
    {"half_is_proven", 7, world(&WorldBugs::half_is_ok)},
    {"doubt_is_failure", 8, nothing, Mutation::doubt_is_failure},
    {"no_wait_for_probes", 8, nothing, Mutation::no_wait_for_probes},
    {"in_flight_one_more", 9, each_group([](ScheduledGroup& group) { ++group.plan.in_flight; })},
    {"after_is_ignored", 10, each_group([](ScheduledGroup& group) { group.after.clear(); })},
    {"no_overshoot_limit", 11, nothing, Mutation::no_overshoot_limit},
    {"budget_one_more", 11, each_group([](ScheduledGroup& group) { ++group.tolerate_failed; })},
    {"halt_is_no_halt", 11, nothing, Mutation::halt_is_no_halt},
    {"windows_are_open", 12, each_group([](ScheduledGroup& group) { group.windows.clear(); })},
    {"pause_is_no_pause", 13, nothing, Mutation::pause_is_no_pause},
    {"soaks_are_halved", 14, each_group([](ScheduledGroup& group) {
       for (Gate& gate : group.plan.before) gate.soak /= 2;
       for (Gate& gate : group.plan.after_wave) gate.soak /= 2;
     })},
    {"inconclusive_passes", 14, nothing, Mutation::inconclusive_passes},
    {"unasked_gate_passes", 14, nothing, Mutation::unasked_gate_passes},
    {"journal_loses_a_client", 15, journal_of_one_controller(drop_settlements)},
    {"one_attempt_more", 16, each_group([](ScheduledGroup& group) {
       each_policy(group, [](StepPolicy& policy) { ++policy.attempts; });
     })},
    {"no_backoff", 16, each_group([](ScheduledGroup& group) {
       each_policy(group, [](StepPolicy& policy) { policy.backoff = {}; });
     })},
    {"does_not_bury", 17, world(&WorldBugs::does_not_bury)},
    {"backup_overwrites", 18, world(&WorldBugs::backup_overwrites), Mutation::backs_up_anew},
    {"says_restored", 19, world(&WorldBugs::says_restored)},
    {"looks_are_never_answered", 23, world(&WorldBugs::forgets_looks)},
    {"controllers_share_a_number", 24, journal([](Records& records) {
       for (Record& record : records) {
         if (record.kind == "controller_started") record.detail = "{\"fence\":1}";
       }
     })},
    {"clock_jumps_are_hidden", 25, world(&WorldBugs::hides_jumps)},
    {"end_is_told_otherwise", 30, journal([](Records& records) {
       for (Record& record : records) {
         if (record.outcome == "completed_with_failures") record.outcome = "completed";
       }
     })},
    {"orders_of_nobody", 31, [](Options& options) { options.bugs.nameless_orders = true; }},
    {"answers_before_append", 31, nothing, Mutation::answers_before_append},
    {"screens_count_otherwise", 32, journal_of_one_controller(drop_settlements)},
    {"no_replication", 33, nothing, Mutation::no_replication},
    {"nothing_is_kept_before_a_force", 34, each_group([](ScheduledGroup& group) {
       if (group.plan.method != Method::site_wide) return;
       std::erase_if(group.steps, [](const PlannedStep& s) { return s.step == Step::back_up; });
     })},
    {"scope_is_forgotten", 35, nothing, Mutation::scope_is_forgotten},
    {"forgets_to_restore", 37, nothing, Mutation::forgets_to_restore},
    {"windows_are_in_utc", 12,
     [](Options& options) {
       options.bugs.schedule = [](Schedule& schedule) {
         for (Zone& zone : schedule.zones) zone.offsets.clear();
       };
     }},
    {"ramp_needs_no_proof", 38, nothing, Mutation::ramp_needs_no_proof},
    {"ramp_is_twice_as_fast", 38,
     [](Options& options) {
       options.bugs.schedule = [](Schedule& schedule) {
         if (schedule.limits.ramp) schedule.limits.rate.count *= 2;
       };
     }},
    {"withdrawn_is_passed", 39, nothing, Mutation::withdrawn_is_passed},
    {"recheck_is_forgotten", 40, nothing, Mutation::recheck_is_forgotten},
    {"rechecks_come_early", 40, each_group([](ScheduledGroup& group) { group.plan.recheck /= 2; })},
    {"unproven_one_more", 9, nothing, Mutation::unproven_one_more},
    {"in_flight_of_the_rollout_one_more", 9,
     [](Options& options) {
       options.bugs.schedule = [](Schedule& schedule) { ++schedule.limits.in_flight; };
     }},
    {"rate_is_twice_as_fast", 9,
     [](Options& options) {
       options.bugs.schedule = [](Schedule& schedule) {
         if (!schedule.limits.ramp) schedule.limits.rate.count *= 2;
       };
     }},
    {"tolerances_round_up", 11, nothing, Mutation::tolerances_round_up},
    {"waves_round_down", 10, nothing, Mutation::waves_round_down},
    {"upgraded_is_failed", 7, nothing, Mutation::upgraded_is_failed},
    {"one_restore_more", 16,
     each_group([](ScheduledGroup& group) { ++group.restore.policy.attempts; })},
    {"undoes_without_backoff", 16,
     [](Options& options) {
       options.bugs.schedule = [](Schedule& schedule) {
         for (ScheduledSite& site : schedule.sites) site.unstage.policy.backoff = {};
       };
     }},
    {"late_ones_are_tried_too_often", 16,
     each_group([](ScheduledGroup& group) { group.plan.retry_late /= 2; })},
    {"lost_too_soon", 25, each_group([](ScheduledGroup& group) {
       if (group.plan.lost_after) *group.plan.lost_after /= 2;
     })},
    {"gives_up_too_soon", 25,
     each_group([](ScheduledGroup& group) { group.plan.give_up_late /= 2; })},
    {"halt_exits_well", 30, nothing, Mutation::halt_exits_well},
    {"force_waits_for_nobody", 34,
     each_group([](ScheduledGroup& group) { group.plan.before_force = {}; })},
    {"force_over_is_ignored", 43, nothing, Mutation::force_over_is_ignored},
    {"late_next_wake", 2, nothing, Mutation::late_next_wake},
    {"sleeps_too_long", 42, nothing, Mutation::late_next_wake},
    {"soaks_are_doubled", 42, each_group([](ScheduledGroup& group) {
       for (Gate& gate : group.plan.before) gate.soak *= 2;
       for (Gate& gate : group.plan.after_wave) gate.soak *= 2;
     })},
    {"backoff_is_tripled", 42, each_group([](ScheduledGroup& group) {
       each_policy(group, [](StepPolicy& policy) { policy.backoff *= 3, policy.backoff_max *= 3; });
     })},
    {"deadlines_are_doubled", 42, each_group([](ScheduledGroup& group) {
       each_policy(group, [](StepPolicy& policy) { policy.timeout *= 2; });
     })},
    {"lost_too_late", 42, each_group([](ScheduledGroup& group) {
       if (group.plan.lost_after) *group.plan.lost_after *= 2;
     })},
    {"gives_up_too_late", 42,
     each_group([](ScheduledGroup& group) { group.plan.give_up_late *= 2; })},
    {"late_ones_are_tried_too_seldom", 42,
     each_group([](ScheduledGroup& group) { group.plan.retry_late *= 2; })},
    {"force_waits_too_long", 42,
     each_group([](ScheduledGroup& group) { group.plan.before_force *= 3; })},
    {"rechecks_come_late", 42, each_group([](ScheduledGroup& group) { group.plan.recheck *= 2; })},
    {"slots_stay_empty", 42, each_group([](ScheduledGroup& group) {
       if (group.plan.in_flight > 1) --group.plan.in_flight;
     })},
    {"rollout_within_is_doubled", 42,
     [](Options& options) {
       options.bugs.schedule = [](Schedule& schedule) {
         if (schedule.limits.rollout_within) *schedule.limits.rollout_within *= 2;
       };
     }},
    {"reconciles_without_late", 41, nothing, Mutation::reconciles_without_late},
    {"restores_once", 44, nothing, Mutation::restores_once},
    {"services_are_left_stopped", 45, world(&WorldBugs::leaves_services_stopped)},
};

class Mutations : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override { mutation_under_test = GetParam().mutation; }
  void TearDown() override { mutation_under_test = Mutation::none; }
};

TEST_P(Mutations, Applied_ItsInvariantIsSeenBroken) {
  const Case& which = GetParam();
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Options options;
    options.seed = seed;
    options.only = which.invariant;
    options.on_disk = false;
    options.thorough = which.invariant == 2;
    which.apply(options);
    const Report report = simulate(options);
    if (report.violations.empty()) continue;
    std::printf("mutation %s breaks invariant %d: seen at seed %llu: %s\n", which.name,
                which.invariant, static_cast<unsigned long long>(seed),
                report.violations.front().what.c_str());
    return;
  }
  FAIL() << which.name << " was not seen in " << kSeeds << " seeds";
}

INSTANTIATE_TEST_SUITE_P(Each, Mutations, testing::ValuesIn(kCases),
                         [](const auto& which) { return std::string(which.param.name); });

// The same seeds without a mutation: nothing is seen.
TEST(MutationsControl, NoneApplied_NothingIsSeen) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Options options;
    options.seed = seed;
    EXPECT_TRUE(simulate(options).violations.empty()) << "seed " << seed;
  }
}

// What a run takes from elsewhere than its seed makes two runs differ.
TEST(MutationsControl, UnseededWorld_JournalsDiffer) {
  Options options;
  options.bugs.world.unseeded = true;
  std::uint32_t differ = 0;
  for (options.seed = 1; options.seed <= 10; ++options.seed) {
    differ += simulate(options).records == simulate(options).records ? 0 : 1;
  }
  EXPECT_GT(differ, 0U);
}

}  // namespace
}  // namespace sitewide::simulation
