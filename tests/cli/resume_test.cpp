// Rollouts that are interrupted, halted, ordered about and rolled back by a second process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

std::unique_ptr<Program> start(const Lab& lab, std::vector<std::string> arguments) {
  arguments.emplace_back("--json");
  return std::make_unique<Program>(lab.argv(std::move(arguments)));
}

std::unique_ptr<Program> start_run(const Lab& lab) {
  return start(lab, {"run", "--yes", lab.plan()});
}

void expect_end(const Lab& lab, const Finished& end, int code) {
  EXPECT_EQ(end.exit_code, code) << end.out << end.err;
  EXPECT_THAT(survivors(lab), IsEmpty());
  EXPECT_THAT(left_temporaries(lab), IsEmpty());
  const Finished audit = lab.run({"audit", "latest"});
  EXPECT_EQ(audit.exit_code, 0) << audit.out << audit.err;
}

void expect_all(const Lab& lab, const std::string& state, std::size_t clients) {
  const auto states = log_of(lab).client_states();
  EXPECT_EQ(states.size(), clients);
  for (const auto& [client, now] : states) EXPECT_EQ(now, state) << client;
}

/// The event of this type, with who gave the order and why.
LoggedEvent ordered(const EventLog& log, const std::string& type) {
  const std::size_t at = log.find(type);
  if (at == log.events().size()) {
    ADD_FAILURE() << "no event " << type;
    return {};
  }
  return log.events()[at];
}

std::string text_in(const LoggedEvent& event, const char* key) {
  const boost::json::value* found = event.detail.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

void expect_by(const EventLog& log, const std::string& type, const std::string& reason) {
  const LoggedEvent event = ordered(log, type);
  EXPECT_EQ(text_in(event, "reason"), reason) << event.line;
  EXPECT_NE(text_in(event, "user"), "") << event.line;
  EXPECT_NE(text_in(event, "host"), "") << event.line;
}

// --- signals ---

TEST(Interrupt, OnceByCtrlC_WhatRunsFinishesAndAResumeEndsWell) {
  const auto lab = small_lab();
  lab->play();
  const auto run = start_run(*lab);
  ASSERT_TRUE(run->wait_for("pc001 trigger starts"));
  run->signal(SIGINT);
  const Finished stopped = run->finish();
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("stopping"));
  const EventLog log = log_of(*lab);
  const std::size_t stopping = log.find("controller_stopping");
  EXPECT_EQ(log.find("step_started", "", "", stopping), log.events().size());
  const std::size_t finished = log.find("step_finished", "client/pc001", "trigger");
  ASSERT_LT(finished, log.events().size()) << "the batch was not waited for";
  expect_end(*lab, run_on(*lab, {"resume", "latest"}), 0);
  EXPECT_EQ(log_of(*lab).count("step_started", "client/pc001", "trigger"), 1U);
  expect_all(*lab, "upgraded", 6);
}

TEST(Interrupt, TwiceByCtrlC_LeavesAtOnceAndTheResumeLooksWhatBecameOfIt) {
  const auto lab = small_lab();
  lab->set("pc001", "hang");
  lab->play();
  const auto run = start_run(*lab);
  ASSERT_TRUE(run->wait_for("pc001 trigger starts"));
  run->signal(SIGINT);
  ASSERT_TRUE(run->wait_for("controller_stopping"));
  run->signal(SIGINT);
  const Finished left = run->finish(std::chrono::seconds(10));
  EXPECT_EQ(left.exit_code, 130) << left.err;
  lab->clear("pc001");
  expect_end(*lab, run_on(*lab, {"resume", "latest"}), 0);
  const EventLog log = log_of(*lab);
  EXPECT_THAT(log.triggered_twice(), IsEmpty());
  expect_all(*lab, "upgraded", 6);
}

TEST(Interrupt, ByTerm_IsLikeCtrlCOnceWithItsOwnCode) {
  const auto lab = small_lab();
  lab->play();
  const auto run = start_run(*lab);
  ASSERT_TRUE(run->wait_for("site HQ: replicate starts"));
  run->signal(SIGTERM);
  EXPECT_EQ(run->finish().exit_code, 143);
  expect_end(*lab, run_on(*lab, {"resume", "latest"}), 0);
}

