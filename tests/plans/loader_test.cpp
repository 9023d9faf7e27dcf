// What a plan becomes: values, defaults, paths. Mistakes are in plan_files_test and
// tests/plans/bad/.
#include "plans/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/plans/loading.h"

namespace sitewide {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using namespace std::chrono_literals;
using testing::lines_of;
using testing::load_group;
using testing::load_text;

TEST(Loader, MissingFile_IsAProblemWithoutALine) {
  const LoadedPlan loaded = load_plan("/nowhere/plan.yaml");
  EXPECT_THAT(lines_of(loaded.problems),
              ElementsAre("0:0 the plan cannot be read: there is no such file"));
  EXPECT_EQ(render(loaded.problems, loaded.files),
            "error: the plan cannot be read: there is no such file\n --> /nowhere/plan.yaml\n\n"
            "/nowhere/plan.yaml: 1 error\n");
}

TEST(Loader, FolderOrEmptyFile_IsNoPlan) {
  EXPECT_THAT(lines_of(load_plan("/tmp").problems), ElementsAre(HasSubstr("it is a folder")));
  EXPECT_THAT(lines_of(load_text("").problems), ElementsAre("1:1 the plan is empty"));
  EXPECT_THAT(lines_of(load_text("[]").problems), ElementsAre(HasSubstr("expected a map")));
}

TEST(Loader, Paths_BeginAtThePlan) {
  const LoadedPlan loaded = load_group("    method: upgrade_bat\n");
  EXPECT_EQ(loaded.plan.sites[0].root, "/plans/sms");
  EXPECT_EQ(loaded.plan.sites[0].logon_servers[0].share, "/plans/l1");
  EXPECT_EQ(loaded.plan.hotfix.files[0].source, "/plans/a.exe");
  EXPECT_EQ(loaded.plan.transports[0].root, "/plans/c/{client.name}");
  EXPECT_EQ(loaded.digest, sha256(loaded.bytes));
}

TEST(Loader, BareGroup_GetsTheDocumentedDefaults) {
  const LoadedPlan loaded = load_group("    method: upgrade_bat\n");
  ASSERT_THAT(lines_of(loaded.problems), IsEmpty());
  const Group& group = loaded.plan.groups[0];
  EXPECT_EQ(group.in_flight, 32U);
  EXPECT_EQ(group.attempts, 3U);
  EXPECT_EQ(group.backoff, 30s);
  EXPECT_EQ(group.backoff_max, 10min);
  EXPECT_EQ(group.converge_within, 8h);
  EXPECT_EQ(group.converge_poll, 1min);
  EXPECT_EQ(group.inspect_timeout, 5min);
  EXPECT_EQ(group.trigger_timeout, 10min);
  EXPECT_EQ(group.command_timeout, 30min);
  EXPECT_EQ(group.retry_late, 15min);
  EXPECT_EQ(group.give_up_late, 72h);
  EXPECT_EQ(group.rollback_in_flight, 32U);
  EXPECT_EQ(group.rollback_within, 24h);
  EXPECT_EQ(group.on_breach, Scope::group);
  EXPECT_TRUE(group.restore_failed);
  EXPECT_TRUE(group.restart.by_user);
  EXPECT_FALSE(group.strict);
  EXPECT_FALSE(group.unproven);
  EXPECT_EQ(group.transport, "shop");
  EXPECT_EQ(loaded.plan.limits.in_flight, 200U);
  for (const char* key : {"in_flight", "attempts", "converge.within", "tolerate.failed",
                          "transport", "strict", "on_breach"}) {
    EXPECT_THAT(group.defaulted, Contains(key));
  }
}

TEST(Loader, AttemptsOfASite_AreItsOwnAndNotTheGroups) {
  const LoadedPlan plain = load_group("    method: upgrade_bat\n    attempts: 7\n");
  EXPECT_EQ(plain.plan.sites[0].attempts, 3U);
  EXPECT_EQ(plain.plan.sites[0].backoff, 30s);
  EXPECT_EQ(plain.plan.sites[0].backoff_max, 10min);
  const std::string text =
      "version: 1\nname: test\n"
      "hotfix: {id: Q1, files: [{name: A.exe, platform: x86, source: a.exe}]}\n"
      "sites: {HQ: {root: sms, logon_servers: {L1: l1}, attempts: 5, backoff: 20m MORE}}\n"
      "inventory: [{hosts: [pc1]}]\n"
      "transports: {shop: {type: local, root: \"c/{client.name}\", batch: [\"{batch}\"]}}\n"
      "groups: [{name: canary, select: name, method: upgrade_bat}]\n";
  const auto with = [&](const std::string& more) {
    std::string whole = text;
    return load_text(whole.replace(whole.find(" MORE"), 5, more));
  };
  const LoadedPlan own = with("");
  ASSERT_THAT(lines_of(own.problems), IsEmpty());
  EXPECT_EQ(own.plan.sites[0].attempts, 5U);
  EXPECT_EQ(own.plan.sites[0].backoff, 20min);
  EXPECT_EQ(own.plan.sites[0].backoff_max, 20min);
  EXPECT_THAT(lines_of(with(", backoff_max: 1m").problems),
              ElementsAre(HasSubstr("`backoff` is longer than `backoff_max`")));
}

TEST(Loader, SiteWide_ConvergesWithinFiveDays) {
  EXPECT_EQ(load_group("    method: site_wide\n").plan.groups[0].converge_within, 120h);
}

TEST(Loader, Defaults_AreMergedKeyByKey) {
  const LoadedPlan loaded =
      load_group("    method: upgrade_bat\n    converge: {within: 2h}\n    waves: [5]\n",
                 "defaults: {converge: {within: 1h, poll: 5s}, tolerate: {late: 2}, waves: [1, "
                 "rest], on_breach: {rollback: none}}\n");
  ASSERT_THAT(lines_of(loaded.problems), IsEmpty());
  const Group& group = loaded.plan.groups[0];
  EXPECT_EQ(group.converge_within, 2h);
  EXPECT_EQ(group.converge_poll, 5s);
  EXPECT_EQ(group.tolerate_late.value, 2U);
  ASSERT_EQ(group.waves.size(), 1U);
  EXPECT_EQ(group.waves[0].value, 5U);
  EXPECT_EQ(group.on_breach, Scope::none);
  EXPECT_THAT(group.defaulted, Not(Contains("tolerate.late")));
  EXPECT_THAT(group.defaulted, Contains("tolerate.failed"));
}

TEST(Loader, DefaultsThatDoNotFitAMethod_AreForTheOtherGroups) {
  const LoadedPlan loaded =
      load_group("    method: site_wide\n", "defaults: {waves: [1, rest], strict: true}\n");
  EXPECT_THAT(lines_of(loaded.problems), IsEmpty());
  EXPECT_THAT(loaded.plan.groups[0].waves, IsEmpty());
  EXPECT_FALSE(loaded.plan.groups[0].strict);
}

TEST(Loader, MistakeInDefaults_IsReportedOnce) {
  const LoadedPlan loaded =
      load_group("    method: upgrade_bat\n  - {name: b, select: name, method: upgrade_bat}\n",
                 "defaults: {health: {pcm_log: true, within: 1m}}\n");
  EXPECT_THAT(lines_of(loaded.problems), ElementsAre("7:20 `poll` is not shorter than `within`"));
}

TEST(Loader, Windows_ComeFromWindowsAndFromGates) {
  const LoadedPlan loaded = load_group(
      "    method: upgrade_bat\n"
      "    windows: [{days: \"Sat,Sun\", start: \"06:30\", for: 4h, zone: Europe/Berlin, needs: "
      "30m}]\n"
      "    before: [{window: {start: \"22:00\", for: 7h}}, {approval: board}, {soak: 1h}]\n");
  ASSERT_THAT(lines_of(loaded.problems), IsEmpty());
  const Group& group = loaded.plan.groups[0];
  ASSERT_EQ(group.windows.size(), 2U);
  EXPECT_EQ(group.windows[0].start, 6h + 30min);
  EXPECT_FALSE(group.windows[0].days[0]);
  EXPECT_TRUE(group.windows[0].days[6]);
  EXPECT_EQ(group.windows[1].zone, "UTC");
  EXPECT_TRUE(group.windows[1].days[0]);
  ASSERT_EQ(group.before.size(), 2U);
  EXPECT_EQ(group.before[0].kind, Gate::Kind::approval);
  EXPECT_EQ(group.before[0].approval, "board");
  EXPECT_EQ(group.before[1].soak, 1h);
}

TEST(Loader, SelectorMistake_IsPointedAt) {
  const LoadedPlan loaded = load_text(
      "version: 1\nname: a\ninventory: [{hosts: [a]}]\ntransports: {t: {type: local, root: "
      "\"{client.name}\"}}\n"
      "groups:\n  - {name: g, select: \"a in b\", method: command, command: {upgrade: [x]}}\n");
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].place.column, 29U);
}

