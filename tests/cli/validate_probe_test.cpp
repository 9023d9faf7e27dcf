// `validate --probe`: what is missing before a rollout begins, found by reading alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "orchestrator/cli/client_sample.h"
#include "orchestrator/cli/looks.h"
#include "tests/cli/command_world.h"
#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
namespace fs = std::filesystem;

std::string inspect() { return "      inspect: [test, -e, \"{client.root}/done\"]\n"; }

TEST(ValidateProbe, OfAWholeLab_FindsNothingMissing_AndChangesNothing) {
  const auto lab = small_lab();
  const auto bytes = tree_of(lab->root());
  const Finished probe = lab->run({"validate", "--probe", "--probe-clients", "all", lab->plan()});
  EXPECT_EQ(probe.exit_code, 0) << probe.out << probe.err;
  EXPECT_THAT(probe.out, AllOf(HasSubstr("Looked at 1 site with 2 logon servers"),
                               HasSubstr("canary: asked 3 of 3 clients: 3 to upgrade"),
                               HasSubstr("reaches files and keeps records of attempts"),
                               HasSubstr("\nNothing is missing.\n")));
  EXPECT_EQ(tree_of(lab->root()), bytes);
  EXPECT_FALSE(fs::exists(lab->state()));
}

struct Broken {
  std::string name;
  std::vector<std::string> removed;  ///< below the lab
  std::vector<std::string> said;
};

class ValidateProbeOfBrokenSite : public testing::TestWithParam<Broken> {};

TEST_P(ValidateProbeOfBrokenSite, SaysWhatIsMissing) {
  const auto lab = small_lab();
  for (const std::string& path : GetParam().removed) {
    ASSERT_TRUE(fs::exists(lab->root() / path)) << path;
    fs::remove_all(lab->root() / path);
  }
  const Finished probe = lab->run({"validate", "--probe", lab->plan()});
  EXPECT_EQ(probe.exit_code, 4) << probe.out << probe.err;
  EXPECT_THAT(probe.out, HasSubstr("\nMissing, "));
  for (const std::string& said : GetParam().said) EXPECT_THAT(probe.out, HasSubstr(said));
}

INSTANTIATE_TEST_SUITE_P(
    Sites, ValidateProbeOfBrokenSite,
    testing::Values(
        Broken{"Root", {"hq/SMS"}, {"hq/SMS: cannot be read: ", "mend `root` of the site"}},
        Broken{"Map", {"hq/SMS/System.map"}, {"hq/SMS: System.map is not in the root"}},
        Broken{"ClientSource",
               {"hq/SMS/Site.srv/Maincfg.box/Client.src"},
               {"Site.srv/Maincfg.box/Client.src is missing or empty"}},
        Broken{"Share", {"s768aa1"}, {"logon server S768AA1, ", "s768aa1: cannot be read: "}},
        Broken{"Batch", {"s768aa0/Upgrade.bat"}, {"s768aa0: Upgrade.bat is not in its root"}}),
    [](const auto& chosen) { return chosen.param.name; });

TEST(ValidateProbe, ShareThatIsNotMounted_IsAnEmptyFolder) {
  const auto lab = small_lab();
  fs::remove_all(lab->root() / "s768aa0");
  fs::create_directory(lab->root() / "s768aa0");
  const Finished probe = lab->run({"validate", "--probe", lab->plan()});
  EXPECT_EQ(probe.exit_code, 4);
  EXPECT_THAT(probe.out, HasSubstr("s768aa0: is an empty folder, as where a share is not mounted"));
}

TEST(ValidateProbe, ServiceThatCannotBeAskedFor_IsMissing) {
  const Lab lab({"--article", "Q254228"});
  lab.edit_plan("query: [", "query: [false, ");
  const Finished silent = lab.run({"validate", "--probe", lab.plan()});
  EXPECT_EQ(silent.exit_code, 0) << "`false` says that it is stopped: " << silent.out;
  lab.edit_plan("query: [false, ", "query: [sh, -c, 'echo no rights >&2; exit 5', ");
  const Finished probe = lab.run({"validate", "--probe", lab.plan()});
  EXPECT_EQ(probe.exit_code, 4);
  EXPECT_THAT(probe.out, AllOf(HasSubstr("site HQ, service SMS_"),
                               HasSubstr("its `query` says nothing: "), HasSubstr("no rights")));
}

TEST(ValidateProbe, ClientsThatAreAway_AreOneCauseWithTheirNames) {
  const CommandWorld world("[touch, \"{client.root}/done\"]", inspect());
  for (const int away : {2, 5}) fs::remove_all(world.client(away));
  const Finished probe = world.run({"validate", "--probe", "--probe-clients", "all", world.plan()});
  EXPECT_EQ(probe.exit_code, 4);
  EXPECT_THAT(probe.out,
              AllOf(HasSubstr("2 of 6 clients of all: folder "),
                    HasSubstr("/…: No such file or directory: pc02, pc05\n"),
                    HasSubstr("all: asked 6 of 6 clients: 4 to upgrade, 2 unreachable")));
}