TEST(Interrupt, ByHangUp_IsIgnored) {
  const auto lab = small_lab();
  lab->play();
  const auto run = start_run(*lab);
  ASSERT_TRUE(run->wait_for("site HQ: stage starts"));
  run->signal(SIGHUP);
  ASSERT_TRUE(run->wait_for("pc001 trigger starts"));
  run->signal(SIGHUP);
  expect_end(*lab, run->finish(), 0);
}

// --- halted rollouts ---

/// Its canary breaks the budget and is left as it is.
std::unique_ptr<Lab> lab_that_halts() {
  auto lab = lab_with_bad_canary();
  lab->edit_plan("    method: upgrade_bat\n",
                 "    method: upgrade_bat\n    on_breach: {rollback: none}\n");
  return lab;
}

TEST(Resume, RetryFailedOnceTheCauseIsFixed_EndsOnTarget) {
  const auto lab = lab_that_halts();
  lab->play();
  ASSERT_EQ(run_on(*lab, {"run", "--yes", lab->plan()}).exit_code, 11);
  lab->clear("pc002");
  expect_end(*lab, run_on(*lab, {"resume", "latest", "--retry-failed", "--reason", "fixed"}), 0);
  expect_all(*lab, "upgraded", 6);
  expect_by(log_of(*lab), "retry_ordered", "fixed");
}

TEST(Resume, RetryFailedWhileTheCauseStands_HaltsAgain) {
  const auto lab = lab_that_halts();
  lab->play();
  ASSERT_EQ(run_on(*lab, {"run", "--yes", lab->plan()}).exit_code, 11);
  expect_end(*lab, run_on(*lab, {"resume", "latest", "--retry-failed"}), 11);
}

TEST(Resume, AcknowledgedFailure_TheRestGoesOn) {
  const auto lab = lab_that_halts();
  lab->play();
  ASSERT_EQ(run_on(*lab, {"run", "--yes", lab->plan()}).exit_code, 11);
  const Finished no_reason = run_on(*lab, {"resume", "latest", "--acknowledge", "1"});
  EXPECT_EQ(no_reason.exit_code, 4) << no_reason.err;
  lab->clear("pc002");
  const Finished end =
      run_on(*lab, {"resume", "latest", "--acknowledge", "1", "--retry-failed", "--reason", "ok"});
  expect_end(*lab, end, 0);
  expect_by(log_of(*lab), "acknowledged", "ok");
}

TEST(Resume, RetryFailedAfterASiteWideGroupWentBack_ForcesAgainAndEndsOnTarget) {
  const auto lab = small_lab(6, 2);
  lab->edit_plan("converge: {within: 30s, poll: 1s}\n    lost_after: 8s",
                 "converge: {within: 7s, poll: 1s}\n    lost_after: 4s");
  lab->set("pc003", "missing_file");
  lab->set("pc004", "missing_file");
  lab->play();
  ASSERT_EQ(run_on(*lab, {"run", "--yes", lab->plan()}).exit_code, 11);
  lab->clear("pc003");
  lab->clear("pc004");
  expect_end(*lab, run_on(*lab, {"resume", "latest", "--retry-failed"}), 0);
  expect_all(*lab, "upgraded", 6);
  EXPECT_EQ(log_of(*lab).count("step_started", "site/HQ", "force"), 2U);
}

TEST(Resume, OfARolloutThatWasRolledBack_ChangesNothingAndGivesItsCode) {
  const auto lab = lab_with_bad_canary();
  lab->play();
  ASSERT_EQ(run_on(*lab, {"run", "--yes", lab->plan()}).exit_code, 11);
  const std::size_t events = log_of(*lab).events().size();
  const Finished end = run_on(*lab, {"resume", "latest", "--retry-failed"});
  EXPECT_EQ(end.exit_code, 11);
  EXPECT_THAT(end.err, HasSubstr("rolled back"));
  EXPECT_EQ(log_of(*lab).events().size(), events);
}

// --- orders to a live controller ---