TEST(Loader, InventoryFiles_AreNumberedForPlaces) {
  const LoadedPlan loaded = load_text(
      "version: 1\nname: a\ninventory: [{file: a.csv}, {hosts: [x]}, {file: b.csv}]\n"
      "transports: {t: {type: local, root: \"{client.name}\"}}\n"
      "groups: [{name: g, select: name, method: command, command: {upgrade: [x]}}]\n");
  ASSERT_EQ(loaded.sources.size(), 3U);
  EXPECT_EQ(loaded.sources[2].number, 2U);
  ASSERT_EQ(loaded.files.size(), 3U);
  EXPECT_EQ(loaded.files[2].path, "/plans/b.csv");
}

/// Checks that compare each with each would take minutes in a plan of 1 MiB.
TEST(Loader, MoreThanAnyPlanNeeds_IsRefusedOnce) {
  const auto many = [](std::size_t count, const std::string& item) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      std::string next = item;
      next.replace(next.find('#'), 1, std::to_string(i));
      text += next;
    }
    return text;
  };
  const auto count_of = [](const LoadedPlan& loaded, const std::string& message) {
    return std::count_if(loaded.problems.begin(), loaded.problems.end(),
                         [&](const Problem& problem) { return problem.message == message; });
  };
  const std::string head = "version: 1\nname: a\n";
  const std::string file = "  - {name: A#.exe, platform: x86, source: a}\n";
  const std::string files = "the hotfix has more than 1,000 files";
  EXPECT_EQ(count_of(load_text(head + "hotfix:\n  files:\n" + many(1000, file)), files), 0);
  EXPECT_EQ(count_of(load_text(head + "hotfix:\n  files:\n" + many(3000, file)), files), 1);
  const std::string transport = "  t#: {type: local, root: c}\n";
  EXPECT_EQ(count_of(load_text(head + "transports:\n" + many(3000, transport)),
                     "the plan has more than 1,000 transports"),
            1);
  const std::string group = "  - {name: g#, select: name, method: command}\n";
  EXPECT_EQ(count_of(load_text(head + "groups:\n" + many(3000, group)),
                     "the plan has more than 1,000 groups"),
            1);
  const std::string window = "      - {start: \"22:00\", for: 7h, zone: No/Such#}\n";
  const LoadedPlan windows = load_text(
      head + "groups:\n  - name: g\n    select: name\n    windows:\n" + many(300, window));
  EXPECT_EQ(count_of(windows, "the group has more than 100 windows"), 1);
  EXPECT_EQ(count_of(windows, "unknown time zone `No/Such99`"), 1);
  EXPECT_EQ(count_of(windows, "unknown time zone `No/Such100`"), 0);
}

