// `- command:`, and what holds for every source that is asked: when it is asked, and by whom.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/inventory/asked_world.h"

namespace sitewide::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kList = R"({
  "_meta": {"hostvars": {
    "pc1": {"ring": "canary", "ansible_password": "streng-geheim"}, "pc2": {"ring": "rest"}}},
  "all": {"children": ["hq"]}, "hq": {"hosts": ["pc1", "pc2"]}})";

/// Notes each time it is run, and prints `list`.
std::string exporter(const std::string& list) {
  return "#!/bin/sh\necho asked >> asked\ncat <<'E'\n" + list + "\nE\n";
}

class CommandSourceTest : public ::testing::Test {
 protected:
  CommandSourceTest() : world_("  - command: [./export-clients, --all]\n") {
    world_.file("export-clients", exporter(kList), true);
    world_.client("pc1");
    world_.client("pc2");
  }
  bool asked() const { return std::filesystem::exists(world_.root() / "asked"); }
  std::string words() const {
    const Finished finished = world_.run({"validate", "--inventory", "PLAN"});
    EXPECT_EQ(finished.exit_code, 3) << finished.out;
    return finished.err;
  }

  AskedWorld world_;
};

TEST_F(CommandSourceTest, Run_GoesToItsEndAndKeepsNoSecret) {
  const Finished finished = world_.run({"run", "--yes", "PLAN"});
  ASSERT_EQ(finished.exit_code, 0) << finished.out << finished.err;
  EXPECT_TRUE(world_.upgraded("pc1") && world_.upgraded("pc2"));
  for (const auto& [path, bytes] : tree_of(world_.root() / "state"))
    EXPECT_THAT(bytes, Not(HasSubstr("streng-geheim"))) << path;
}

TEST_F(CommandSourceTest, PlainValidate_RunsNothingAndSaysSo) {
  const Finished plain = world_.run({"validate", "PLAN"});
  EXPECT_EQ(plain.exit_code, 0) << plain.err;
  EXPECT_FALSE(asked());
  EXPECT_THAT(plain.out, HasSubstr("valid, as far as it was judged; 1 source of the inventory was "
                                   "not asked:\n  command ./export-clients\n"));
  EXPECT_THAT(plain.out, HasSubstr("sitewide validate --inventory"));
  const Finished whole = world_.run({"validate", "--inventory", "PLAN"});
  EXPECT_EQ(whole.exit_code, 0) << whole.err;
  EXPECT_TRUE(asked());
  EXPECT_THAT(whole.out, HasSubstr("valid; 2 clients in 1 group"));
}

TEST_F(CommandSourceTest, PlainValidate_SaysInJsonWhatWasNotAsked) {
  const Finished plain = world_.run({"--json", "validate", "PLAN"});
  EXPECT_EQ(plain.exit_code, 0) << plain.err;
  EXPECT_THAT(plain.out, HasSubstr(R"("clients":null,"not_asked":["command ./export-clients"])"));
}

TEST_F(CommandSourceTest, SelectorThatMatchesNothing_IsJudgedOnlyWhenAsked) {
  world_.plan("  - command: [./export-clients]\n", "ring=pilot");
  EXPECT_EQ(world_.run({"validate", "PLAN"}).exit_code, 0);
  EXPECT_THAT(words(), HasSubstr("the selector of group `all` matches no client"));
}

TEST_F(CommandSourceTest, PlanWithErrors_AsksNobody) {
  world_.plan("  - command: [./export-clients]\n    labels: {name: x}\n");
  EXPECT_THAT(words(), HasSubstr("`name` cannot be a label"));
  EXPECT_FALSE(asked());
}

TEST_F(CommandSourceTest, SavedPreview_AsksAgainAndRefusesOnDrift) {
  ASSERT_EQ(world_.run({"preview", "--save", "SAVED", "PLAN"}).exit_code, 0);
  world_.file("export-clients", exporter(R"({"hq": {"hosts": ["pc1", "pc3"]}})"), true);
  const Finished drifted = world_.run({"run", "SAVED"});
  EXPECT_EQ(drifted.exit_code, 4);
  EXPECT_THAT(drifted.err, HasSubstr("client pc2: removed"));
  EXPECT_THAT(drifted.err, HasSubstr("client pc3: added, in group all"));
  world_.file("export-clients", "#!/bin/sh\necho the exporter is down >&2\nexit 3\n", true);
  const Finished failing = world_.run({"run", "SAVED"});
  EXPECT_EQ(failing.exit_code, 4);
  EXPECT_THAT(failing.err, HasSubstr("it said: the exporter is down"));
  world_.file("export-clients", exporter(kList), true);
  const Finished same = world_.run({"run", "SAVED"});
  EXPECT_EQ(same.exit_code, 0) << same.err;
  EXPECT_TRUE(world_.upgraded("pc2"));
}

TEST_F(CommandSourceTest, OrderOfTheHosts_IsNoDrift) {
  world_.file("export-clients", exporter(R"({"a": {"hosts": ["pc1", "pc2"]}, "b": ["pc1"]})"),
              true);
  ASSERT_EQ(world_.run({"preview", "--save", "SAVED", "PLAN"}).exit_code, 0);
  world_.file("export-clients", exporter(R"({"b": ["pc1"], "a": {"hosts": ["pc2", "pc1"]}})"),
              true);
  const Finished same = world_.run({"run", "SAVED"});
  EXPECT_EQ(same.exit_code, 0) << same.err;
  EXPECT_THAT(same.err, HasSubstr("nothing changed since"));
}