TEST(Orders, PauseAndContinue_HoldBackAndLetGoOn) {
  const auto lab = small_lab();
  lab->play();
  const auto run = start_run(*lab);
  ASSERT_TRUE(run->wait_for("canary: soaks for"));
  EXPECT_EQ(run_on(*lab, {"pause", "latest", "--reason", "lunch"}).exit_code, 0);
  ASSERT_TRUE(run->wait_for("\"type\":\"paused\""));
  EXPECT_FALSE(run->wait_for("step_started", std::chrono::seconds(3)));
  EXPECT_EQ(run_on(*lab, {"continue", "latest", "--reason", "back"}).exit_code, 0);
  expect_end(*lab, run->finish(), 0);
  expect_by(log_of(*lab), "paused", "lunch");
  expect_by(log_of(*lab), "continued", "back");
}

TEST(Orders, AbortAndDrain_LeavesWhatIsDoneAndEndsWith12) {
  const auto lab = small_lab();
  lab->play();
  const auto run = start_run(*lab);
  ASSERT_TRUE(run->wait_for("canary: soaks for"));
  EXPECT_EQ(run_on(*lab, {"abort", "latest", "--reason", "no"}).exit_code, 0);
  expect_end(*lab, run->finish(), 12);
  const EventLog log = log_of(*lab);
  expect_by(log, "aborted", "no");
  EXPECT_EQ(log.client_states().at("client/pc001"), "upgraded");
  EXPECT_FALSE(log.has("step_started", "", "restore"));
  EXPECT_EQ(run_on(*lab, {"resume", "latest"}).exit_code, 12);
}

TEST(Orders, AbortAndRollBack_PutsEverythingBack) {
  const auto lab = small_lab();
  const Before before(*lab);
  lab->play();
  const auto run = start_run(*lab);
  ASSERT_TRUE(run->wait_for("canary: soaks for"));
  const Finished order =
      run_on(*lab, {"abort", "latest", "--policy", "rollback", "--reason", "no"});
  EXPECT_EQ(order.exit_code, 0) << order.err;
  expect_end(*lab, run->finish(), 12);
  EXPECT_EQ(log_of(*lab).client_states().at("client/pc001"), "restored");
  EXPECT_THAT(before.stays_changed(), IsEmpty());
}

TEST(Orders, Approve_LetsTheGroupStart) {
  const auto lab = small_lab();
  lab->edit_plan("    reaches: site\n", "    reaches: site\n    before: [{approval: board}]\n");
  lab->play();
  const auto run = start_run(*lab);
  const Finished unknown = run_on(*lab, {"approve", "latest", "head-office", "bord"});
  EXPECT_NE(unknown.exit_code, 0) << unknown.out;
  ASSERT_TRUE(run->wait_for("canary: passes"));
  EXPECT_FALSE(run->wait_for("pc004 inspect starts", std::chrono::seconds(2)));
  const Finished order =
      run_on(*lab, {"approve", "latest", "head-office", "board", "--reason", "CHG 12"});
  EXPECT_EQ(order.exit_code, 0) << order.err;
  expect_end(*lab, run->finish(), 0);
  expect_by(log_of(*lab), "approved", "CHG 12");
}

TEST(Orders, SkipAGroupAndAClient_TheyAreLeftAlone) {
  const auto lab = small_lab();
  const Before before(*lab);
  lab->play();
  const auto run = start_run(*lab);
  ASSERT_TRUE(run->wait_for("canary: soaks for"));
  const Finished early = run_on(*lab, {"skip", "latest", "pc003", "--reason", "on loan"});
  EXPECT_EQ(early.exit_code, 4) << "the force of head-office is still to come";
  EXPECT_THAT(early.err, HasSubstr("force_over"));
  const Finished group = run_on(*lab, {"skip", "latest", "head-office", "--reason", "later"});
  EXPECT_EQ(group.exit_code, 0) << group.err;
  const Finished client = run_on(*lab, {"skip", "latest", "pc003", "--reason", "on loan"});
  EXPECT_EQ(client.exit_code, 0) << client.err;
  expect_end(*lab, run->finish(), 0);
  const EventLog log = log_of(*lab);
  expect_by(log, "skipped", "later");
  EXPECT_EQ(log.count("skipped"), 2U);
  EXPECT_FALSE(log.has("step_started", "client/pc003"));
  for (const char* untouched : {"pc003", "pc004", "pc005", "pc006"})
    EXPECT_THAT(before.stays_changed(std::string("clients/") + untouched), IsEmpty());
}