TEST(Loader, LongChainOfGroups_DoesNotExhaustTheStack) {
  std::string groups;
  for (int i = 0; i < 20'000; ++i) {
    groups += "  - {name: g" + std::to_string(i) + ", after: [g" + std::to_string(i + 1) + "]}\n";
  }
  EXPECT_THAT(lines_of(load_text("version: 1\ngroups:\n" + groups).problems),
              Contains(HasSubstr("more than 1,000 groups")));
}

TEST(Loader, ExampleOfAllKeys_FillsThemAll) {
  const LoadedPlan loaded = load_plan(testing::source_file("tests/plans/good/everything.yaml"));
  ASSERT_FALSE(has_errors(loaded.problems)) << render(loaded.problems, loaded.files);
  const Group& canary = loaded.plan.groups[0];
  EXPECT_EQ(canary.waves.size(), 3U);
  EXPECT_TRUE(canary.unproven->percent);
  EXPECT_EQ(canary.strict, false);
  EXPECT_EQ(canary.health.kind, Health::Kind::pcm_log);
  EXPECT_EQ(canary.restart.run, (Argv{"shutdown", "/r", "/t", "5"}));
  EXPECT_EQ(canary.on_breach, Scope::wave);
  EXPECT_FALSE(canary.restore_failed);
  const Group& office = loaded.plan.groups[1];
  EXPECT_TRUE(office.reaches_site && office.force_over_failed && office.force_over_skipped);
  EXPECT_EQ(office.before_force, 2h);
  const Group& others = loaded.plan.groups[2];
  EXPECT_TRUE(others.command.repeatable);
  EXPECT_EQ(others.backoff, 0s);
  EXPECT_EQ(loaded.plan.limits.rate.count, 600U);
  EXPECT_EQ(loaded.plan.limits.rollout_within, 14 * 24h);
  EXPECT_EQ(loaded.plan.sites[0].labels.at("floors"), "12");
  EXPECT_EQ(loaded.plan.hotfix.files.size(), 5U);
  EXPECT_TRUE(loaded.plan.hotfix.allow_downgrade);
  EXPECT_EQ(loaded.plan.sites[0].service_pack, 4U);
  EXPECT_EQ(loaded.plan.sites[0].fixes, std::vector<std::string>{"Q191067"});
  EXPECT_EQ(loaded.plan.sites[0].language, "00000409");
}

}  // namespace
}  // namespace sitewide