TEST_F(CommandSourceTest, Resume_NeverAsksAgain) {
  std::filesystem::remove_all(world_.root() / "clients" / "pc2");
  world_.plan("  - command: [./export-clients]\n");
  const Finished halted = world_.run({"run", "--yes", "PLAN"});
  ASSERT_EQ(halted.exit_code, 11) << halted.out << halted.err;
  world_.client("pc2");
  std::filesystem::remove(world_.root() / "asked");
  const Finished resumed =
      world_.run({"resume", "--retry-failed", "--reason", "it is on now", "asked-1"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.out << resumed.err;
  EXPECT_TRUE(world_.upgraded("pc2"));
  EXPECT_FALSE(asked());
}

TEST_F(CommandSourceTest, Only_NarrowsWhatWasListed) {
  const Finished finished = world_.run({"run", "--yes", "--only", "group.hq, ring=canary", "PLAN"});
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_TRUE(world_.upgraded("pc1"));
  EXPECT_FALSE(world_.upgraded("pc2"));
}

TEST_F(CommandSourceTest, Failures_AreErrorsWithTheProgramsOwnWords) {
  world_.file("export-clients", "#!/bin/sh\necho {}\necho 'no database: db1' >&2\nexit 7\n", true);
  EXPECT_THAT(words(), HasSubstr("command ./export-clients: it ended with exit code 7; it said: no "
                                 "database: db1"));
  world_.file("export-clients", "#!/bin/sh\nkill -9 $$\n", true);
  EXPECT_THAT(words(), HasSubstr("it was ended by signal 9"));
  world_.file("export-clients", "#!/bin/sh\necho '<html>Login</html>'\n", true);
  EXPECT_THAT(words(), HasSubstr("what it printed is no JSON"));
  world_.file("export-clients", "#!/bin/sh\necho nothing to say >&2\n", true);
  EXPECT_THAT(words(), HasSubstr("it printed nothing; it said: nothing to say"));
  world_.file("export-clients", "#!/bin/sh\necho '{\"all\": {}}'; echo warned >&2\n", true);
  EXPECT_THAT(words(), HasSubstr("it lists no hosts at all; it said: warned"));
  world_.plan("  - command: [./nobody]\n");
  EXPECT_THAT(words(), HasSubstr("it cannot be started: "));
}

TEST_F(CommandSourceTest, ProgramThatHangs_IsEndedWithAllItStarted) {
  world_.file("export-clients", "#!/bin/sh\nsleep 600 &\necho $! > sleeper\nwait\n", true);
  world_.plan("  - command: [./export-clients]\n    within: 1s\n");
  EXPECT_THAT(words(), HasSubstr("command ./export-clients: no end within 1s"));
  EXPECT_NE(::kill(std::stoi(read_file(world_.root() / "sleeper")), 0), 0);
}

TEST_F(CommandSourceTest, FloodOfOutput_IsBounded) {
  world_.file("export-clients", "#!/bin/sh\nhead -c 70000000 /dev/zero\n", true);
  EXPECT_THAT(words(), HasSubstr("it printed more than 64 MiB"));
}

TEST_F(CommandSourceTest, ControlCharactersOfAProgram_DoNotReachTheScreen) {
  world_.file("export-clients", "#!/bin/sh\nprintf '\\033[2Jgone' >&2\nexit 1\n", true);
  EXPECT_THAT(words(), HasSubstr("it said: \\x1b[2Jgone"));
}

TEST_F(CommandSourceTest, SameClientInTwoSources_IsRefusedWithBothPlaces) {
  world_.file("more.csv", "name,ring,site\npc1,canary,HQ\npc3,rest,HQ\n");
  world_.plan("  - file: more.csv\n  - command: [./export-clients]\n");
  const std::string refused = words();
  EXPECT_THAT(refused, HasSubstr("client `pc1` is listed twice"));
  EXPECT_THAT(refused, HasSubstr("plan.yaml:5:5"));
  EXPECT_THAT(refused, HasSubstr("more.csv:2:1"));
  EXPECT_THAT(refused, HasSubstr("merge: true"));
  world_.plan("  - file: more.csv\n  - command: [./export-clients]\n    merge: true\n",
              "site=HQ, group.hq");
  const Finished merged = world_.run({"validate", "--inventory", "PLAN"});
  EXPECT_EQ(merged.exit_code, 0) << merged.err;
  EXPECT_THAT(merged.out, HasSubstr("valid; 1 client in 1 group"));
}

TEST_F(CommandSourceTest, ConflictOfAMerge_NamesBothPlacesAndValues) {
  world_.file("more.csv", "name,ring\npc1,pilot\n");
  world_.plan("  - file: more.csv\n  - command: [./export-clients]\n    merge: true\n");
  const std::string refused = words();
  EXPECT_THAT(refused,
              HasSubstr("client `pc1` has the label `ring` with `canary` here and `pilot` before"));
  EXPECT_THAT(refused, HasSubstr("more.csv:2:1"));
}

}  // namespace
}  // namespace sitewide::test