TEST(Orders, SecondController_IsRefusedAndNamesTheFirst) {
  const auto lab = small_lab();
  lab->play();
  const auto run = start_run(*lab);
  ASSERT_TRUE(run->wait_for("site HQ: stage starts"));
  const Finished resume = run_on(*lab, {"resume", "latest"});
  EXPECT_EQ(resume.exit_code, 6);
  EXPECT_THAT(resume.err, HasSubstr(std::to_string(run->pid())));
  const Finished second = run_on(*lab, {"run", "--yes", lab->plan()});
  EXPECT_EQ(second.exit_code, 6);
  EXPECT_THAT(second.err, HasSubstr("q237690-1"));
  expect_end(*lab, run->finish(), 0);
}

// --- rollback of what has ended ---

TEST(Rollback, OfACompletedRollout_RestoresAll) {
  const auto lab = small_lab();
  const Before before(*lab);
  lab->play();
  ASSERT_EQ(run_on(*lab, {"run", "--yes", lab->plan()}).exit_code, 0);
  const Finished preview = run_on(*lab, {"rollback", "latest", "--preview"});
  EXPECT_EQ(preview.exit_code, 0) << preview.err;
  EXPECT_THAT(preview.out, HasSubstr("6 clients"));
  expect_end(*lab, run_on(*lab, {"rollback", "latest", "--yes", "--reason", "recalled"}), 0);
  expect_all(*lab, "restored", 6);
  EXPECT_THAT(before.stays_changed(), IsEmpty());
  expect_by(log_of(*lab), "rollback_started", "recalled");
}

// What goes on after a rollback of a part is for the operator to say: the rollout is halted.
TEST(Rollback, OfAGroup_LeavesTheOthers) {
  const auto lab = small_lab();
  lab->play();
  ASSERT_EQ(run_on(*lab, {"run", "--yes", lab->plan()}).exit_code, 0);
  const Finished end = run_on(*lab, {"rollback", "latest", "--group", "canary", "--yes"});
  EXPECT_EQ(end.exit_code, 11) << end.out << end.err;
  for (const auto& [client, state] : log_of(*lab).client_states())
    EXPECT_EQ(state, client < "client/pc004" ? "restored" : "upgraded") << client;
  EXPECT_FALSE(log_of(*lab).has("step_started", "site/HQ", "unstage"));
}

TEST(Rollback, OfAStagedSiteWhereNobodyWasTriggered_PutsItsFilesBack) {
  const auto lab = small_lab();  // nobody plays: it waits for its logon servers
  const Before before(*lab);
  const auto run = start_run(*lab);
  ASSERT_TRUE(run->wait_for("site HQ: replicate starts"));
  EXPECT_EQ(run_on(*lab, {"abort", "latest", "--reason", "no"}).exit_code, 0);
  EXPECT_EQ(run->finish().exit_code, 12);
  EXPECT_THAT(before.changed("hq/"), Not(IsEmpty()));
  const Finished prune = run_on(*lab, {"prune", "--older-than", "0s", "--yes"});
  EXPECT_THAT(prune.out, HasSubstr("it could still be rolled back"));
  lab->play();
  expect_end(*lab, run_on(*lab, {"rollback", "latest", "--yes"}), 0);
  EXPECT_THAT(before.stays_changed(), IsEmpty());
}

TEST(Rollback, OfAClient_LeavesTheOthers) {
  const auto lab = small_lab();
  const Before before(*lab);
  lab->play();
  ASSERT_EQ(run_on(*lab, {"run", "--yes", lab->plan()}).exit_code, 0);
  const Finished end = run_on(*lab, {"rollback", "latest", "--client", "pc002", "--yes"});
  EXPECT_EQ(end.exit_code, 11) << end.out << end.err;
  for (const auto& [client, state] : log_of(*lab).client_states())
    EXPECT_EQ(state, client == "client/pc002" ? "restored" : "upgraded") << client;
  EXPECT_THAT(before.stays_changed("clients/pc002/"), IsEmpty());
}

}  // namespace
}  // namespace sitewide::test
