// The program is killed at a chosen point and resumed: the end must be that of a rollout that
// nobody disturbed, and the journal must say whatever was done twice. These are the points that a
// person would name, on the lab that users have; tests/crash has all of them, on a quicker one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

using testing::IsEmpty;

constexpr int kKilled = 128 + SIGKILL;

/// Two labs alike: in one nobody disturbs the rollout, the other's controllers are killed.
class Twins {
 public:
  explicit Twins(std::unique_ptr<Lab> (*make)() = [] { return small_lab(); })
      : calm_(make()), killed_(make()) {
    calm_->play();
    killed_->play();
    undisturbed_ = std::make_unique<Program>(calm_->argv({"run", "--yes", calm_->plan()}));
  }
  Lab& lab() { return *killed_; }

  void run_until_crash(const std::string& where) {
    const Finished run = run_on(lab(), {"run", "--yes", lab().plan()}, crash_at(where));
    ASSERT_EQ(run.exit_code, kKilled) << "never came to " << where << "\n" << run.out << run.err;
  }
  void run_until_event(const std::string& words) { kill_at({"run", "--yes", lab().plan()}, words); }
  void resume_until_crash(const std::string& where) {
    const Finished run = run_on(lab(), {"resume", "latest"}, crash_at(where));
    ASSERT_EQ(run.exit_code, kKilled) << "never came to " << where << "\n" << run.out << run.err;
  }
  void resume_until_event(const std::string& words) { kill_at({"resume", "latest"}, words); }

  /// Resumes to the end and compares.
  void resume_and_compare() {
    const Finished end = run_on(lab(), {"resume", "latest"});
    const Finished calm = undisturbed_->finish();
    EXPECT_EQ(end.exit_code, calm.exit_code) << end.out << end.err;
    const EventLog log = log_of(lab());
    EXPECT_EQ(log.client_states(), log_of(*calm_).client_states());
    // Whether a client had finished its upgrade when it was restored is a matter of moments.
    const auto differ = [&] {
      return lasting_differences(lasting_tree(*calm_), lasting_tree(lab()));
    };
    EXPECT_THAT(once_settled(differ), IsEmpty());
    EXPECT_THAT(log.triggered_twice(), IsEmpty());
    EXPECT_THAT(left_temporaries(lab()), IsEmpty());
    EXPECT_THAT(survivors(lab()), IsEmpty());
    const Finished audit = lab().run({"audit", "latest"});
    EXPECT_EQ(audit.exit_code, 0) << audit.out << audit.err;
  }

 private:
  void kill_at(std::vector<std::string> arguments, const std::string& words) {
    arguments.emplace_back("--json");
    Program program(lab().argv(std::move(arguments)));
    ASSERT_TRUE(program.wait_for(words)) << words << " was never seen\n" << program.out();
    program.signal(SIGKILL);
    ASSERT_EQ(program.finish().exit_code, kKilled);
  }

  std::unique_ptr<Lab> calm_, killed_;
  std::unique_ptr<Program> undisturbed_;
};

TEST(Kill, DuringStageBeforeTheRename_TheOldFileStandsAndTheResumeEndsWell) {
  Twins twins;
  const auto before = tree_of(twins.lab().root() / "hq");
  twins.run_until_crash("rename:before:1:*/hq/SMS/*/Pcmwin32.exe");
  auto killed = tree_of(twins.lab().root() / "hq");
  EXPECT_EQ(
      std::erase_if(killed, [](const auto& file) { return file.first.find(".sitewide-") < 20; }),
      1U);
  std::erase_if(killed, [](const auto& file) { return file.first.ends_with(".log"); });
  for (const auto& [path, bytes] : killed) EXPECT_EQ(before.at(path), bytes) << path;
  twins.resume_and_compare();
}

TEST(Kill, DuringReplicate_TheResumeEndsWell) {
  Twins twins;
  twins.run_until_event("site HQ: replicate starts");
  twins.resume_and_compare();
}

TEST(Kill, WhileUpgradeBatRuns_TheResumeEndsWell) {
  Twins twins;
  twins.run_until_crash("spawn:after:2:*plain-batch");
  twins.resume_and_compare();
}

TEST(Kill, DuringConverge_TheResumeEndsWell) {
  Twins twins;
  twins.run_until_event("pc001 converge starts");
  twins.resume_and_compare();
}

TEST(Kill, BetweenTheForceAndItsOutcome_TheResumeFindsItDone) {
  Twins twins;
  const std::string map = read_file(twins.lab().root() / "hq/SMS/System.map");
  twins.run_until_crash("time:after:1:*/hq/SMS/System.map");
  const auto forced = modified_seconds(twins.lab().root() / "hq/SMS/System.map");
  twins.resume_and_compare();
  EXPECT_EQ(log_of(twins.lab()).count("step_started", "site/HQ", "force"), 1U);
  EXPECT_EQ(modified_seconds(twins.lab().root() / "hq/SMS/System.map"), forced);
  EXPECT_EQ(read_file(twins.lab().root() / "hq/SMS/System.map"), map);
}

TEST(Kill, DuringRestoreBeforeAFileGoesBack_TheResumePutsEverythingBack) {
  Twins twins(lab_with_bad_canary);
  twins.run_until_crash("rename:before:1:*/clients/*/[Pp]cmwin32.[Ee][Xx][Ee]");
  twins.resume_and_compare();
}

TEST(Kill, DuringRestoreBeforeThePhaseGoesBack_TheResumePutsEverythingBack) {
  Twins twins([] {
    auto lab = lab_with_bad_canary();
    // All canaries at once, and one whose component is in use: it is still flagged for its upgrade
    // when the other's failure takes it back.
    lab->edit_plan("waves: [1, rest]", "waves: [rest]\n    strict: false");
    lab->set("pc003", "in_use");
    return lab;
  });
  twins.run_until_crash("rename:before:1:*/clients/*/[Ss][Mm][Ss].[Ii][Nn][Ii]");
  twins.resume_and_compare();
}

TEST(Kill, DuringUnstage_TheResumePutsEverythingBack) {
  Twins twins(lab_with_bad_canary);
  twins.run_until_event("site HQ: unstage starts");
  twins.resume_and_compare();
}

TEST(Kill, DuringAResumeAndItsResume_TheThirdEndsWell) {
  Twins twins;
  twins.run_until_crash("spawn:after:1:*plain-batch");
  twins.resume_until_crash("sync:after:2:*journal.db*");
  twins.resume_until_event("pc002 trigger starts");
  twins.resume_and_compare();
}

}  // namespace
}  // namespace sitewide::test