TEST(ValidateProbe, Sample_IsSpreadOverTheGroup_AndTheSameEachTime) {
  const CommandWorld world("[touch, \"{client.root}/done\"]", inspect());
  for (const int away : {2, 4, 5}) fs::remove_all(world.client(away));  // of whom none is asked
  const std::vector<std::string> three = {"validate", "--probe", "--probe-clients", "3",
                                          world.plan()};
  EXPECT_EQ(world.run(three).exit_code, 0);
  fs::remove_all(world.client(3));
  const Finished probe = world.run(three);
  EXPECT_EQ(probe.exit_code, 4);
  EXPECT_THAT(probe.out, HasSubstr("1 of 3 sampled clients of all: folder "));
  EXPECT_THAT(spread_over({10, 20}, 4), ElementsAre(10U, 13U, 16U, 19U));
  EXPECT_THAT(spread_over({10, 12}, 4), ElementsAre(10U, 11U));
  EXPECT_THAT(spread_over({10, 20}, 1), ElementsAre(10U));
  EXPECT_THAT(spread_over({7, 7}, 4), IsEmpty());
}

TEST(ValidateProbe, PlanWithoutInspect_LooksForRootsAlone) {
  const CommandWorld world;
  const Finished well = world.run({"validate", "--probe", world.plan()});
  EXPECT_EQ(well.exit_code, 0);
  EXPECT_THAT(well.out, AllOf(HasSubstr("all: looked for 5 of 6 clients;"),
                              HasSubstr("for the plan gives no `inspect`")));
  fs::remove_all(world.client(1));
  const Finished probe = world.run({"validate", "--probe", world.plan()});
  EXPECT_EQ(probe.exit_code, 4);
  EXPECT_THAT(probe.out, HasSubstr("1 of 5 sampled clients of all: "));
}

TEST(ValidateProbe, ProgramThatIsNotInstalled_IsNamedWithWhatNeedsIt) {
  const CommandWorld world("[no-such-upgrader, x]");
  const Finished probe = world.run({"validate", "--probe", "--format", "concise", world.plan()});
  EXPECT_EQ(probe.exit_code, 4);
  EXPECT_THAT(probe.out, HasSubstr("missing: this machine: there is no program no-such-upgrader, "
                                   "which group all needs\n"));
}

TEST(ValidateProbe, PlanWithErrors_IsNotProbed) {
  const CommandWorld world("[touch, \"{client.rot}/done\"]");
  const Finished probe = world.run({"validate", "--probe", world.plan()});
  EXPECT_EQ(probe.exit_code, 3);
  EXPECT_THAT(probe.out, Not(HasSubstr("Looked at")));
}

TEST(ValidateProbe, Json_HasAFindingWithItsClientsAndASummary) {
  const CommandWorld world("[touch, \"{client.root}/done\"]", inspect());
  fs::remove_all(world.client(1));
  const Finished probe = world.run({"--json", "validate", "--probe", world.plan()});
  EXPECT_EQ(probe.exit_code, 4);
  EXPECT_THAT(probe.out,
              AllOf(HasSubstr("\"type\":\"probe.group\",\"group\":\"all\",\"transport\":\"here\""),
                    HasSubstr("\"type\":\"probe.finding\",\"level\":\"error\",\"about\":\"1 of 5 "
                              "sampled clients of all\""),
                    HasSubstr("\"clients\":[\"pc01\"]"),
                    HasSubstr("\"type\":\"probe.summary\",\"sites\":0,\"logon_servers\":0,"
                              "\"asked\":5,\"missing\":1,\"warnings\":0")));
}

TEST(Looks, OneThatHangs_IsGivenUp_AndTheOthersAreHeard) {
  using namespace std::chrono_literals;
  std::vector<Look> looks;
  looks.push_back(blocking_look("dead", [] {
    std::this_thread::sleep_for(3s);  // as in a dead mount; nobody waits for it
    return Lacks();
  }));
  looks.push_back(blocking_look("alive", [] { return Lacks{{"lacks a file", "copy it"}}; }));
  looks.push_back(looks.front());
  looks.back().tells_of_silence = false;
  const auto begun = std::chrono::steady_clock::now();
  const Looked looked = look_at_all(looks, 300ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s);
  EXPECT_TRUE(looked.stuck);
  ASSERT_EQ(looked.lacks.size(), 3U);
  ASSERT_EQ(looked.lacks[0].size(), 1U);
  EXPECT_THAT(looked.lacks[0][0].what, HasSubstr("does not answer within"));
  ASSERT_EQ(looked.lacks[1].size(), 1U);
  EXPECT_EQ(looked.lacks[1][0].what, "lacks a file");
  EXPECT_THAT(looked.lacks[2], IsEmpty());
}

}  // namespace
}  // namespace sitewide::test
